// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

RequestParameters request(std::string_view query, std::string_view body) {
  Result<Form> decoded_query = Form::decode(query);
  Result<Form> decoded_body = Form::decode(body);
  EXPECT_TRUE(decoded_query.ok() && decoded_body.ok());
  return {std::move(decoded_query).value(), std::move(decoded_body).value()};
}

TEST(ReadWebhook, SettlesEndpointAndKind) {
  using enum Endpoint;
  constexpr struct {
    Endpoint by_path;
    const char* body;
    Endpoint endpoint;
    EventKind kind;
  } kRows[] = {
      {kAnswer, "", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "Event=StartApp", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "Event=startapp&Machine=true", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "Event=Hangup&DialStatus=busy", kHangup, EventKind::kCallHangup},
      {kAnswer, "Event=hangup", kHangup, EventKind::kCallHangup},
      {kAnswer, "HangupCauseCode=4000&HangupSource=Caller", kHangup, EventKind::kCallHangup},
      {kAction, "HangupCauseCode=4000&DialStatus=busy", kAction, EventKind::kDialResult},
      {kAnswer, "Event=StartApp&HangupCauseCode=4000", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "HangupCause=NORMAL_CLEARING", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "DialStatus=new-word", kAction, EventKind::kDialResult},
      {kAnswer, "dialstatus=busy", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "RecordingID=1", kRecording, EventKind::kRecording},
      {kAnswer, "Event=Redirect", kAnswer, EventKind::kCallRedirect},
      {kAnswer, "Event=Transfer", kAnswer, EventKind::kCallRedirect},
      {kAnswer, "Event=MachineDetection&Machine=true", kAnswer, EventKind::kOther},
      {kAnswer, "IfMachine=continue&Machine=true", kAnswer, EventKind::kOther},
      {kAnswer, "Event=StartStream&StreamID=1", kAnswer, EventKind::kOther},
      {kAnswer, "Event=Redirect&ConferenceAction=exit", kAnswer, EventKind::kOther},
      {kAnswer, "MPCUUID=1", kAnswer, EventKind::kOther},
      {kAnswer, "Event=ParticipantJoined", kAnswer, EventKind::kOther},
      {kAnswer, "Event=Redirect&Digits=1", kAnswer, EventKind::kOther},
      {kAnswer, "Digits=&Speech=hello&InputType=speech", kAnswer, EventKind::kOther},
      {kAnswer, "Event=NeverHeardOf", kAnswer, EventKind::kOther},
      // Empty fields, which a request may carry only because its form has them.
      {kAnswer, "Event=StartApp&Digits=&RecordUrl=&DialStatus=", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "Event=StartApp&HangupCauseCode=&DialAction=", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "Event=Redirect&Digits=&RecordingID=", kAnswer, EventKind::kCallRedirect},
      {kAnswer, "Event=MachineDetection&DialStatus=", kAnswer, EventKind::kOther},
      {kAnswer, "Event=StartApp&ConferenceName=&MPCUUID=", kAnswer, EventKind::kCallAnswer},
      {kAnswer, "DialStatus=", kAction, EventKind::kDialResult},
      {kAnswer, "Event=&DialStatus=&RecordUrl=u", kRecording, EventKind::kRecording},
      {kAction, "Event=Redirect&Digits=", kAction, EventKind::kOther},
      {kAction, "Event=Redirect&RecordUrl=&DialStatus=busy", kAction, EventKind::kDialResult},
      {kAction, "Event=Redirect&RecordUrl=", kRecording, EventKind::kRecording},
      {kAction, "Event=Redirect&DialStatus=", kAction, EventKind::kDialResult},
      {kAction, "Event=Hangup&DialStatus=", kHangup, EventKind::kCallHangup},
      {kCallback, "DialAction=&Event=DialAnswer", kCallback, EventKind::kDialAnswered},
      {kRecording, "RecordUrl=u&HangupCauseCode=4000", kRecording, EventKind::kRecording},
      {kAnswer, "RecordingID=r&HangupSource=Caller", kRecording, EventKind::kRecording},
      {kAnswer, "Digits=1&HangupCauseName=x", kAnswer, EventKind::kOther},
      {kFallback, "", kFallback, EventKind::kCallFallback},
      {kFallback, "Event=StartApp", kFallback, EventKind::kCallFallback},
      {kFallback, "Event=Redirect", kFallback, EventKind::kCallFallback},
      {kFallback, "Event=Hangup", kHangup, EventKind::kCallHangup},
      {kFallback, "Event=Ring", kRing, EventKind::kCallRing},
      {kFallback, "RecordUrl=x", kRecording, EventKind::kRecording},
      {kAction, "", kAction, EventKind::kDialResult},
      {kAction, "Event=Redirect&DialALegUUID=1", kAction, EventKind::kDialResult},
      {kAction, "Event=StartApp", kAnswer, EventKind::kCallAnswer},
      {kAction, "Event=Hangup", kHangup, EventKind::kCallHangup},
      {kAction, "Event=Hangup&DialStatus=busy", kAction, EventKind::kDialResult},
      {kAction, "DialAction=hangup&DialStatus=busy", kCallback, EventKind::kDialEnded},
      {kAction, "Event=DialHangup", kCallback, EventKind::kDialEnded},
      {kAction, "Event=Ring", kRing, EventKind::kCallRing},
      {kAction, "Event=Redirect&RecordUrl=x&Digits=%23", kRecording, EventKind::kRecording},
      {kAction, "RecordFile=x", kRecording, EventKind::kRecording},
      {kAction, "Event=Redirect&RecordUrl=x&DialStatus=busy", kAction, EventKind::kDialResult},
      {kAction, "Digits=1", kAction, EventKind::kOther},
      {kAction, "call_uuid=1&recording_id=2&transcription=a", kRecording,
       EventKind::kTranscription},
      {kCallback, "", kCallback, EventKind::kOther},
      {kCallback, "DialAction=held", kCallback, EventKind::kOther},
      {kCallback, "DialAction=held&Event=DialHangup", kCallback, EventKind::kOther},
      {kCallback, "DialAction=remotesounds", kCallback, EventKind::kOther},
      {kCallback, "Event=DialAnswer", kCallback, EventKind::kDialAnswered},
      {kCallback, "Event=DialDigitsMatch", kCallback, EventKind::kDialDigits},
      {kCallback, "Event=Hangup", kHangup, EventKind::kCallHangup},
      {kCallback, "Event=StartApp", kAnswer, EventKind::kCallAnswer},
      {kCallback, "DialStatus=busy", kAction, EventKind::kDialResult},
      {kHangup, "", kHangup, EventKind::kCallHangup},
      {kHangup, "Event=Ring", kRing, EventKind::kCallRing},
      {kHangup, "Event=StartApp", kAnswer, EventKind::kCallAnswer},
      {kHangup, "Event=Redirect", kAnswer, EventKind::kCallRedirect},
      {kRing, "Event=Hangup", kHangup, EventKind::kCallHangup},
      {kConfirm, "Digits=1", kConfirm, EventKind::kDialConfirm},
      {kConfirm, "Event=StartApp", kConfirm, EventKind::kDialConfirm},
      {kConfirm, "Event=Hangup", kHangup, EventKind::kCallHangup},
      {kMusic, "", kMusic, EventKind::kDialMusic},
      {kMusic, "Digits=1", kMusic, EventKind::kDialMusic},
      {kMusic, "Event=StartApp", kMusic, EventKind::kDialMusic},
      {kMusic, "Event=Redirect", kMusic, EventKind::kDialMusic},
      {kMusic, "Event=Hangup", kHangup, EventKind::kCallHangup},
      {kRecording, "", kRecording, EventKind::kRecording},
      {kRecording, "Event=Redirect", kRecording, EventKind::kRecording},
      {kRecording, "recording_id=1&record_url=x&error=", kRecording, EventKind::kRecording},
      {kRecording, "recording_id=1&error=too+short", kRecording, EventKind::kTranscription},
      {kRecording, "RecordingID=1&transcription_charge=0", kRecording, EventKind::kTranscription},
      {kRecording, "transcription=a", kRecording, EventKind::kTranscription},
      {kAnswer, "call_uuid=1&recording_id=&transcription=a", kRecording, EventKind::kTranscription},
      {kAnswer, "Event=Redirect&DialBLegUUID=8e41&DialHangupCause=NORMAL_CLEARING", kAction,
       EventKind::kDialResult},
      {kAnswer, "Event=Redirect&DialRingStatus=true", kAction, EventKind::kDialResult},
      {kEvent, "", kEvent, EventKind::kOther},
      {kEvent, "DialStatus=", kEvent, EventKind::kDialResult},
      {kEvent, "Event=Hangup&RecordUrl=x", kEvent, EventKind::kOther},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(std::string(to_string(row.by_path)) + " " + row.body);
    const RequestParameters parameters = request("", row.body);
    const Webhook webhook = read_webhook(row.by_path, parameters);
    EXPECT_EQ(to_string(webhook.endpoint), to_string(row.endpoint));
    EXPECT_EQ(to_string(webhook.kind), to_string(row.kind));
  }
}

