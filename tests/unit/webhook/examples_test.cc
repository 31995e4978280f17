// SPDX-License-Identifier: Apache-2.0
//
// Every example request of tests/data/plivo-examples.txt, read at its own URL and at one URL that
// serves a whole application.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "lib/form/event_body.h"
#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/textual_causes.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial {
namespace {

struct Example {
  std::string method;
  std::string form;
};

std::map<std::string, Example> read_examples() {
  std::map<std::string, Example> examples;
  std::ifstream file(PLIVO_EXAMPLES_FILE);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string id;
    Example example;
    words >> id >> example.method >> std::ws;
    std::getline(words, example.form);
    examples.emplace(id, example);
  }
  return examples;
}

RequestParameters request(const Example& example) {
  Result<Form> form = Form::decode(example.form);
  EXPECT_TRUE(form.ok());
  RequestParameters parameters;
  (example.method == "POST" ? parameters.body : parameters.query) = std::move(form).value();
  return parameters;
}

constexpr std::string_view kInbound = "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21";
constexpr std::string_view kForwarded = "0d5e8c11-7f3a-4b52-8a90-2c6b1d4e9f03";
constexpr std::string_view kOutbound = "6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46";
constexpr std::string_view kSecond = "5a0e77b2-1c4d-4f83-a6b9-7d21e0c8f354";
constexpr std::string_view kBrowser = "77a1c0de-5b3f-4e21-9d47-6c0f2b9a8e15";

struct Expected {
  std::string_view id;
  Endpoint by_path;
  std::string_view kind;
  std::string_view single_url;  // the endpoint when all arrive at one URL
  std::string_view call;
  std::string_view call_status;
  std::string_view dial_status;
  std::string_view hangup_cause;  // of whichever leg it is about
};

// clang-format off
constexpr Expected kExpected[] = {
    {"A1", Endpoint::kAnswer, "call.answer", "answer", kInbound, "ringing", "", ""},
    {"A2", Endpoint::kAnswer, "call.answer", "answer", kForwarded, "ringing", "", ""},
    {"A3", Endpoint::kAnswer, "call.answer", "answer", kOutbound, "in-progress", "", ""},
    {"A4", Endpoint::kAnswer, "call.answer", "answer", kSecond, "in-progress", "", ""},
    {"A5", Endpoint::kAnswer, "call.answer", "answer", kBrowser, "ringing", "", ""},
    {"A6", Endpoint::kAnswer, "call.answer", "answer", kInbound, "ringing", "", ""},
    {"F1", Endpoint::kFallback, "call.fallback", "answer", kInbound, "ringing", "", ""},
    {"F2", Endpoint::kFallback, "call.fallback", "answer", kOutbound, "in-progress", "", ""},
    {"F3", Endpoint::kFallback, "call.fallback", "answer", kBrowser, "ringing", "", ""},
    {"D1", Endpoint::kAction, "dial.result", "action", kInbound, "in-progress", "completed", ""},
    {"D2", Endpoint::kAction, "dial.result", "action", kInbound, "ringing", "no-answer", ""},
    {"D3", Endpoint::kAction, "dial.result", "action", kInbound, "ringing", "busy", ""},
    {"D4", Endpoint::kAction, "dial.result", "action", kInbound, "completed", "cancel", "ORIGINATOR_CANCEL"},
    {"D5", Endpoint::kAction, "dial.result", "action", kInbound, "ringing", "failed", ""},
    {"D6", Endpoint::kAction, "dial.result", "action", kInbound, "ringing", "timeout", ""},
    {"D7", Endpoint::kAction, "dial.result", "action", kInbound, "in-progress", "completed", ""},
    {"D8", Endpoint::kAction, "dial.result", "action", kInbound, "ringing", "failed", ""},
    {"E1", Endpoint::kCallback, "dial.answered", "callback", kInbound, "", "", ""},
    {"E2", Endpoint::kCallback, "dial.connected", "callback", kInbound, "", "", ""},
    {"E3", Endpoint::kCallback, "dial.digits", "callback", kInbound, "", "", ""},
    {"E4", Endpoint::kCallback, "dial.digits", "callback", kInbound, "", "", ""},
    {"E5", Endpoint::kCallback, "dial.ended", "callback", kInbound, "", "", "NORMAL_CLEARING"},
    {"E6", Endpoint::kCallback, "dial.ended", "callback", kInbound, "", "", "NO_ANSWER"},
    {"E7", Endpoint::kCallback, "dial.ended", "callback", kInbound, "", "", "LOSE_RACE"},
    {"E8", Endpoint::kCallback, "dial.ended", "callback", kInbound, "", "", "NORMAL_CLEARING"},
    {"E9", Endpoint::kCallback, "dial.ended", "callback", kInbound, "", "", "USER_BUSY"},
    {"R1", Endpoint::kRing, "call.ring", "ring", kOutbound, "ringing", "", ""},
    {"R2", Endpoint::kRing, "call.ring", "ring", kSecond, "ringing", "", ""},
    {"R3", Endpoint::kRing, "call.ring", "ring", kOutbound, "ringing", "", ""},
    {"H1", Endpoint::kHangup, "call.hangup", "hangup", kInbound, "completed", "", "NORMAL_CLEARING"},
    {"H2", Endpoint::kHangup, "call.hangup", "hangup", kOutbound, "completed", "", "NORMAL_CLEARING"},
    {"H3", Endpoint::kHangup, "call.hangup", "hangup", kInbound, "completed", "", "NORMAL_CLEARING"},
    {"H4", Endpoint::kHangup, "call.hangup", "hangup", kOutbound, "busy", "", "USER_BUSY"},
    {"H5", Endpoint::kHangup, "call.hangup", "hangup", kOutbound, "no-answer", "", "NO_ANSWER"},
    {"H6", Endpoint::kHangup, "call.hangup", "hangup", kInbound, "completed", "", "NORMAL_CLEARING"},
    {"H7", Endpoint::kHangup, "call.hangup", "hangup", kInbound, "completed", "", "CALL_REJECTED"},
    {"V1", Endpoint::kConfirm, "dial.confirm", "answer", kInbound, "in-progress", "", ""},
    {"V2", Endpoint::kConfirm, "dial.confirm", "answer", kInbound, "in-progress", "", ""},
    {"V3", Endpoint::kRecording, "recording", "recording", kInbound, "in-progress", "", ""},
    {"V4", Endpoint::kRecording, "recording", "recording", kInbound, "in-progress", "", ""},
    {"V5", Endpoint::kRecording, "recording", "recording", kInbound, "", "", ""},
    {"P1", Endpoint::kEvent, "dial.result", "action", kInbound, "", "completed", ""},
    {"P2", Endpoint::kEvent, "dial.result", "action", kInbound, "", "no-answer", ""},
};
// clang-format on

