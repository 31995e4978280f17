// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/hook_trial.h"

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "lib/sink/exec_attempt.h"
#include "lib/sink/stream_program.h"

namespace plivo_dial {
namespace {

using AnswerKind = StreamProgram::Answer::Kind;

Attempt judge_answer(const StreamProgram::Answer& answer, Attempt::Outcome otherwise) {
  Attempt attempt;
  attempt.reason = answer.reason;
  if (answer.kind == AnswerKind::kOk) return attempt;
  attempt.outcome =
      answer.kind == AnswerKind::kInterrupted ? Attempt::Outcome::kInterrupted : otherwise;
  return attempt;
}

HookTrial try_stream(const SinkConfig& sink, const SinkEvent& event, const Stop& stop) {
  HookTrial trial;
  StreamProgram program(sink, [&trial](std::string_view line) {
    const std::size_t room = kMaxHookOutput - trial.output.size();
    trial.output.append(std::string(line) + "\n", 0, std::min(room, line.size() + 1));
  });
  if (program.start_error() != 0) {
    trial.judged.outcome = Attempt::Outcome::kWait;
    trial.judged.reason = not_started_reason(sink, program.start_error());
    return trial;
  }
  trial.judged = judge_answer(program.wait_until_ready(stop), Attempt::Outcome::kWait);
  if (trial.judged.outcome != Attempt::Outcome::kDone) return trial;
  const StreamProgram::Answer answer = program.hand_over(event.line() + "\n", stop);
  trial.judged = judge_answer(answer, Attempt::Outcome::kFailed);
  if (answer.kind == AnswerKind::kOk) program.end(StreamProgram::kPatienceAtEnd);
  return trial;
}

}  // namespace

HookTrial try_hook(const SinkConfig& sink, const SinkEvent& event, const Stop& stop) {
  if (sink.kind == SinkKind::kStream) return try_stream(sink, event, stop);
  HookTrial trial;
  HookRun run = run_exec_hook(sink, event, stop);
  trial.judged = judge_exec_run(sink, run);
  trial.output = std::move(run.output);
  if (run.end != HookRun::End::kExited) return trial;
  if (WIFEXITED(run.wait_status)) trial.exit_code = WEXITSTATUS(run.wait_status);
  if (WIFSIGNALED(run.wait_status)) trial.signal = WTERMSIG(run.wait_status);
  return trial;
}

}  // namespace plivo_dial
