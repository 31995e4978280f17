// SPDX-License-Identifier: Apache-2.0
#include "lib/event/make_event.h"

#include <gmock/gmock.h>

#include "lib/base/utf8.h"
#include "lib/webhook/hangup_causes.h"
#include "tests/unit/event/event_samples.h"

namespace plivo_dial {
namespace {

using event_samples::event_of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(MakeEvent, TakesTheStamp) {
  const Event event = event_of(Endpoint::kRing, "", "CallUUID=aaaaaaaa&Event=Ring");
  EXPECT_EQ(event.id, event_samples::kId);
  EXPECT_EQ(event.seq, 0U);
  EXPECT_EQ(event.received_us, event_samples::kReceived);
  EXPECT_EQ(event.account, "main");
  EXPECT_TRUE(event.verified);
  EXPECT_EQ(event.verified_by, "V3");
  EXPECT_EQ(event.token, "current");
  EXPECT_EQ(event.node, "pbx1.example.com");
  EXPECT_EQ(event.plan, "/dialstatus");
  EXPECT_EQ(event.event, "call.ring");
  EXPECT_EQ(event.endpoint, "ring");
}

TEST(MakeEvent, NothingVerifiedAnUnverifiedWebhook) {
  const RequestParameters parameters{Form(), Form::decode("CallUUID=aaaaaaaa").value()};
  const Event event = make_event(read_webhook(Endpoint::kRing, parameters), parameters, {});
  EXPECT_FALSE(event.verified);
  EXPECT_EQ(event.verified_by, std::nullopt);
  EXPECT_EQ(event.token, std::nullopt);
}

TEST(MakeEvent, CallIsTheALegWhereKnown) {
  EXPECT_EQ(event_of(Endpoint::kCallback, "", "CallUUID=bbbbbbbb&DialALegUUID=aaaaaaaa").call,
            "aaaaaaaa");
  EXPECT_EQ(event_of(Endpoint::kCallback, "", "CallUUID=bbbbbbbb&DialALegUUID=").call, "bbbbbbbb");
  EXPECT_EQ(event_of(Endpoint::kEvent, "", "DialStatus=busy").call, std::nullopt);
}

TEST(MakeEvent, StatusesHavePlivosSpellingWhereKnown) {
  struct Row {
    const char* came;
    const char* shown;
  };
  for (const Row& row :
       {Row{"No+Answer", "no-answer"}, Row{"Completed", "completed"},
        Row{"Busy%2FRejected", "busy"}, Row{"Ringing%2FOut", "Ringing/Out"}, Row{"", ""}}) {
    const Event event =
        event_of(Endpoint::kAction, "", std::string("CallUUID=a&DialStatus=") + row.came);
    EXPECT_EQ(event.dial_status, row.shown);
  }
  EXPECT_EQ(event_of(Endpoint::kHangup, "", "CallStatus=in-+progress").call_status, "in-progress");
  EXPECT_EQ(event_of(Endpoint::kHangup, "", "").call_status, std::nullopt);
}

TEST(MakeEvent, EmptyIsNotAbsent) {
  EXPECT_EQ(event_of(Endpoint::kAction, "", "DialBLegUUID=").b_leg, "");
  EXPECT_EQ(event_of(Endpoint::kAction, "", "").b_leg, std::nullopt);
}

TEST(MakeEvent, NumbersThatDoNotParseAreNamed) {
  const Event event = event_of(Endpoint::kHangup, "",
                               "HangupCauseCode=4000&Duration=soon&BillDuration=&Event=Hangup");
  EXPECT_EQ(event.hangup_cause_code, 4000);
  EXPECT_EQ(event.duration, std::nullopt);
  EXPECT_THAT(event.unparsable, ElementsAre("duration", "bill_duration"));
  EXPECT_THAT(event_of(Endpoint::kHangup, "", "Event=Hangup").unparsable, IsEmpty());
}

TEST(MakeEvent, CallbackNumbersAreTheBLegs) {
  const Event event =
      event_of(Endpoint::kCallback, "",
               "DialAction=hangup&DialBLegDuration=37&DialBLegHangupCauseCode=x&Duration=bad");
  EXPECT_EQ(event.duration, 37);
  EXPECT_THAT(event.unparsable, ElementsAre("hangup_cause_code"));
}

TEST(MakeEvent, TheCausesNumberCountsBeforeItsWord) {
  const Event by_number = event_of(Endpoint::kHangup, "",
                                   "HangupCause=NORMAL_CLEARING&HangupCauseCode=2020&Event=Hangup");
  EXPECT_EQ(by_number.cause_side, "operator");
  EXPECT_EQ(by_number.cause_remedy, find_hangup_cause(2020)->remedy);
  const Event by_word =
      event_of(Endpoint::kAction, "", "DialStatus=failed&DialHangupCause=sip_auth_failed");
  EXPECT_EQ(by_word.cause_side, "operator");
  EXPECT_EQ(by_word.cause_remedy, find_hangup_cause(4240)->remedy);
  const Event of_the_end =
      event_of(Endpoint::kHangup, "", "HangupCause=USER_BUSY&HangupCauseCode=31337");
  EXPECT_EQ(of_the_end.cause_side, "callee");
  const Event plain = event_of(Endpoint::kHangup, "", "HangupCauseCode=4000");
  EXPECT_EQ(plain.cause_side, "normal");
  EXPECT_EQ(plain.cause_remedy, std::nullopt);
  for (const char* unknown : {"", "HangupCauseCode=-1", "HangupCauseCode=4294971296",
                              "HangupCause=HEARD_NOWHERE", "HangupCauseCode=busy"}) {
    EXPECT_EQ(event_of(Endpoint::kHangup, "", unknown).cause_side, std::nullopt) << unknown;
  }
}

// Its number would be the caller's, whose call goes on.
TEST(MakeEvent, TheCauseOfAStageIsThatOfItsLeg) {
  const Event stage =
      event_of(Endpoint::kAction, "",
               "DialStatus=failed&DialHangupCause=sip_auth_failed&HangupCauseCode=4000");
  EXPECT_EQ(stage.cause_side, "operator");
  const Event unknown =
      event_of(Endpoint::kAction, "",
               "DialStatus=failed&DialHangupCause=HEARD_NOWHERE&HangupCause=USER_BUSY");
  EXPECT_EQ(unknown.cause_side, std::nullopt);
  const Event other = event_of(Endpoint::kAction, "", "Digits=1&HangupCauseCode=2020");
  EXPECT_EQ(other.cause_side, "operator") << "it is no stage's result";
  const Event result_elsewhere =
      event_of(Endpoint::kEvent, "", "DialStatus=busy&HangupCauseCode=2020");
  EXPECT_EQ(result_elsewhere.cause_side, "operator") << "at another endpoint it is the call's";
}

TEST(MakeEvent, TheDialsWordCountsBeforeTheCalls) {
  const Event event = event_of(Endpoint::kCallback, "",
                               "DialAction=hangup&DialHangupCause=sip_auth_failed"
                               "&DialBLegHangupCause=USER_BUSY");
  EXPECT_EQ(event.cause_side, "operator");
  EXPECT_EQ(
      event_of(Endpoint::kCallback, "",
               "DialAction=hangup&DialHangupCause=HEARD_NOWHERE&DialBLegHangupCause=USER_BUSY")
          .cause_side,
      "callee");
}

// What is no copy of a parameter can't be said by one that has no name.
TEST(MakeEvent, ParametersWithoutNameSayNothing) {
  const Event event = event_of(Endpoint::kRing, "=forged", "=forged&CallUUID=aaaaaaaa&Event=Ring");
  EXPECT_EQ(event.verified_by, "V3");
  EXPECT_EQ(event.token, "current");
  EXPECT_EQ(event.plan, "/dialstatus");
  EXPECT_EQ(event.cause_side, std::nullopt);
  EXPECT_EQ(event.cause_remedy, std::nullopt);
  EXPECT_EQ(event.next, std::nullopt);
}

TEST(MakeEvent, IsOfAFlowWhereTheFlowSaysSo) {
  EXPECT_TRUE(is_of_flow(event_of(Endpoint::kEvent, "", "DialStatus=busy")));
  EXPECT_FALSE(is_of_flow(event_of(Endpoint::kAction, "", "DialStatus=busy")));
}

TEST(MakeEvent, NextIsWhatTheStampSays) {
  const RequestParameters parameters;
  const Webhook webhook = read_webhook(Endpoint::kAction, parameters);
  EventStamp stamp;
  EXPECT_EQ(make_event(webhook, parameters, stamp).next, std::nullopt);
  stamp.next = "voicemail";
  EXPECT_EQ(make_event(webhook, parameters, stamp).next, "voicemail");
}

TEST(MakeEvent, DigitsSayWhoPressedThem) {
  const auto pressed = [](const std::string& by) {
    return event_of(Endpoint::kCallback, "",
                    "DialAction=digits&DialDigitsMatch=%2A1&DialDigitsPressedBy=" + by);
  };
  EXPECT_EQ(pressed("ALeg").event, "dial.digits");
  EXPECT_EQ(pressed("ALeg").digits, "*1");
  EXPECT_EQ(pressed("ALeg").digits_pressed_by, "aleg");
  EXPECT_EQ(pressed("bleg").digits_pressed_by, "bleg");
  EXPECT_EQ(pressed("CLeg").digits_pressed_by, "CLeg") << "as it came";
  EXPECT_EQ(pressed("%FF").digits_pressed_by, "\uFFFD");
  EXPECT_EQ(pressed("").digits_pressed_by, "");
  const Event other = event_of(Endpoint::kCallback, "", "DialAction=answer");
  EXPECT_EQ(other.digits, std::nullopt);
  EXPECT_EQ(other.digits_pressed_by, std::nullopt);
}

TEST(MakeEvent, StageIsOfUrlsThatCarryIt) {
  EXPECT_EQ(event_of(Endpoint::kAction, "stage=2", "Digits=1").stage, std::nullopt);
  EXPECT_EQ(event_of(Endpoint::kAction, "stage=2", "DialStatus=busy").stage, 2);
  EXPECT_EQ(event_of(Endpoint::kCallback, "", "DialAction=answer").stage, 1);
  EXPECT_EQ(event_of(Endpoint::kCallback, "stage=2", "").stage, 2) << "of whatever kind";
  EXPECT_EQ(event_of(Endpoint::kConfirm, "stage=3", "Digits=1").stage, 3);
  EXPECT_EQ(event_of(Endpoint::kMusic, "stage=3", "").stage, 3);
  const Event inherited = event_of(Endpoint::kMusic, "", "");
  EXPECT_EQ(inherited.stage, std::nullopt) << "the sound of all stages";
  EXPECT_TRUE(inherited.unparsable.empty());
  EXPECT_EQ(event_of(Endpoint::kAnswer, "stage=2", "CallUUID=aaaaaaaa").stage, std::nullopt);
  EXPECT_EQ(event_of(Endpoint::kHangup, "stage=2", "Event=Hangup").stage, std::nullopt);
  const Event broken = event_of(Endpoint::kAction, "stage=two", "DialStatus=busy");
  EXPECT_EQ(broken.stage, std::nullopt);
  EXPECT_THAT(broken.unparsable, ElementsAre("stage"));
}

TEST(MakeEvent, ParamsAreQueryThenBodyWithRepeats) {
  const Event event = event_of(Endpoint::kAction, "stage=2&x=1", "x=2&DialStatus=busy&x=%ff");
  EXPECT_THAT(event.params, ElementsAre(Pair("stage", "2"), Pair("x", "1"), Pair("x", "2"),
                                        Pair("DialStatus", "busy"), Pair("x", "\xff")));
}

TEST(MakeEvent, TextFieldsAreUtf8) {
  const Event event = event_of(Endpoint::kAnswer, "", "From=%ffa&To=%C3%A9&CallStatus=%fe");
  EXPECT_EQ(event.from,
            "\xEF\xBF\xBD"
            "a");
  EXPECT_EQ(event.to, "\xC3\xA9");
  EXPECT_EQ(event.call_status, "\xEF\xBF\xBD");
  EXPECT_THAT(event.params.front(), Pair("From",
                                         "\xff"
                                         "a"));
}

}  // namespace
}  // namespace plivo_dial