TEST(PlivoExamples, AllAreExpected) {
  const auto examples = read_examples();
  EXPECT_EQ(examples.size(), std::size(kExpected) + 1);  // P3 is JSON
  for (const Expected& expected : kExpected) {
    EXPECT_TRUE(examples.contains(std::string(expected.id))) << expected.id;
  }
}

TEST(PlivoExamples, ReadByPath) {
  const auto examples = read_examples();
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.id);
    const RequestParameters parameters = request(examples.at(std::string(expected.id)));
    const Webhook webhook = read_webhook(expected.by_path, parameters);
    EXPECT_EQ(to_string(webhook.endpoint), to_string(expected.by_path));
    EXPECT_EQ(to_string(webhook.kind), expected.kind);
    EXPECT_EQ(webhook.call(), expected.call);
    EXPECT_EQ(to_string(webhook.call_status), expected.call_status);
    EXPECT_EQ(to_string(webhook.dial_status), expected.dial_status);
    EXPECT_EQ(webhook.hangup_cause.value_or(""), expected.hangup_cause);
    const bool has_call_uuid = expected.by_path != Endpoint::kEvent;
    EXPECT_EQ(check_call_uuid(webhook, parameters).ok(), has_call_uuid);
    EXPECT_EQ(webhook.stage, 1);
  }
}

TEST(PlivoExamples, ReadAtOneUrl) {
  const auto examples = read_examples();
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.id);
    const RequestParameters parameters = request(examples.at(std::string(expected.id)));
    const Webhook webhook = read_webhook(Endpoint::kAnswer, parameters);
    EXPECT_EQ(to_string(webhook.endpoint), expected.single_url);
    EXPECT_EQ(webhook.call(), expected.call);
    EXPECT_EQ(webhook.hangup_cause.value_or(""), expected.hangup_cause);
  }
}

