// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "lib/delivery/hook_process.h"
#include "lib/delivery/sink.h"
#include "lib/event/environment.h"
#include "lib/event/json.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kLoggedLines = 20;         // of what a run prints
constexpr milliseconds kBusyDelay{100};  // for ETXTBSY: somebody is just installing the program
constexpr int kBusyTries = 5;
constexpr milliseconds kShortageDelay{1000};

// What keeps every program from starting, and no event has to do with.
bool is_shortage(int error) {
  return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
}

// sysexits.h's EX_DATAERR and qmail's permanent failure: this event will never be taken.
bool is_refusal(int exit_code) {
  return exit_code == 65 || exit_code == 100;
}

// The last line that is not empty, at most 200 bytes of it.
std::string last_line(std::string_view output) {
  while (output.ends_with('\n')) output.remove_suffix(1);
  const std::size_t line = output.rfind('\n');
  if (line != std::string_view::npos) output.remove_prefix(line + 1);
  return std::string(output.substr(0, 200));
}

// What exec says of a script with a wrong first line misleads.
std::string hint_for(int error) {
  if (error != ENOENT && error != ENOEXEC) return "";
  return " (a script must begin with a line such as #!/bin/sh, which ends without a carriage "
         "return)";
}

class ExecSink : public Sink {
 public:
  ExecSink(const SinkConfig& config, Log& log) : config_(config), log_(log) {}

  Attempt attempt(const Event& event, unsigned number, const Stop& stop) override;
  bool records_each() const override { return true; }

 private:
  std::string about(const Event& event) const;
  void log_output(const Event& event, const HookRun& run);
  Attempt judge(const Event& event, const HookRun& run);
  Attempt judge_not_started(int error);
  Attempt judge_exit(const HookRun& run) const;

  const SinkConfig config_;
  Log& log_;
  bool complained_ = false;  // of a shortage
};

Attempt ExecSink::attempt(const Event& event, unsigned number, const Stop& stop) {
  std::vector<std::string> environment = event_environment(event, number);
  environment.emplace_back("PATH=/usr/bin:/bin");
  environment.emplace_back("LANG=C.UTF-8");
  const std::string input = to_json(event) + "\n";
  const seconds timeout(config_.timeout_seconds);
  HookRun run = run_hook(config_.program, environment, input, timeout, stop);
  for (int tries = 1; run.error == ETXTBSY && tries < kBusyTries; ++tries) {
    if (!stop.sleep_for(kBusyDelay)) break;
    run = run_hook(config_.program, environment, input, timeout, stop);
  }
  log_output(event, run);
  return judge(event, run);
}

std::string ExecSink::about(const Event& event) const {
  return "sink " + config_.name + ": '" + config_.program[0] + "' for event " + escaped(event.id);
}

void ExecSink::log_output(const Event& event, const HookRun& run) {
  std::string_view rest = run.output;
  for (int lines = 0; !rest.empty(); ++lines) {
    if (lines == kLoggedLines) {
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

Attempt ExecSink::judge(const Event& event, const HookRun& run) {
  Attempt attempt;
  switch (run.end) {
    case HookRun::End::kInterrupted:
      log_.write(LogLevel::kNotice, log_id::kHookInterrupted,
                 about(event) + " was ended with the dispatcher or for a new configuration; the " +
                     "event comes again");
      attempt.outcome = Attempt::Outcome::kInterrupted;
      return attempt;
    case HookRun::End::kNotStarted:
      return judge_not_started(run.error);
    case HookRun::End::kTimedOut:
      attempt.outcome = Attempt::Outcome::kFailed;
      attempt.log_id = log_id::kHookTimedOut;
      attempt.reason = "'" + config_.program[0] + "' was ended after " +
                       std::to_string(config_.timeout_seconds) + " s";
      break;
    case HookRun::End::kExited:
      attempt = judge_exit(run);
      break;
  }
  complained_ = false;
  return attempt;
}

Attempt ExecSink::judge_not_started(int error) {
  Attempt attempt;
  const std::string reason =
      "'" + config_.program[0] + "' could not be started: " + std::strerror(error);
  if (!is_shortage(error)) {
    attempt.outcome = Attempt::Outcome::kFailed;
    attempt.log_id = log_id::kHookFailed;
    attempt.reason = reason + hint_for(error);
    return attempt;
  }
  if (!std::exchange(complained_, true)) {
    log_.write(LogLevel::kError, log_id::kHookWaits,
               "sink " + config_.name + ": " + reason +
                   "; events wait until this system starts programs again");
  }
  attempt.outcome = Attempt::Outcome::kWait;
  attempt.delay = kShortageDelay;
  return attempt;
}

Attempt ExecSink::judge_exit(const HookRun& run) const {
  Attempt attempt;
  const bool exited = WIFEXITED(run.wait_status);
  const int code = exited ? WEXITSTATUS(run.wait_status) : WTERMSIG(run.wait_status);
  if (exited && code == 0) return attempt;
  const std::string last = last_line(run.output);
  attempt.reason = "'" + config_.program[0] + "'" +
                   (exited ? " exited with " : " died of signal ") + std::to_string(code) +
                   (last.empty() ? "" : ", saying '" + escaped(last) + "'");
  const bool refused = exited && is_refusal(code);
  attempt.outcome = refused ? Attempt::Outcome::kRefused : Attempt::Outcome::kFailed;
  attempt.log_id = refused ? log_id::kHookRefused : log_id::kHookFailed;
  attempt.level = refused ? LogLevel::kError : LogLevel::kWarning;
  return attempt;
}

}  // namespace

std::unique_ptr<Sink> make_exec_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<ExecSink>(config, log);
}

}  // namespace plivo_dial
