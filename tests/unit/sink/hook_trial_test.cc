// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/hook_trial.h"

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

// The words of the programs themselves, in an environment without new privileges.
TEST_F(HookTrialTest, SaysThatSetUidProgramsDoNotWork) {
  const char* const kWords[] = {
      "postdrop: warning: mail_queue_enter: create file maildrop/6364.2190: Permission denied",
      "sudo: The \"no new privileges\" flag is set, which prevents sudo from running as root.",
      "sudo: effective uid is not 0, is /usr/bin/sudo on a file system with nosuid set?",
      "exim: could not open main log file /var/log/exim4/mainlog: Permission denied",
      "su: cannot set groups: Operation not permitted",
      "doas: not installed setuid",
  };
  for (const char* words : kWords) {
    const std::string say = std::string("echo begun; cat >&2 <<'END'\n") + words + "\nEND\n";
    EXPECT_THAT(try_script(say + "exit 75").judged.reason,
                HasSubstr("(set-uid and set-gid programs do not work in hooks"))
        << words;
    EXPECT_THAT(try_script(say + "sleep 1000", 1).judged.reason,
                HasSubstr("was ended after 1 s (set-uid and set-gid programs do not work"))
        << words;
  }
  for (const char* words : {"cannot open /var/lib/calls.db: Permission denied",
                            "curl: (7) Failed to connect to mail.example.com port 25"}) {
    EXPECT_THAT(try_script(std::string("echo '") + words + "'; exit 1").judged.reason,
                testing::Not(HasSubstr("set-uid")))
        << words;
  }
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
