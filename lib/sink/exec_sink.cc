// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <utility>

#include "lib/sink/exec_attempt.h"
#include "lib/sink/make_sink.h"

namespace plivo_dial {
namespace {

constexpr int kLoggedLinesOfRun = 20;  // of what a run prints

class ExecSink : public Sink {
 public:
  ExecSink(const SinkConfig& config, Log& log) : config_(config), log_(log) {}

  Attempt attempt(const SinkEvent& event, const Stop& stop) override;
  bool records_each() const override { return true; }

 private:
  std::string about(const SinkEvent& event) const;
  void log_output(const SinkEvent& event, const HookRun& run);
  void log_trouble(const SinkEvent& event, const Attempt& attempt);

  const SinkConfig config_;
  Log& log_;
  bool complained_ = false;  // of a shortage
  bool complained_of_limits_ = false;
};

Attempt ExecSink::attempt(const SinkEvent& event, const Stop& stop) {
  const HookRun run = run_exec_hook(config_, event, stop);
  log_output(event, run);
  if (run.limits_error != 0 && !std::exchange(complained_of_limits_, true)) {
    log_.write(LogLevel::kWarning, log_id::kHookLimits,
               about(event) + " runs without a limit that could not be set: " +
                   std::strerror(run.limits_error));
  }
  Attempt attempt = judge_exec_run(config_, run);
  log_trouble(event, attempt);
  return attempt;
}

std::string ExecSink::about(const SinkEvent& event) const {
  return "sink " + config_.name + ": '" + config_.program[0] + "' for event " + escaped(event.id());
}

void ExecSink::log_output(const SinkEvent& event, const HookRun& run) {
  std::string_view rest = run.output;
  for (int lines = 0; !rest.empty(); ++lines) {
    if (lines == kLoggedLinesOfRun) {
      log_.write(LogLevel::kInfo, log_id::kHookOutput, about(event) + " says more, left out here");
      break;
    }
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (!line.empty()) {
      log_.write(LogLevel::kInfo, log_id::kHookOutput, about(event) + " says: " + escaped(line));
    }
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
}

// What the schedule does not log, since it is no failure of the event.
void ExecSink::log_trouble(const SinkEvent& event, const Attempt& attempt) {
  if (attempt.outcome == Attempt::Outcome::kInterrupted) {
    log_.write(LogLevel::kNotice, log_id::kHookInterrupted,
               about(event) + " was ended with the dispatcher or for a new configuration; the " +
                   "event comes again");
    return;
  }
  const bool waits = attempt.outcome == Attempt::Outcome::kWait;
  if (waits && !complained_) {
    log_.write(LogLevel::kError, attempt.log_id,
               "sink " + config_.name + ": " + attempt.reason +
                   "; events wait until this system starts programs again");
  }
  complained_ = waits;
}

}  // namespace

std::unique_ptr<Sink> make_exec_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<ExecSink>(config, log);
}

}  // namespace plivo_dial
