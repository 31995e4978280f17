// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/hook_trial.h"

#include <gmock/gmock.h>

#include <csignal>

#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using Outcome = Attempt::Outcome;

class HookTrialTest : public DeliveryTest {
 protected:
  HookTrial try_script(const std::string& body, int timeout = 30, SinkKind kind = SinkKind::kExec) {
    SinkConfig sink;
    sink.name = "crm";
    sink.kind = kind;
    sink.program = {write_hook("hook", body), "--mode=fast"};
    sink.timeout_seconds = timeout;
    return try_hook(sink, event_of(7), stop_);
  }

  Stop stop_;
};

TEST_F(HookTrialTest, ShowsWhatTheProgramGotAndSaid) {
  const HookTrial trial = try_script("echo \"$1 $PLIVO_EVENT_ID $PLIVO_ATTEMPT\"; cat; exit 0");
  EXPECT_EQ(trial.output, "--mode=fast " + id_of(7) + " 1\n" + to_json(event_of(7)) + "\n");
  EXPECT_EQ(trial.exit_code, 0);
  EXPECT_EQ(trial.signal, std::nullopt);
  EXPECT_EQ(trial.judged.outcome, Outcome::kDone);
  EXPECT_EQ(trial.judged.reason, "");
}

TEST_F(HookTrialTest, TellsWhatTheDispatcherWouldMakeOfIt) {
  HookTrial trial = try_script("echo no database >&2; exit 75");
  EXPECT_EQ(trial.exit_code, 75);
  EXPECT_EQ(trial.judged.outcome, Outcome::kFailed);
  EXPECT_THAT(trial.judged.reason, HasSubstr("exited with 75, saying 'no database'"));

  trial = try_script("exit 65");
  EXPECT_EQ(trial.judged.outcome, Outcome::kRefused);

  trial = try_script("kill -KILL $$");
  EXPECT_EQ(trial.exit_code, std::nullopt);
  EXPECT_EQ(trial.signal, SIGKILL);
  EXPECT_EQ(trial.judged.outcome, Outcome::kFailed);

  trial = try_script("echo began; sleep 1000", 1);
  EXPECT_EQ(trial.exit_code, std::nullopt);
  EXPECT_EQ(trial.signal, std::nullopt);
  EXPECT_EQ(trial.output, "began\n");
  EXPECT_THAT(trial.judged.reason, HasSubstr("was ended after 1 s"));
}

TEST_F(HookTrialTest, TalksWithAStreamProgram) {
  const auto try_stream = [this](const std::string& body) {
    return try_script(body, 1, SinkKind::kStream);
  };
  HookTrial trial = try_stream("echo OK; read -r line; echo \"$1\" >&2; echo OK; read -r line");
  EXPECT_EQ(trial.judged.outcome, Outcome::kDone) << trial.judged.reason;
  EXPECT_EQ(trial.output, "--mode=fast\n");

  trial = try_stream("echo OK; read -r line; echo 'no database'");
  EXPECT_EQ(trial.judged.outcome, Outcome::kFailed);
  EXPECT_THAT(trial.judged.reason, HasSubstr("answered 'no database'"));

  trial = try_stream("echo sorry >&2; exit 3");
  EXPECT_EQ(trial.judged.outcome, Outcome::kWait);
  EXPECT_THAT(trial.judged.reason, HasSubstr("exited with 3 before it was ready"));
  EXPECT_EQ(trial.output, "sorry\n");
}

TEST_F(HookTrialTest, NamesWhyAProgramDoesNotStart) {
  SinkConfig sink;
  sink.kind = SinkKind::kExec;
  sink.program = {directory_ + "/none"};
  const HookTrial trial = try_hook(sink, event_of(1), stop_);
  EXPECT_EQ(trial.exit_code, std::nullopt);
  EXPECT_EQ(trial.judged.outcome, Outcome::kFailed);
  EXPECT_THAT(trial.judged.reason, HasSubstr("none' could not be started: No such file"));
}

}  // namespace
}  // namespace plivo_dial