TEST(PlivoExamples, HangupsHaveTheirNumbers) {
  constexpr struct {
    const char* id;
    Endpoint by_path;
    std::int64_t code;
    std::int64_t duration;
    std::int64_t bill_duration;
    const char* source;
  } kRows[] = {
      {"E5", Endpoint::kCallback, 4000, 37, 60, "Callee"},
      {"E6", Endpoint::kCallback, 6010, 0, 0, "Plivo"},
      {"E7", Endpoint::kCallback, 9000, 0, 0, "Plivo"},
      {"E8", Endpoint::kCallback, 9110, 12, 60, "Plivo"},
      {"E9", Endpoint::kCallback, 3010, 0, 0, "Carrier"},
      {"H1", Endpoint::kHangup, 4000, 54, 60, "Caller"},
      {"H2", Endpoint::kHangup, 4000, 66, 120, "Callee"},
      {"H3", Endpoint::kHangup, 7011, 0, 0, "Error"},
      {"H7", Endpoint::kHangup, 3020, 0, 0, "Answer XML"},
  };
  const auto examples = read_examples();
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.id);
    const RequestParameters parameters = request(examples.at(row.id));
    const Webhook webhook = read_webhook(row.by_path, parameters);
    EXPECT_EQ(webhook.hangup_cause_code, row.code);
    EXPECT_EQ(webhook.duration, row.duration);
    EXPECT_EQ(webhook.bill_duration, row.bill_duration);
    EXPECT_EQ(webhook.hangup_source, row.source);
    const HangupCause* cause = find_hangup_cause(static_cast<int>(row.code));
    ASSERT_NE(cause, nullptr);
    EXPECT_EQ(webhook.hangup_cause_name, cause->name);
  }
}

TEST(PlivoExamples, DialResultsHaveRingStatusAndLegs) {
  constexpr struct {
    const char* id;
    bool rang;
    bool has_b_leg;
    const char* cause;
  } kRows[] = {
      {"D1", true, true, "NORMAL_CLEARING"}, {"D2", true, false, "NO_ANSWER"},
      {"D5", false, false, "CALL_REJECTED"}, {"D6", false, false, "RECOVERY_ON_TIMER_EXPIRE"},
      {"D7", true, true, "NORMAL_CLEARING"}, {"D8", false, false, "sip_auth_failed"},
  };
  const auto examples = read_examples();
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.id);
    const RequestParameters parameters = request(examples.at(row.id));
    const Webhook webhook = read_webhook(Endpoint::kAction, parameters);
    EXPECT_EQ(webhook.dial_ring_status, row.rang);
    EXPECT_EQ(webhook.dial_hangup_cause, row.cause);
    EXPECT_NE(find_textual_cause(row.cause), nullptr);
    ASSERT_TRUE(webhook.b_leg);
    EXPECT_EQ(!webhook.b_leg->empty(), row.has_b_leg);
  }
}

TEST(PlivoExamples, JsonOfAFlow) {
  EventBodyError error;
  auto form =
      decode_event_body({EventBodyType::Format::kJson, ""}, read_examples().at("P3").form, error);
  ASSERT_TRUE(form) << error.message;
  RequestParameters parameters;
  parameters.body = *std::move(form);
  const Webhook webhook = read_webhook(Endpoint::kEvent, parameters);
  EXPECT_EQ(to_string(webhook.kind), "dial.result");
  EXPECT_EQ(to_string(webhook.dial_status), "busy");
  EXPECT_EQ(webhook.dial_status_text, "Busy/Rejected");
  EXPECT_EQ(webhook.dial_ring_status, false);
  EXPECT_EQ(webhook.dial_hangup_cause, "USER_BUSY");
  EXPECT_EQ(webhook.call(), kInbound);
  EXPECT_EQ(webhook.b_leg, "");
}

TEST(PlivoExamples, FlowsHaveTheirRingStatus) {
  const auto examples = read_examples();
  const RequestParameters rang = request(examples.at("P1"));
  EXPECT_EQ(read_webhook(Endpoint::kEvent, rang).dial_ring_status, true);
  const RequestParameters empty = request(examples.at("P2"));
  const Webhook webhook = read_webhook(Endpoint::kEvent, empty);
  EXPECT_EQ(webhook.dial_ring_status, std::nullopt);
  EXPECT_EQ(webhook.dial_status_text, "No Answer");
}

}  // namespace
}  // namespace plivo_dial
