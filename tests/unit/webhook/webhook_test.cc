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
  constexpr struct {
    Endpoint by_path;
    const char* body;
    Endpoint endpoint;
    EventKind kind;
  } kRows[] = {
      {Endpoint::kAnswer, "", Endpoint::kAnswer, EventKind::kCallAnswer},
      {Endpoint::kAnswer, "Event=Hangup&DialStatus=busy", Endpoint::kHangup,
       EventKind::kCallHangup},
      {Endpoint::kAnswer, "Event=hangup", Endpoint::kAnswer, EventKind::kCallAnswer},
      {Endpoint::kAnswer, "DialStatus=new-word", Endpoint::kAction, EventKind::kDialResult},
      {Endpoint::kAnswer, "dialstatus=busy", Endpoint::kAnswer, EventKind::kCallAnswer},
      {Endpoint::kAnswer, "RecordingID=1", Endpoint::kRecording, EventKind::kRecording},
      {Endpoint::kFallback, "", Endpoint::kFallback, EventKind::kCallFallback},
      {Endpoint::kFallback, "Event=StartApp", Endpoint::kFallback, EventKind::kCallFallback},
      {Endpoint::kFallback, "Event=Hangup", Endpoint::kHangup, EventKind::kCallHangup},
      {Endpoint::kFallback, "Event=Ring", Endpoint::kRing, EventKind::kCallRing},
      {Endpoint::kFallback, "RecordUrl=x", Endpoint::kRecording, EventKind::kRecording},
      {Endpoint::kAction, "", Endpoint::kAction, EventKind::kDialResult},
      {Endpoint::kAction, "Event=Hangup", Endpoint::kHangup, EventKind::kCallHangup},
      {Endpoint::kAction, "Event=Hangup&DialStatus=busy", Endpoint::kAction,
       EventKind::kDialResult},
      {Endpoint::kAction, "DialAction=hangup&DialStatus=busy", Endpoint::kCallback,
       EventKind::kDialEnded},
      {Endpoint::kAction, "Event=Ring", Endpoint::kAction, EventKind::kDialResult},
      {Endpoint::kCallback, "", Endpoint::kCallback, EventKind::kOther},
      {Endpoint::kCallback, "DialAction=held", Endpoint::kCallback, EventKind::kOther},
      {Endpoint::kCallback, "DialAction=held&Event=DialHangup", Endpoint::kCallback,
       EventKind::kOther},
      {Endpoint::kCallback, "Event=DialAnswer", Endpoint::kCallback, EventKind::kDialAnswered},
      {Endpoint::kCallback, "Event=DialDigitsMatch", Endpoint::kCallback, EventKind::kDialDigits},
      {Endpoint::kCallback, "Event=Hangup", Endpoint::kCallback, EventKind::kOther},
      {Endpoint::kHangup, "Event=StartApp", Endpoint::kHangup, EventKind::kCallHangup},
      {Endpoint::kConfirm, "Digits=1", Endpoint::kConfirm, EventKind::kDialConfirm},
      {Endpoint::kEvent, "", Endpoint::kEvent, EventKind::kOther},
      {Endpoint::kEvent, "DialStatus=", Endpoint::kEvent, EventKind::kDialResult},
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
  const RequestParameters parameters = request(
      "",
      "HangupCause=A&HangupCauseCode=1&HangupCauseName=AN&HangupSource=AS&Duration=2&"
      "BillDuration=3&DialBLegHangupCause=B&DialBLegHangupCauseCode=4&DialBLegHangupCauseName=BN&"
      "DialBLegHangupSource=BS&DialBLegDuration=5&DialBLegBillDuration=6&DialBLegFrom=F&"
      "DialBLegTo=T");
  const Webhook b_leg = read_webhook(Endpoint::kCallback, parameters);
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

TEST(WebhookCall, PrefersTheALeg) {
  constexpr struct {
    const char* body;
    std::optional<std::string_view> call;
  } kRows[] = {{"CallUUID=b&DialALegUUID=a", "a"},
               {"CallUUID=b&DialALegUUID=", "b"},
               {"CallUUID=b", "b"},
               {"CallUUID=", std::nullopt},
               {"", std::nullopt}};
  for (const auto& row : kRows) {
    const RequestParameters parameters = request("", row.body);
    EXPECT_EQ(read_webhook(Endpoint::kCallback, parameters).call(), row.call) << row.body;
  }
}

TEST(CheckCallUuid, AcceptsHexadecimalDigitsAndHyphens) {
  for (const std::string& uuid : {std::string("c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21"),
                                  std::string("ABCDEF01"), std::string(64, 'a')}) {
    Webhook webhook;
    webhook.call_uuid = uuid;
    EXPECT_TRUE(check_call_uuid(webhook).ok()) << uuid;
  }
}

TEST(CheckCallUuid, RefusesWithoutQuotingTheValue) {
  Webhook webhook;
  ASSERT_FALSE(check_call_uuid(webhook).ok());
  EXPECT_THAT(check_call_uuid(webhook).error().message, HasSubstr("CallUUID is missing"));
  webhook.call_uuid = "";
  ASSERT_FALSE(check_call_uuid(webhook).ok());
  EXPECT_THAT(check_call_uuid(webhook).error().message, HasSubstr("CallUUID is missing"));
  for (const std::string& uuid :
       {std::string("abcdef0"), std::string(65, 'b'), std::string("c3f2b0d4_6a17"),
        std::string("../../etc/passwd"), std::string("c3f2b0d4\n12345678")}) {
    webhook.call_uuid = uuid;
    const Result<void> checked = check_call_uuid(webhook);
    ASSERT_FALSE(checked.ok()) << uuid;
    EXPECT_THAT(checked.error().message, HasSubstr("malformed"));
    EXPECT_THAT(checked.error().message, Not(HasSubstr(uuid)));
  }
}

}  // namespace
}  // namespace plivo_dial