TEST(ReadWebhook, TakesBodyBeforeQueryWithCase) {
  const RequestParameters parameters = request("To=query&from=own&From=1", "To=body&From=2");
  const Webhook webhook = read_webhook(Endpoint::kAnswer, parameters);
  EXPECT_EQ(webhook.to, "body");
  EXPECT_EQ(webhook.from, "2");
}

TEST(ReadWebhook, TellsAbsentFromEmpty) {
  const RequestParameters parameters = request("", "DialBLegUUID=&DialStatus=&CallStatus=");
  const Webhook webhook = read_webhook(Endpoint::kAction, parameters);
  EXPECT_EQ(webhook.b_leg, "");
  EXPECT_EQ(webhook.dial_status_text, "");
  EXPECT_EQ(webhook.dial_status, DialStatus::kUnknown);
  EXPECT_EQ(webhook.call_status_text, "");
  EXPECT_EQ(webhook.a_leg, std::nullopt);
  EXPECT_EQ(webhook.dial_hangup_cause, std::nullopt);
  EXPECT_EQ(webhook.duration, std::nullopt);
}

// Plivo names a B leg only when somebody has answered.
TEST(ReadWebhook, AnUnknownStatusWithABLegIsCompleted) {
  const struct {
    Endpoint by_path;
    const char* body;
    DialStatus status;
  } rows[] = {
      {Endpoint::kAction, "DialStatus=talked&DialBLegUUID=8e41c6aa", DialStatus::kCompleted},
      {Endpoint::kAction, "DialStatus=&DialBLegUUID=8e41c6aa", DialStatus::kCompleted},
      {Endpoint::kAction, "DialBLegUUID=8e41c6aa", DialStatus::kCompleted},
      {Endpoint::kAnswer, "DialStatus=talked&DialBLegUUID=8e41c6aa", DialStatus::kCompleted},
      {Endpoint::kAction, "DialStatus=talked&DialBLegUUID=", DialStatus::kUnknown},
      {Endpoint::kAction, "DialStatus=busy&DialBLegUUID=8e41c6aa", DialStatus::kBusy},
      {Endpoint::kCallback, "DialAction=hangup&DialBLegUUID=8e41c6aa", DialStatus::kUnknown},
      {Endpoint::kEvent, "DialStatus=talked&DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612",
       DialStatus::kUnknown},
  };
  for (const auto& row : rows) {
    const RequestParameters parameters = request("", row.body);
    const Webhook webhook = read_webhook(row.by_path, parameters);
    EXPECT_EQ(to_string(webhook.dial_status), to_string(row.status)) << row.body;
    EXPECT_EQ(webhook.dial_status_text, parameters.find("DialStatus")) << row.body;
  }
}

