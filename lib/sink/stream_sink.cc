// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <utility>

#include "lib/sink/exec_attempt.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/stream_program.h"

namespace plivo_dial {
namespace {

using Answer = StreamProgram::Answer;
using Clock = Stop::Clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kFirstPause{1000};
constexpr milliseconds kLastPause{60'000};
constexpr int kLoggedLines = 100;  // of standard error, in kLoggedTime
constexpr seconds kLoggedTime{60};

// An event that the program had is failed when it does not confirm it, and comes again by the
// schedule. As long as the program does not start or is not ready, no event has to do with it:
// all wait.
class StreamSink : public Sink {
 public:
  StreamSink(const SinkConfig& config, Log& log) : config_(config), log_(log) {}
  ~StreamSink() override {
    if (program_) program_->end(StreamProgram::kPatienceAtEnd);
  }

  Attempt attempt(const SinkEvent& event, const Stop& stop) override;
  void look_after(const Stop& stop) override;

 private:
  bool is_ready(const Stop& stop, Attempt* why_not);
  void start(const Stop& stop, Attempt* why_not);
  void lose_program();
  Attempt wait_after(const std::string& reason);
  Attempt interrupted(const std::string& reason);
  void log_error_line(std::string_view line);
  void write(LogLevel level, std::string_view id, const std::string& text) const {
    log_.write(level, id, "sink " + config_.name + ": " + text);
  }

  const SinkConfig config_;
  Log& log_;
  std::unique_ptr<StreamProgram> program_;  // null: to be started
  milliseconds pause_ = kFirstPause;        // before the start after the next failure
  Clock::time_point next_start_{};
  std::string complaint_;  // the last one of a program that is not ready
  bool complained_of_limits_ = false;
  int lines_ = 0;  // logged since lines_since_
  Clock::time_point lines_since_{};
};

Attempt StreamSink::attempt(const SinkEvent& event, const Stop& stop) {
  Attempt attempt;
  if (!is_ready(stop, &attempt)) return attempt;
  const Answer answer = program_->hand_over(event.line() + "\n", stop);
  if (answer.kind == Answer::Kind::kOk) {
    pause_ = kFirstPause;
    return attempt;
  }
  lose_program();
  if (answer.kind == Answer::Kind::kInterrupted) return interrupted(answer.reason);
  const bool silent = answer.kind == Answer::Kind::kSilent;
  attempt.outcome = Attempt::Outcome::kFailed;
  attempt.level = silent ? LogLevel::kError : LogLevel::kWarning;
  attempt.log_id = silent ? log_id::kHookTimedOut : log_id::kHookFailed;
  attempt.reason = answer.reason;
  return attempt;
}

void StreamSink::look_after(const Stop& /*stop*/) {
  if (!program_) return;
  const Answer answer = program_->look_after();
  if (answer.kind == Answer::Kind::kOk) return;
  lose_program();
  write(LogLevel::kWarning, log_id::kStreamEnded,
        answer.reason + ", with no event in hand; it is started again for the next one");
}

bool StreamSink::is_ready(const Stop& stop, Attempt* why_not) {
  look_after(stop);
  if (program_) return true;
  const Clock::time_point now = Clock::now();
  if (now < next_start_) {
    why_not->outcome = Attempt::Outcome::kWait;
    why_not->delay = std::chrono::ceil<milliseconds>(next_start_ - now);
    return false;
  }
  start(stop, why_not);
  return program_ != nullptr;
}

void StreamSink::start(const Stop& stop, Attempt* why_not) {
  program_ = std::make_unique<StreamProgram>(
      config_, [this](std::string_view line) { log_error_line(line); });
  if (const int error = program_->start_error(); error != 0) {
    lose_program();
    *why_not = wait_after(not_started_reason(config_, error));
    return;
  }
  if (program_->limits_error() != 0 && !std::exchange(complained_of_limits_, true)) {
    write(LogLevel::kWarning, log_id::kHookLimits,
          "'" + config_.program[0] + "' runs without a limit that could not be set: " +
              std::strerror(program_->limits_error()));
  }
  const Answer answer = program_->wait_until_ready(stop);
  if (answer.kind == Answer::Kind::kOk) {
    if (!std::exchange(complaint_, "").empty()) {
      write(LogLevel::kNotice, log_id::kStreamBack, "'" + config_.program[0] + "' is ready");
    }
    return;
  }
  lose_program();
  *why_not = answer.kind == Answer::Kind::kInterrupted ? interrupted(answer.reason)
                                                       : wait_after(answer.reason);
}

void StreamSink::lose_program() {
  program_.reset();
  next_start_ = Clock::now() + pause_;
  pause_ = std::min(kLastPause, pause_ * 2);
}

Attempt StreamSink::wait_after(const std::string& reason) {
  if (std::exchange(complaint_, reason) != reason) {
    write(LogLevel::kError, log_id::kStreamNotReady,
          reason + "; events wait, and it is started again every 1 to 60 s");
  }
  Attempt attempt;
  attempt.outcome = Attempt::Outcome::kWait;
  attempt.delay = std::chrono::ceil<milliseconds>(next_start_ - Clock::now());
  return attempt;
}

Attempt StreamSink::interrupted(const std::string& reason) {
  write(LogLevel::kNotice, log_id::kHookInterrupted,
        reason + ", with the dispatcher or for a new configuration; the event comes again");
  Attempt attempt;
  attempt.outcome = Attempt::Outcome::kInterrupted;
  return attempt;
}

void StreamSink::log_error_line(std::string_view line) {
  const Clock::time_point now = Clock::now();
  if (now - lines_since_ >= kLoggedTime) {
    lines_since_ = now;
    lines_ = 0;
  }
  if (lines_ > kLoggedLines) return;
  const bool full = lines_++ == kLoggedLines;
  write(LogLevel::kInfo, log_id::kHookOutput,
        "'" + config_.program[0] +
            (full ? "' says more, left out for a minute" : "' says: " + escaped(line)));
}

}  // namespace

std::unique_ptr<Sink> make_stream_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<StreamSink>(config, log);
}

}  // namespace plivo_dial
