// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lib/delivery/hook_process.h"
#include "lib/delivery/sink.h"
#include "lib/event/environment.h"
#include "lib/event/json.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<seconds, 4> kRetryDelays = {seconds{1}, seconds{5}, seconds{30}, seconds{60}};
constexpr int kLoggedLines = 20;         // of what a run prints
constexpr milliseconds kBusyDelay{100};  // for ETXTBSY: somebody is just installing the program

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
  Attempt judge(const Event& event, unsigned number, const HookRun& run);

  const SinkConfig config_;
  Log& log_;
};

Attempt ExecSink::attempt(const Event& event, unsigned number, const Stop& stop) {
  std::vector<std::string> environment = event_environment(event, number);
  environment.emplace_back("PATH=/usr/bin:/bin");
  environment.emplace_back("LANG=C.UTF-8");
  const HookRun run = run_hook(config_.program, environment, to_json(event) + "\n",
                               seconds(config_.timeout_seconds), stop);
  log_output(event, run);
  return judge(event, number, run);
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

Attempt ExecSink::judge(const Event& event, unsigned number, const HookRun& run) {
  const std::size_t step = std::min<std::size_t>(number - 1, kRetryDelays.size() - 1);
  const Attempt retry{Attempt::Outcome::kRetry, kRetryDelays[step]};
  const std::string again = "; again in " + std::to_string(kRetryDelays[step].count()) + " s";
  switch (run.end) {
    case HookRun::End::kInterrupted:
      log_.write(LogLevel::kNotice, log_id::kHookInterrupted,
                 about(event) + " was ended with the dispatcher or for a new configuration; the " +
                     "event comes again");
      return {Attempt::Outcome::kInterrupted, milliseconds{0}};
    case HookRun::End::kNotStarted:
      if (run.error == ETXTBSY) return {Attempt::Outcome::kRetry, kBusyDelay};
      log_.write(LogLevel::kError, log_id::kHookFailed,
                 about(event) + " could not be started: " + std::strerror(run.error) +
                     hint_for(run.error) + again);
      return retry;
    case HookRun::End::kTimedOut:
      log_.write(LogLevel::kError, log_id::kHookTimedOut,
                 about(event) + " was ended after " + std::to_string(config_.timeout_seconds) +
                     " s" + again);
      return retry;
    case HookRun::End::kExited:
      break;
  }
  const bool exited = WIFEXITED(run.wait_status);
  const int code = exited ? WEXITSTATUS(run.wait_status) : WTERMSIG(run.wait_status);
  if (exited && code == 0) return {};
  const std::string last = last_line(run.output);
  const std::string words = last.empty() ? "" : ", saying '" + escaped(last) + "'";
  const std::string how =
      (exited ? " exited with " : " died of signal ") + std::to_string(code) + words;
  if (exited && is_refusal(code)) {
    log_.write(LogLevel::kError, log_id::kHookRefused,
               about(event) + how + ": refused for good, not tried again");
    return {Attempt::Outcome::kRefused, milliseconds{0}};
  }
  log_.write(LogLevel::kWarning, log_id::kHookFailed, about(event) + how + again);
  return retry;
}

}  // namespace

std::unique_ptr<Sink> make_exec_sink(const SinkConfig& config, Log& log) {
  return std::make_unique<ExecSink>(config, log);
}

}  // namespace plivo_dial