TEST(ReadWebhook, KeepsUnknownWords) {
  const RequestParameters parameters = request("", "DialStatus=on+hold&CallStatus=parked");
  const Webhook webhook = read_webhook(Endpoint::kAction, parameters);
  EXPECT_EQ(webhook.dial_status, DialStatus::kUnknown);
  EXPECT_EQ(webhook.dial_status_text, "on hold");
  EXPECT_EQ(webhook.call_status, CallStatus::kUnknown);
  EXPECT_EQ(webhook.call_status_text, "parked");
}

TEST(ReadWebhook, ReadsRingStatusInAnyCase) {
  constexpr struct {
    const char* text;
    std::optional<bool> value;
  } kRows[] = {{"true", true},        {"True", true},         {"FALSE", false},
               {"false", false},      {"", std::nullopt},     {"1", std::nullopt},
               {"yes", std::nullopt}, {"true+", std::nullopt}};
  for (const auto& row : kRows) {
    const RequestParameters parameters = request("", std::string("DialRingStatus=") + row.text);
    EXPECT_EQ(read_webhook(Endpoint::kAction, parameters).dial_ring_status, row.value) << row.text;
  }
}

TEST(ReadWebhook, ReadsNumbersStrictly) {
  constexpr struct {
    const char* text;
    std::optional<std::int64_t> value;
  } kRows[] = {
      {"0", 0},
      {"60", 60},
      {"-1", -1},
      {"9223372036854775807", INT64_MAX},
      {"9223372036854775808", std::nullopt},
      {"", std::nullopt},
      {"%2B5", std::nullopt},
      {"+5", std::nullopt},
      {"5+", std::nullopt},
      {"5.0", std::nullopt},
      {"0x10", std::nullopt},
      {"5%00", std::nullopt},
      {"twelve", std::nullopt},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.text);
    const std::string text = row.text;
    const RequestParameters parameters =
        request("", "Duration=" + text + "&BillDuration=" + text + "&HangupCauseCode=" + text);
    const Webhook webhook = read_webhook(Endpoint::kHangup, parameters);
    EXPECT_EQ(webhook.duration, row.value);
    EXPECT_EQ(webhook.bill_duration, row.value);
    EXPECT_EQ(webhook.hangup_cause_code, row.value);
  }
}

