// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/hook_trial.h"

#include <sys/wait.h>

#include <utility>

#include "lib/delivery/exec_attempt.h"

namespace plivo_dial {

HookTrial try_hook(const SinkConfig& sink, const Event& event, const Stop& stop) {
  HookTrial trial;
  HookRun run = run_exec_hook(sink, event, 1, stop);
  trial.judged = judge_exec_run(sink, run);
  trial.output = std::move(run.output);
  if (run.end != HookRun::End::kExited) return trial;
  if (WIFEXITED(run.wait_status)) trial.exit_code = WEXITSTATUS(run.wait_status);
  if (WIFSIGNALED(run.wait_status)) trial.signal = WTERMSIG(run.wait_status);
  return trial;
}

}  // namespace plivo_dial
