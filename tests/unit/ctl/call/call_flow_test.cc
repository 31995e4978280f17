// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CallFlow, DocumentThatRunsOutEndsTheCall) {
  FakeServer server;
  server.document("/answer", "<Speak>one two three</Speak><Wait length=\"2\"/><Wait/>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_TRUE(is_good(record));
  EXPECT_EQ(record.end.code, 4010);
  EXPECT_EQ(record.ended, 4200);
  EXPECT_EQ(record.answered, 0);
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "Duration"), "4");
}

TEST(CallFlow, WaitAndHangupDoNotAnswer) {
  FakeServer server;
  server.document("/answer", "<Wait length=\"3\"/><Hangup reason=\"busy\"/><Speak>x</Speak>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_EQ(record.answered, std::nullopt);
  EXPECT_EQ(server.parameter(1, "HangupCause"), "USER_BUSY");
  EXPECT_EQ(server.parameter(1, "HangupCauseCode"), "3010");
  EXPECT_EQ(server.parameter(1, "HangupSource"), "Answer XML");
  EXPECT_EQ(server.parameter(1, "AnswerTime"), "(absent)");
  EXPECT_THAT(notices(record, Severity::kNote), ElementsAre("never reached: Speak"));
}

TEST(CallFlow, HangupReasons) {
  struct Case {
    std::string_view attribute;
    std::string_view cause;
    std::string_view code;
  };
  for (const Case& entry :
       {Case{"", "NORMAL_CLEARING", "4000"}, Case{" reason=\"rejected\"", "CALL_REJECTED", "3020"},
        Case{" reason=\"busy\"", "USER_BUSY", "3010"}}) {
    FakeServer server;
    server.document("/answer", "<Hangup" + std::string(entry.attribute) + "/>");
    play_call(test_script(), server);
    EXPECT_EQ(server.parameter(1, "HangupCause"), entry.cause);
    EXPECT_EQ(server.parameter(1, "HangupCauseCode"), entry.code);
  }
}

TEST(CallFlow, ScheduledHangupCutsWhatFollows) {
  FakeServer server;
  server.document("/answer", "<Hangup schedule=\"10\"/><Wait length=\"4\"/><Wait length=\"60\"/>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_EQ(record.ended, 10'000);
  EXPECT_EQ(record.end.code, 6000);
  EXPECT_EQ(server.parameter(1, "HangupCause"), "ALLOTTED_TIMEOUT");
}

TEST(CallFlow, EndlessPlayLastsUntilTheCallerLeaves) {
  FakeServer server;
  server.document("/answer", "<Play loop=\"0\">https://h/a.mp3</Play><Speak>x</Speak>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_EQ(record.end.source, "Caller");
  EXPECT_EQ(record.ended, 30'000);
}

TEST(CallFlow, PreAnswerPlaysWithoutAnswering) {
  FakeServer server;
  server.document("/answer", "<PreAnswer><Speak>one two</Speak><Wait/></PreAnswer><Hangup/>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_EQ(record.answered, std::nullopt);
  EXPECT_EQ(record.ended, 1800);
}

TEST(CallFlow, RedirectReplacesTheDocument) {
  FakeServer server;
  server.document("/answer",
                  "<Redirect method=\"GET\">http://plivo.test/next?a=1#rc=2</Redirect><Speak>x"
                  "</Speak>");
  server.document("/next", "<Speak>there</Speak>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /answer StartApp", "GET /next Redirect", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "a"), "1");
  EXPECT_THAT(server.requests()[1].url, testing::Not(HasSubstr("rc=2")));
}

TEST(CallFlow, CircleOfRedirectsIsStopped) {
  FakeServer server;
  server.document("/answer", "<Redirect>http://plivo.test/answer</Redirect>");
  CallScript script = test_script();
  script.max_requests = 7;
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(record.stopped);
  EXPECT_FALSE(is_good(record));
  // The hangup report is the one request above the limit.
  EXPECT_EQ(server.requests().size(), 8U);
  EXPECT_EQ(server.summary().back(), "POST /hangup Hangup");
}

TEST(CallFlow, NoHangupUrlNoReport) {
  FakeServer server;
  server.document("/answer", "");
  CallScript script = test_script();
  script.hangup_url.reset();
  play_call(script, server);
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp"));
}

TEST(CallFlow, OutboundCallRingsThenAsks) {
  FakeServer server;
  server.document("/answer", "<Speak>hello</Speak>");
  CallScript script = test_script();
  script.direction = Direction::kOutbound;
  script.ring_url = "http://plivo.test/ring";
  // The star is about dialled targets, not about the callee of the call itself.
  script.outcomes = {{"*", Outcome::kBusy, std::nullopt}};
  const CallRecord record = play_call(script, server);
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /ring Ring", "POST /answer StartApp", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "CallStatus"), "in-progress");
  EXPECT_EQ(record.answered, 8000);
}

TEST(CallFlow, OutboundCallToBusyCalleeAsksForNothing) {
  FakeServer server;
  CallScript script = test_script();
  script.direction = Direction::kOutbound;
  script.outcomes = {{script.to, Outcome::kBusy, std::nullopt}};
  play_call(script, server);
  EXPECT_THAT(server.summary(), ElementsAre("POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(0, "CallStatus"), "busy");
  EXPECT_EQ(server.parameter(0, "HangupCauseCode"), "3010");
}

TEST(CallFlow, OutcomeOfNobodyIsWarnedOf) {
  FakeServer server;
  server.document("/answer", "<Dial><Number>+14155550101</Number></Dial>");
  CallScript script = test_script();
  script.outcomes = {{"14155550101", Outcome::kBusy, std::nullopt},
                     {"*", Outcome::kBusy, std::nullopt}};
  EXPECT_EQ(play_call(script, server).warnings, 0U);
  script.outcomes.push_back({"+14155550110", Outcome::kBusy, std::nullopt});
  const CallRecord record = play_call(script, server);
  EXPECT_EQ(record.warnings, 1U);
  EXPECT_THAT(notices(record, Severity::kWarning),
              testing::Contains(
                  HasSubstr("nobody dialled +14155550110 in this call to " + script.to + ",")));
}

TEST(CallFlow, PublicUrlIsRequestedAtTheServerUnderTest) {
  FakeServer server;
  server.document("/answer", "<Redirect>https://pbx.example.com/x/next?q=1</Redirect>");
  server.document("/next?q=1", "<Redirect>https://pbx.example.com/xy</Redirect>");
  CallScript script = test_script();
  script.public_url = "https://pbx.example.com/x";
  const CallRecord record = play_call(script, server);
  ASSERT_EQ(server.requests().size(), 4U);
  EXPECT_EQ(server.requests()[1].url, "http://plivo.test/next?q=1");
  EXPECT_EQ(server.requests()[2].url, "https://pbx.example.com/xy");
  const auto& step = std::get<RequestStep>(record.steps[2].what);
  EXPECT_EQ(step.url, "https://pbx.example.com/x/next?q=1");
}

TEST(CallFlow, UnplayedElementIsSaid) {
  FakeServer server;
  server.document("/answer", "<Conference>room</Conference>");
  const CallRecord record = play_call(test_script(), server);
  const auto warnings = notices(record, Severity::kWarning);
  EXPECT_THAT(warnings, testing::Contains(HasSubstr("does not play <Conference>")));
}

}  // namespace
}  // namespace plivo_dial::ctl