TEST(ReadWebhook, TakesEndOfTheLegItIsAbout) {
  const std::string ends =
      "HangupCause=A&HangupCauseCode=1&HangupCauseName=AN&HangupSource=AS&Duration=2&"
      "BillDuration=3&DialBLegHangupCause=B&DialBLegHangupCauseCode=4&DialBLegHangupCauseName=BN&"
      "DialBLegHangupSource=BS&DialBLegDuration=5&DialBLegBillDuration=6&DialBLegFrom=F&"
      "DialBLegTo=T";
  const RequestParameters of_leg = request("", "DialAction=hangup&" + ends);
  const RequestParameters parameters = request("", ends);
  const Webhook b_leg = read_webhook(Endpoint::kCallback, of_leg);
  EXPECT_EQ(b_leg.hangup_cause, "B");
  EXPECT_EQ(b_leg.hangup_cause_code, 4);
  EXPECT_EQ(b_leg.hangup_cause_name, "BN");
  EXPECT_EQ(b_leg.hangup_source, "BS");
  EXPECT_EQ(b_leg.duration, 5);
  EXPECT_EQ(b_leg.bill_duration, 6);
  EXPECT_EQ(b_leg.b_leg_from, "F");
  EXPECT_EQ(b_leg.b_leg_to, "T");
  const Webhook a_leg = read_webhook(Endpoint::kHangup, parameters);
  EXPECT_EQ(a_leg.hangup_cause, "A");
  EXPECT_EQ(a_leg.hangup_cause_code, 1);
  EXPECT_EQ(a_leg.hangup_cause_name, "AN");
  EXPECT_EQ(a_leg.hangup_source, "AS");
  EXPECT_EQ(a_leg.duration, 2);
  EXPECT_EQ(a_leg.bill_duration, 3);
}

