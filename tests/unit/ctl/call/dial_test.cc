// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_plivo_dial/ctl/call/timeline.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A Dial that reports to /leg and asks /action, with more attributes and the given targets.
std::string dial(const std::string& attributes, const std::vector<std::string>& targets) {
  std::string xml =
      "<Dial action=\"http://plivo.test/action\" callbackUrl=\"http://plivo.test/leg\" " +
      attributes + ">";
  for (const std::string& target : targets) {
    const bool sip = target.starts_with("sip:");
    xml += (sip ? "<User>" : "<Number>") + target + (sip ? "</User>" : "</Number>");
  }
  return xml + "</Dial>";
}

class Dial : public testing::Test {
 protected:
  Dial() { server_.document("/action", "<Hangup/>"); }

  CallRecord play() { return play_call(script_, server_); }

  void set_outcome(const std::string& target, Outcome outcome,
                   std::optional<int> seconds = std::nullopt) {
    script_.outcomes.push_back({target, outcome, seconds});
  }

  FakeServer server_;
  CallScript script_ = test_script();
};

TEST_F(Dial, AnsweredCallReportsInPlivosOrder) {
  server_.document("/answer", dial("callerId=\"+14155550199\"", {"+14155550123"}));
  const CallRecord record = play();
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server_.summary(), ElementsAre("POST /answer StartApp", "POST /leg DialAnswer",
                                             "POST /leg DialConnected", "POST /leg DialHangup",
                                             "POST /action Redirect", "POST /hangup Hangup"));
  EXPECT_EQ(server_.parameter(1, "DialBLegFrom"), "+14155550199");
  EXPECT_EQ(server_.parameter(1, "DialBLegTo"), "14155550123");
  EXPECT_EQ(server_.parameter(3, "DialBLegDuration"), "30");
  EXPECT_EQ(server_.parameter(3, "DialBLegHangupCauseCode"), "4000");
  EXPECT_EQ(server_.parameter(4, "DialStatus"), "completed");
  EXPECT_EQ(server_.parameter(4, "CallStatus"), "in-progress");
  EXPECT_EQ(server_.parameter(4, "DialBLegUUID"), server_.parameter(1, "DialBLegUUID"));
  EXPECT_EQ(record.answered, 8000);
  EXPECT_EQ(record.ended, 38'000);
  EXPECT_EQ(record.talk, 30'000);
  EXPECT_EQ(record.end.source, "Answer XML");
}

TEST_F(Dial, BusyFirstStageLeadsToTheSecond) {
  FakeServer server;
  server.document("/answer", dial("", {"+14155550101"}));
  server.document("/action", dial("", {"+14155550102"}));
  server.document("/action", "<Hangup/>");
  set_outcome("+14155550101", Outcome::kBusy);
  const CallRecord record = play_call(script_, server);
  EXPECT_TRUE(is_good(record));
  const std::size_t busy = server.find("DialStatus", "busy");
  EXPECT_EQ(server.parameter(busy, "DialBLegUUID"), "");
  EXPECT_EQ(server.parameter(busy, "DialRingStatus"), "false");
  EXPECT_EQ(server.parameter(busy, "CallStatus"), "ringing");
  EXPECT_EQ(server.parameter(busy - 1, "DialBLegHangupCauseCode"), "3010");
  EXPECT_GT(server.find("DialStatus", "completed"), busy);
  ASSERT_EQ(record.legs.size(), 2U);
  EXPECT_EQ(record.legs[1].started, record.legs[0].ended);
}

TEST_F(Dial, FirstOfThreeWinsTheRace) {
  server_.document("/answer",
                   dial("", {"+14155550101", "sip:bob@phone.plivo.com", "+14155550103"}));
  set_outcome("+14155550101", Outcome::kCompleted, 9);
  set_outcome("sip:bob@phone.plivo.com", Outcome::kCompleted, 4);
  set_outcome("+14155550103", Outcome::kBusy, 2);
  const CallRecord record = play();
  ASSERT_EQ(record.legs.size(), 3U);
  EXPECT_EQ(record.legs[0].end.cause, "LOSE_RACE");
  EXPECT_EQ(record.legs[0].end.code, 9000);
  EXPECT_EQ(record.legs[0].ended, 4000);
  EXPECT_EQ(record.legs[1].end.code, 4000);
  EXPECT_EQ(record.legs[2].end.code, 3010);
  const std::size_t action = server_.find("DialStatus", "completed");
  EXPECT_EQ(server_.parameter(action, "DialBLegUUID"), record.legs[1].uuid);
  const std::size_t lost = server_.find("DialBLegHangupCauseCode", "9000");
  EXPECT_EQ(server_.parameter(lost, "DialBLegPosition"), "1");
  EXPECT_EQ(server_.parameter(lost, "AnswerTime"), "(absent)");
}

TEST_F(Dial, TimeoutBoundsTheRinging) {
  for (const int ring : {25, 30}) {
    FakeServer server;
    server.document("/answer", dial("timeout=\"25\"", {"+14155550101"}));
    server.document("/action", "");
    script_.ring_seconds = ring;
    const CallRecord record = play_call(script_, server);
    EXPECT_EQ(record.legs.at(0).ended, 25'000);
    EXPECT_EQ(server.parameter(1, "DialBLegHangupCauseCode"), "6010");
    EXPECT_EQ(server.parameter(2, "DialStatus"), "no-answer");
    EXPECT_EQ(server.parameter(2, "DialHangupCause"), "NO_ANSWER");
    EXPECT_EQ(server.parameter(2, "DialRingStatus"), "true");
    EXPECT_EQ(server.parameter(2, "DialBLegUUID"), "");
  }
}

TEST_F(Dial, WithoutTimeoutRingsTwoMinutes) {
  server_.document("/answer", dial("", {"+14155550101"}));
  set_outcome("*", Outcome::kNoAnswer);
  EXPECT_EQ(play().legs.at(0).ended, 120'000);
}

TEST_F(Dial, CallerWhoGivesUpEndsTheCall) {
  server_.document("/answer", dial("", {"+14155550101", "+14155550102"}));
  set_outcome("+14155550101", Outcome::kCancel, 6);
  set_outcome("+14155550102", Outcome::kNoAnswer);
  const CallRecord record = play();
  EXPECT_THAT(server_.summary(),
              ElementsAre("POST /answer StartApp", "POST /leg DialHangup", "POST /leg DialHangup",
                          "POST /action Redirect", "POST /hangup Hangup"));
  EXPECT_EQ(server_.parameter(3, "DialStatus"), "cancel");
  EXPECT_EQ(server_.parameter(3, "DialHangupCause"), "ORIGINATOR_CANCEL");
  EXPECT_EQ(server_.parameter(3, "CallStatus"), "completed");
  EXPECT_EQ(server_.parameter(3, "HangupCause"), "ORIGINATOR_CANCEL");
  EXPECT_EQ(server_.parameter(4, "HangupSource"), "Caller");
  EXPECT_EQ(record.ended, 6000);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(notices(record, Severity::kNote),
              ElementsAre("the caller gives up", HasSubstr("not executed")));
}

TEST_F(Dial, RedirectFalseGoesOnWithTheNextDial) {
  FakeServer server;
  server.document("/answer", dial("redirect=\"false\"", {"+14155550101"}) +
                                 dial("redirect=\"false\"", {"+14155550102"}) + "<Hangup/>");
  HttpResponse receipt;
  receipt.status = 204;
  server.reply("/action", receipt);
  set_outcome("+14155550101", Outcome::kFailed);
  const CallRecord record = play_call(script_, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /leg DialHangup",
                                            "POST /action DialAction", "POST /leg DialAnswer",
                                            "POST /leg DialConnected", "POST /leg DialHangup",
                                            "POST /action DialAction", "POST /hangup Hangup"));
  EXPECT_EQ(record.dial_status, "completed");
}

TEST_F(Dial, WithoutActionTheNextElementFollows) {
  server_.document("/answer",
                   "<Dial><Number>+14155550101</Number></Dial><Hangup reason=\"busy\"/>");
  play();
  EXPECT_THAT(server_.summary(), ElementsAre("POST /answer StartApp", "POST /hangup Hangup"));
}

TEST_F(Dial, TimeLimitBoundsTheTalk) {
  server_.document("/answer", dial("timeLimit=\"20\"", {"+14155550101"}));
  script_.talk_seconds = 600;
  const CallRecord record = play();
  EXPECT_EQ(record.talk, 20'000);
  const std::size_t hangup = server_.find("DialBLegHangupCauseCode", "6000");
  EXPECT_EQ(server_.parameter(hangup, "DialBLegHangupSource"), "Plivo");
  EXPECT_EQ(server_.parameter(hangup + 1, "DialStatus"), "completed");
}

TEST_F(Dial, FailuresHaveTheirStatusAndCause) {
  struct Case {
    Outcome outcome;
    std::string_view status;
    std::string_view cause;
  };
  for (const Case& entry : {Case{Outcome::kFailed, "failed", "CALL_REJECTED"},
                            Case{Outcome::kTimeout, "timeout", "RECOVERY_ON_TIMER_EXPIRE"},
                            Case{Outcome::kSipAuthFailed, "failed", "sip_auth_failed"},
                            Case{Outcome::kSipAuthTimeout, "timeout", "sip_auth_timeout"}}) {
    FakeServer server;
    server.document("/answer", dial("", {"sip:bob@phone.plivo.com"}));
    server.document("/action", "");
    script_.outcomes = {{"*", entry.outcome, std::nullopt}};
    play_call(script_, server);
    EXPECT_EQ(server.parameter(2, "DialStatus"), entry.status);
    EXPECT_EQ(server.parameter(2, "DialHangupCause"), entry.cause);
    EXPECT_EQ(server.parameter(2, "DialRingStatus"), "false");
  }
}

constexpr std::string_view kConfirm =
    "confirmSound=\"http://plivo.test/confirm\" confirmKey=\"1\" confirmTimeout=\"10\"";

TEST_F(Dial, ConfirmSoundIsFetchedBeforeTheCallIsConnected) {
  server_.document("/answer", dial(std::string(kConfirm), {"+14155550101"}));
  server_.document("/confirm", "<Speak>press one</Speak>");
  const CallRecord record = play();
  EXPECT_THAT(server_.summary(),
              ElementsAre("POST /answer StartApp", "POST /leg DialAnswer", "POST /confirm",
                          "POST /leg DialConnected", "POST /leg DialHangup",
                          "POST /action Redirect", "POST /hangup Hangup"));
  EXPECT_EQ(*record.legs.at(0).connected - *record.legs.at(0).answered, 2800);
}

// The caller hears it while the phone rings, so it takes no time of its own.
TEST_F(Dial, DialMusicIsFetchedWhenItBeginsToRing) {
  server_.document("/answer", dial("dialMusic=\"http://plivo.test/music\"", {"+14155550101"}));
  server_.document("/music", "<Speak>please hold</Speak><Dial><Number>1</Number></Dial>");
  const CallRecord record = play();
  EXPECT_THAT(server_.summary(),
              ElementsAre("POST /answer StartApp", "POST /music", "POST /leg DialAnswer",
                          "POST /leg DialConnected", "POST /leg DialHangup",
                          "POST /action Redirect", "POST /hangup Hangup"));
  EXPECT_EQ(*record.legs.at(0).answered, 8000);
  EXPECT_EQ(server_.parameter(1, "CallStatus"), "ringing");
  const std::string timeline = render_timeline(record, {});
  EXPECT_THAT(timeline, HasSubstr("        Speak \"please hold\"\n"));
  EXPECT_THAT(timeline, HasSubstr("Dial 1  (ignored in dialMusic)"));
}

TEST_F(Dial, CarriersRingingIsNotFetched) {
  server_.document("/answer", dial("dialMusic=\"real\"", {"+14155550101"}));
  play();
  EXPECT_EQ(server_.summary().at(1), "POST /leg DialAnswer");
}

TEST_F(Dial, KeyThatIsNotPressedDropsTheLeg) {
  server_.document("/answer", dial(std::string(kConfirm), {"+14155550101"}));
  server_.document("/confirm", "<Speak>press one</Speak>");
  set_outcome("*", Outcome::kNotConfirmed);
  const CallRecord record = play();
  EXPECT_EQ(record.legs.at(0).end.code, 9110);
  EXPECT_EQ(record.legs.at(0).ended, 18'000);
  const std::size_t action = server_.find("DialStatus", "no-answer");
  EXPECT_EQ(server_.parameter(action, "DialBLegUUID"), "");
  EXPECT_EQ(record.talk, 0);
}

TEST_F(Dial, FirstToConfirmWinsOverFirstToAnswer) {
  server_.document("/answer", dial(std::string(kConfirm), {"+14155550101", "+14155550102"}));
  server_.document("/confirm", "<Wait/>");
  set_outcome("+14155550101", Outcome::kNotConfirmed, 1);
  set_outcome("+14155550102", Outcome::kCompleted, 5);
  const CallRecord record = play();
  EXPECT_EQ(record.legs.at(0).end.code, 9000);
  EXPECT_EQ(record.legs.at(1).connected, 8000);
}

TEST_F(Dial, BrokenConfirmSoundDropsTheLeg) {
  server_.document("/answer", dial(std::string(kConfirm), {"+14155550101"}));
  server_.reply("/confirm", xml_reply("oops"));
  const CallRecord record = play();
  EXPECT_FALSE(is_good(record));
  EXPECT_EQ(record.legs.at(0).end.code, 9110);
}

TEST_F(Dial, DigitsInTheTalkAreReportedWhenTheyMatch) {
  server_.document("/answer",
                   dial("digitsMatch=\"12,*9\" digitsMatchBLeg=\"456\"", {"+14155550101"}));
  script_.digits = {"*9"};
  play();
  const std::size_t index = server_.find("Event", "DialDigitsMatch");
  EXPECT_EQ(server_.parameter(index, "DialDigitsMatch"), "*9");
  EXPECT_EQ(server_.parameter(index, "DialDigitsPressedBy"), "aleg");
}

TEST_F(Dial, KeysOfBothAreReportedInTheTalk) {
  server_.document("/answer",
                   dial("digitsMatch=\"*1,99\" digitsMatchBLeg=\"#\"", {"+14155550101"}));
  script_.presses = {{Talker::kCallee, "#"}, {Talker::kCaller, "9"}, {Talker::kCaller, "99"}};
  const CallRecord record = play();
  EXPECT_THAT(server_.summary(), ElementsAre("POST /answer StartApp", "POST /leg DialAnswer",
                                             "POST /leg DialConnected", "POST /leg DialDigitsMatch",
                                             "POST /leg DialDigitsMatch", "POST /leg DialHangup",
                                             "POST /action Redirect", "POST /hangup Hangup"));
  EXPECT_EQ(server_.parameter(3, "DialDigitsMatch"), "#");
  EXPECT_EQ(server_.parameter(3, "DialDigitsPressedBy"), "bleg");
  EXPECT_EQ(server_.parameter(4, "DialDigitsMatch"), "99");
  EXPECT_EQ(server_.parameter(4, "DialDigitsPressedBy"), "aleg");
  const std::string timeline = render_timeline(record, {});
  EXPECT_THAT(timeline, HasSubstr("   15.500       the callee presses #\n"));
  EXPECT_THAT(timeline, HasSubstr("   23.000       the caller presses 9, which no digitsMatch of "
                                  "the Dial waits for\n"));
  EXPECT_THAT(timeline, HasSubstr(" DialDigitsMatch=99 DialDigitsPressedBy=aleg"));
}

TEST_F(Dial, KeysThatNobodyIsToldOfAreNoRequests) {
  server_.document("/answer", "<Dial digitsMatch=\"1\"><Number>+14155550101</Number></Dial>");
  script_.presses = {{Talker::kCaller, "1"}};
  play();
  EXPECT_THAT(server_.summary(), ElementsAre("POST /answer StartApp", "POST /hangup Hangup"));
}

TEST(KeyPress, IsWrittenWithWhoPresses) {
  const Result<KeyPress> star = parse_key_press("caller=*1");
  ASSERT_TRUE(star);
  EXPECT_EQ(*star, (KeyPress{Talker::kCaller, "*1"}));
  EXPECT_EQ(parse_key_press("callee=#")->talker, Talker::kCallee);
  for (const char* text : {"", "caller", "caller=", "=1", "Caller=1", "caller=w", "caller=1,2"}) {
    const Result<KeyPress> press = parse_key_press(text);
    ASSERT_FALSE(press) << text;
    EXPECT_THAT(press.error().message, HasSubstr("is not caller= or callee= and keys of 0-9 * #"));
  }
}

TEST_F(Dial, ScheduledHangupEndsTheTalk) {
  server_.document("/answer", "<Hangup schedule=\"20\"/>" + dial("", {"+14155550101"}));
  const CallRecord record = play();
  EXPECT_EQ(record.talk, 12'000);
  EXPECT_EQ(record.end.code, 6000);
  const std::size_t action = server_.find("DialStatus", "completed");
  EXPECT_EQ(server_.parameter(action, "CallStatus"), "completed");
}

TEST_F(Dial, CallbackMethodGetPutsParametersInTheQuery) {
  server_.document("/answer", dial("callbackMethod=\"GET\" method=\"GET\"", {"+14155550101"}));
  play();
  EXPECT_THAT(server_.summary(),
              ElementsAre("POST /answer StartApp", "GET /leg DialAnswer", "GET /leg DialConnected",
                          "GET /leg DialHangup", "GET /action Redirect", "POST /hangup Hangup"));
}

TEST_F(Dial, LostReportIsRefusedButTheCallGoesOn) {
  server_.document("/answer", dial("", {"+14155550101"}));
  HttpResponse failure;
  failure.status = 503;
  server_.reply("/leg", failure);
  const CallRecord record = play();
  EXPECT_EQ(record.refused, 3U);
  EXPECT_EQ(record.end.code, 4000);
}

}  // namespace
}  // namespace plivo_dial::ctl
