// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/exec_attempt.h"

#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include "lib/event/environment.h"
#include "lib/log/log.h"
#include "lib/sink/lost_privileges.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kBusyDelay{100};  // for ETXTBSY: somebody is just installing the program
constexpr int kBusyTries = 5;
constexpr milliseconds kShortageDelay{1000};

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

// Behind a reason, in brackets.
std::string hint_at(const HookRun& run) {
  const std::string_view hint = hint_at_lost_privileges(run.output);
  return hint.empty() ? "" : " (" + std::string(hint) + ")";
}

Attempt judge_exit(const SinkConfig& sink, const HookRun& run) {
  Attempt attempt;
  const bool exited = WIFEXITED(run.wait_status);
  const int code = exited ? WEXITSTATUS(run.wait_status) : WTERMSIG(run.wait_status);
  if (exited && code == 0) return attempt;
  const std::string last = last_line(run.output);
  attempt.reason = "'" + sink.program[0] + "'" + (exited ? " exited with " : " died of signal ") +
                   std::to_string(code) + (last.empty() ? "" : ", saying '" + escaped(last) + "'") +
                   hint_at(run);
  const bool refused = exited && is_refusal(code);
  attempt.outcome = refused ? Attempt::Outcome::kRefused : Attempt::Outcome::kFailed;
  attempt.log_id = refused ? log_id::kHookRefused : log_id::kHookFailed;
  attempt.level = refused ? LogLevel::kError : LogLevel::kWarning;
  return attempt;
}

}  // namespace

HookRun run_exec_hook(const SinkConfig& sink, const SinkEvent& event, const Stop& stop) {
  std::vector<std::string> environment = event_environment(event.fields());
  environment.emplace_back("PATH=/usr/bin:/bin");
  environment.emplace_back("LANG=C.UTF-8");
  const std::string input = event.line() + "\n";
  const seconds timeout(sink.timeout_seconds);
  HookRun run = run_hook(sink.program, environment, input, timeout, stop);
  for (int tries = 1; run.error == ETXTBSY && tries < kBusyTries; ++tries) {
    if (!stop.sleep_for(kBusyDelay)) break;
    run = run_hook(sink.program, environment, input, timeout, stop);
  }
  return run;
}

Attempt judge_exec_run(const SinkConfig& sink, const HookRun& run) {
  Attempt attempt;
  switch (run.end) {
    case HookRun::End::kExited:
      return judge_exit(sink, run);
    case HookRun::End::kInterrupted:
      attempt.outcome = Attempt::Outcome::kInterrupted;
      attempt.reason = "'" + sink.program[0] + "' was ended before it had finished";
      return attempt;
    case HookRun::End::kTimedOut:
      attempt.outcome = Attempt::Outcome::kFailed;
      attempt.log_id = log_id::kHookTimedOut;
      attempt.reason = "'" + sink.program[0] + "' was ended after " +
                       std::to_string(sink.timeout_seconds) + " s" + hint_at(run);
      return attempt;
    case HookRun::End::kNotStarted:
      break;
  }
  const bool shortage = is_shortage(run.error);
  attempt.outcome = shortage ? Attempt::Outcome::kWait : Attempt::Outcome::kFailed;
  if (shortage) attempt.delay = kShortageDelay;
  attempt.log_id = shortage ? log_id::kHookWaits : log_id::kHookFailed;
  attempt.reason = not_started_reason(sink, run.error);
  return attempt;
}

bool is_shortage(int error) {
  return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
}

std::string not_started_reason(const SinkConfig& sink, int error) {
  std::string reason = "'" + sink.program[0] + "' could not be started: " + std::strerror(error);
  // What exec says of a script with a wrong first line misleads.
  if (error == ENOENT || error == ENOEXEC) {
    reason +=
        " (a script must begin with a line such as #!/bin/sh, which ends without a carriage "
        "return)";
  }
  return reason;
}

}  // namespace plivo_dial