TEST(ReadWebhook, ReadsStageOfTheQueryOnly) {
  constexpr struct {
    const char* query;
    std::optional<int> stage;
  } kRows[] = {{"", 1},
               {"stage=1", 1},
               {"stage=999", 999},
               {"stage=2&stage=3", 2},
               {"Stage=2", 1},
               {"stage=", std::nullopt},
               {"stage=0", std::nullopt},
               {"stage=-1", std::nullopt},
               {"stage=1000", std::nullopt},
               {"stage=2x", std::nullopt},
               {"stage=99999999999999999999", std::nullopt}};
  for (const auto& row : kRows) {
    const RequestParameters parameters = request(row.query, "stage=7");
    EXPECT_EQ(read_webhook(Endpoint::kAction, parameters).stage, row.stage) << row.query;
  }
}

TEST(ReadWebhook, KnowsWhatItCanNotName) {
  const auto is_known = [](Endpoint by_path, const char* body) {
    const RequestParameters parameters = request("", body);
    return read_webhook(by_path, parameters).is_known;
  };
  for (const char* body : {"", "Event=StartStream", "DialAction=remotesounds", "Digits=1",
                           "Event=ConferenceEnter", "Event=mpc", "Event=MachineDetection"}) {
    EXPECT_TRUE(is_known(Endpoint::kAnswer, body)) << body;
  }
  for (const char* body : {"DialAction=held", "Event=NeverHeardOf", "Event=StartAppX"}) {
    EXPECT_FALSE(is_known(Endpoint::kAnswer, body)) << body;
  }
  EXPECT_FALSE(is_known(Endpoint::kCallback, ""));
  EXPECT_TRUE(is_known(Endpoint::kEvent, "Event=NeverHeardOf"));
}

constexpr const char* kOne = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
constexpr const char* kOther = "0D5E8C11-7F3A-4B52-8A90-2C6B1D4E9F03";

// For those who read what came: the first name that says something, else whether there was one.
TEST(WebhookCall, WithoutAnIdIsWhatTheFirstNameSays) {
  const struct {
    const char* body;
    std::optional<std::string_view> said;
  } rows[] = {{"CallUUID=None&call_uuid=undefined", "None"},
              {"call_uuid=undefined&CallUUID=None", "None"},
              {"CallUUID=&call_uuid=undefined&ParticipantCallUUID=None", "undefined"},
              {"ParticipantCallUUID=None", "None"},
              {"CallUUID=None&call_uuid=", "None"},
              {"CallUUID=&call_uuid=", ""},
              {"call_uuid=", std::nullopt},
              {"", std::nullopt}};
  for (const auto& row : rows) {
    const RequestParameters parameters = request("", row.body);
    EXPECT_EQ(read_webhook(Endpoint::kAnswer, parameters).call_uuid, row.said) << row.body;
  }
}

TEST(WebhookCall, IsNamedByTheFirstThatHasTheFormOfAnId) {
  const std::string one = kOne;
  const std::string other = kOther;
  const struct {
    std::string body;
    std::optional<std::string_view> call;
  } rows[] = {{"CallUUID=" + other + "&DialALegUUID=" + one, one},
              {"CallUUID=" + other + "&DialALegUUID=", other},
              {"CallUUID=" + other + "&DialALegUUID=undefined", other},
              {"CallUUID=" + one, one},
              {"call_uuid=" + one, one},
              {"CallUUID=&call_uuid=" + one, one},
              {"CallUUID=" + other + "&call_uuid=" + one, other},
              {"MPCUUID=" + other + "&ParticipantCallUUID=" + one, one},
              {"CallUUID=None&call_uuid=" + one, one},
              {"CallUUID=undefined&ParticipantCallUUID=" + one, one},
              {"CallUUID=%7B%7Bcall%7D%7D&call_uuid=&ParticipantCallUUID=" + one, one},
              {"CallUUID=", std::nullopt},
              {"CallUUID=None&call_uuid=undefined", std::nullopt},
              {"", std::nullopt}};
  for (const auto& row : rows) {
    for (const Endpoint endpoint : {Endpoint::kCallback, Endpoint::kEvent}) {
      const RequestParameters parameters = request("", row.body);
      EXPECT_EQ(read_webhook(endpoint, parameters).call(), row.call) << row.body;
    }
  }
}

// What flows were seen to send, and what else a wrong variable can hold.
TEST(WebhookCall, OfAFlowIsNoOtherText) {
  for (const char* text : {"undefined",
                           "-",
                           "null",
                           "None",
                           "nil",
                           "NaN",
                           "{{Start.call.uuid}}",
                           "${uuid}",
                           "%s",
                           "00000000-0000-0000-0000-000000000000",
                           "ffffffff-ffff-ffff-ffff-ffffffffffff",
                           "------------------------------------",
                           "14155550100",
                           "20261129",
                           "deadbeef",
                           "abc",
                           "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d2",
                           "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d211",
                           "c3f2b0d46a17-4d0e-9c55-0f3a6e1b7d21-",
                           "g3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21"}) {
    std::string body;
    append_form_pair("DialALegUUID", text, body);
    append_form_pair("DialBLegUUID", text, body);
    append_form_pair("CallUUID", text, body);
    const RequestParameters parameters = request("", body);
    const Webhook webhook = read_webhook(Endpoint::kEvent, parameters);
    EXPECT_EQ(webhook.call(), std::nullopt) << text;
    EXPECT_EQ(webhook.a_leg, std::nullopt) << text;
    EXPECT_EQ(webhook.b_leg, std::nullopt) << text;
    EXPECT_FALSE(is_call_id(text)) << text;
  }
  const RequestParameters empty = request("", "DialBLegUUID=");
  EXPECT_EQ(read_webhook(Endpoint::kEvent, empty).b_leg, "");
  EXPECT_TRUE(is_call_id(kOne));
  EXPECT_TRUE(is_call_id(kOther));
}

// The verdict on a request whose body is `body`.
Result<void> checked(const std::string& body) {
  const RequestParameters parameters = request("", body);
  return check_call_uuid(read_webhook(Endpoint::kHangup, parameters), parameters);
}

TEST(CheckCallUuid, AcceptsHexadecimalDigitsAndHyphens) {
  for (const std::string& uuid :
       {std::string(kOne), std::string("ABCDEF01"), std::string(64, 'a')}) {
    EXPECT_TRUE(checked("CallUUID=" + uuid).ok()) << uuid;
    EXPECT_TRUE(checked("call_uuid=" + uuid).ok()) << uuid;
    EXPECT_TRUE(checked("ParticipantCallUUID=" + uuid).ok()) << uuid;
    EXPECT_TRUE(checked("MPCUUID=" + uuid).ok()) << uuid;
    EXPECT_TRUE(checked("recording_id=" + uuid + "&transcription=hello").ok()) << uuid;
    EXPECT_TRUE(checked("RecordUrl=u&RecordingID=" + uuid).ok()) << uuid;
    EXPECT_TRUE(checked("CallUUID=None&call_uuid=" + uuid).ok()) << uuid;
  }
}

TEST(CheckCallUuid, RefusesWithoutQuotingTheValue) {
  for (const char* body : {"", "CallUUID=", "DialALegUUID=c3f2b0d4", "calluuid=c3f2b0d4",
                           "MPCUUID=", "MPCUUID=none", "recording_id=none", "RecordingID="}) {
    ASSERT_FALSE(checked(body).ok()) << body;
    EXPECT_THAT(checked(body).error().message, HasSubstr("CallUUID is missing"));
  }
  for (const std::string& uuid : {std::string("abcdef0"), std::string(65, 'b'),
                                  std::string("c3f2b0d4_6a17"), std::string("../../etc/passwd"),
                                  std::string("c3f2b0d4\n12345678"), std::string("---------")}) {
    std::string body;
    append_form_pair("CallUUID", uuid, body);
    const Result<void> verdict = checked(body);
    ASSERT_FALSE(verdict.ok()) << uuid;
    EXPECT_THAT(verdict.error().message, HasSubstr("malformed"));
    EXPECT_THAT(verdict.error().message, Not(HasSubstr(uuid)));
  }
}

}  // namespace
}  // namespace plivo_dial
