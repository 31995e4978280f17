// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/request_forms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/form/form.h"
#include "mod_plivo_dial/ctl/http/form_request.h"
#include "tests/unit/ctl/call/plivo_forms.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::string_view kBLeg = "8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612";

std::string body(const FormPairs& pairs) {
  return make_request("POST", "https://h/x", pairs).body;
}

std::vector<std::string> names(std::string_view encoded) {
  std::vector<std::string> names;
  const auto form = Form::decode(encoded);
  for (const Parameter& parameter : form->parameters()) names.emplace_back(parameter.name);
  return names;
}

CallScript outbound_script() {
  CallScript script = test_script();
  script.direction = Direction::kOutbound;
  script.from = "+918030000100";
  script.to = "+919999900123";
  script.call_uuid = "6b0f4c1e-93d7-4a28-b5e1-0c7a9d2f8e46";
  script.start_microseconds = 1'795'184'017'779'297;
  script.extra = {{"RouteType", "Domestic_Anchored"}, {"CountryCode", "IN"}};
  return script;
}

// A leg that began 7 s after the call, to +14155550123.
LegRecord test_leg() {
  LegRecord leg;
  leg.position = 1;
  leg.target = "+14155550123";
  leg.from = "+14155550199";
  leg.uuid = kBLeg;
  leg.started = 7 * kSecond;
  return leg;
}

TEST(AnswerForm, IsPlivos) {
  EXPECT_EQ(body(call_parameters(test_script(), "ringing", "StartApp")), forms::kA1);
  EXPECT_EQ(body(call_parameters(outbound_script(), "in-progress", "StartApp")), forms::kA3);
}

TEST(Forms, NameTheAccount) {
  CallScript script = outbound_script();
  script.auth_id = "MAZZZZZZZZZZZZZZZZZZ";
  const testing::Matcher<std::string> names_it =
      testing::HasSubstr("&ParentAuthID=MAZZZZZZZZZZZZZZZZZZ&");
  EXPECT_THAT(body(call_parameters(script, "ringing", "StartApp")), names_it);
  EXPECT_THAT(body(ring_parameters(script)), names_it);
  EXPECT_THAT(body(hangup_parameters(script, CallRecord())), names_it);
  EXPECT_THAT(body(recording_parameters(script, Recording())),
              testing::HasSubstr("Account%2FMAZZZZZZZZZZZZZZZZZZ%2FRecording"));
}

TEST(AnswerForm, OfCallToSipUserHasItsHeader) {
  CallScript script = test_script();
  script.direction = Direction::kOutbound;
  script.to = "sip:alice1234@phone.plivo.com";
  script.extra = {{"X-PH-Test", "Sample"}};
  const std::string form = body(call_parameters(script, "in-progress", "StartApp"));
  EXPECT_EQ(names(form), names(forms::kA4));
  EXPECT_THAT(form, testing::HasSubstr("&To=sip%3Aalice1234%40phone.plivo.com"));
}

struct DialCase {
  std::string_view form;
  std::string_view call_status;
  DialResult result;
};

TEST(DialForm, IsPlivos) {
  const DialCase cases[] = {
      {forms::kD1, "in-progress", {"completed", "NORMAL_CLEARING", true, std::string(kBLeg)}},
      {forms::kD2, "ringing", {"no-answer", "NO_ANSWER", true, ""}},
      {forms::kD3, "ringing", {"busy", "USER_BUSY", false, ""}},
      {forms::kD5, "ringing", {"failed", "CALL_REJECTED", false, ""}},
      {forms::kD6, "ringing", {"timeout", "RECOVERY_ON_TIMER_EXPIRE", false, ""}},
      {forms::kD8, "ringing", {"failed", "sip_auth_failed", false, ""}},
  };
  for (const DialCase& entry : cases) {
    const CallScript script = test_script();
    EXPECT_EQ(body(joined(call_parameters(script, entry.call_status, "Redirect"),
                          dial_parameters(script, entry.result))),
              entry.form);
  }
}

TEST(DialForm, AfterTheCallerGaveUpSaysHowTheCallEnded) {
  const CallScript script = test_script();
  CallRecord record;
  record.end = {"completed", "ORIGINATOR_CANCEL", 1000, "Caller"};
  record.ended = 9 * kSecond;
  const DialResult result = {"cancel", "ORIGINATOR_CANCEL", true, ""};
  EXPECT_EQ(body(joined(joined(call_parameters(script, "completed", "Redirect"),
                               ended_call_parameters(script, record)),
                        dial_parameters(script, result))),
            forms::kD4);
}

TEST(DialForm, WithGetMergesTheQueryOfTheUrl) {
  const CallScript script = test_script();
  const DialResult result = {"completed", "NORMAL_CLEARING", true, std::string(kBLeg)};
  const HttpRequest request = make_request(
      "GET", "https://h/dial?step=2#rc=3&rp=ct",
      joined(call_parameters(script, "in-progress", "Redirect"), dial_parameters(script, result)));
  EXPECT_EQ(request.url, "https://h/dial?" + std::string(forms::kD7));
  EXPECT_EQ(request.body, "");
}

TEST(Request, WithPostKeepsQueryAndDropsFragment) {
  const HttpRequest request = make_request("POST", "https://h/dial?step=2#rc=3", {{"b", "1"}});
  EXPECT_EQ(request.url, "https://h/dial?step=2");
  EXPECT_EQ(request.body, "b=1");
}

TEST(CallbackForm, OfLiveLegIsPlivos) {
  const CallScript script = test_script();
  EXPECT_EQ(body(dial_callback_parameters(script, test_leg(), DialAction::kAnswer)), forms::kE1);
  EXPECT_EQ(body(dial_callback_parameters(script, test_leg(), DialAction::kConnected)), forms::kE2);
  EXPECT_EQ(body(digits_match_parameters(script, test_leg(), "*9", "aleg")), forms::kE3);
  EXPECT_EQ(body(digits_match_parameters(script, test_leg(), "456", "bleg")), forms::kE4);
}

TEST(CallbackForm, OfEndedLegIsPlivos) {
  struct Case {
    std::string_view form;
    LegEnd end;
    std::optional<std::int64_t> answered;
    std::int64_t ended;
  };
  const Case cases[] = {
      {forms::kE5, outcome_rule(Outcome::kCompleted).end, 19, 56},
      {forms::kE6, kRingTimeout, std::nullopt, 32},
      {forms::kE8, outcome_rule(Outcome::kNotConfirmed).end, 19, 31},
      {forms::kE9, outcome_rule(Outcome::kBusy).end, std::nullopt, 10},
  };
  for (const Case& entry : cases) {
    LegRecord leg = test_leg();
    leg.end = entry.end;
    if (entry.answered) leg.answered = *entry.answered * kSecond;
    leg.ended = entry.ended * kSecond;
    EXPECT_EQ(body(dial_callback_parameters(test_script(), leg, DialAction::kHangup)), entry.form);
  }
}

TEST(CallbackForm, OfLegThatLostTheRaceIsPlivos) {
  LegRecord leg = test_leg();
  leg.position = 2;
  leg.target = "+14155550124";
  leg.uuid = "1f6d0b73-94ce-4a58-8a2e-c07b35d9e844";
  leg.end = kLostRace;
  leg.ended = 19 * kSecond;
  EXPECT_EQ(body(dial_callback_parameters(test_script(), leg, DialAction::kHangup)), forms::kE7);
}

TEST(RingForm, IsPlivos) {
  CallScript script = outbound_script();
  script.from = "+14155550199";
  script.to = "+14155550123";
  script.start_microseconds = 1'795'183'979'101'122;
  script.extra.clear();
  EXPECT_EQ(body(ring_parameters(script)), forms::kR1);
}

TEST(HangupForm, OfInboundCallIsPlivos) {
  struct Case {
    std::string_view form;
    CallEnd end;
    std::optional<std::int64_t> answered;
    std::int64_t ended;
  };
  const Case cases[] = {
      {forms::kH1, {"completed", "NORMAL_CLEARING", 4000, "Caller"}, 3, 57},
      {forms::kH3, {"completed", "NORMAL_CLEARING", 7011, "Error"}, std::nullopt, 40},
      {forms::kH6, {"completed", "NORMAL_CLEARING", 4010, "Plivo"}, 3, 14},
      {forms::kH7, {"completed", "CALL_REJECTED", 3020, "Answer XML"}, std::nullopt, 0},
  };
  for (const Case& entry : cases) {
    CallRecord record;
    record.end = entry.end;
    if (entry.answered) record.answered = *entry.answered * kSecond;
    record.ended = entry.ended * kSecond;
    EXPECT_EQ(body(hangup_parameters(test_script(), record)), entry.form);
  }
}

TEST(HangupForm, OfOutboundCallHasTheNamesOfPlivos) {
  CallRecord record;
  record.end = {"busy", "USER_BUSY", 3010, "Carrier"};
  EXPECT_EQ(names(body(hangup_parameters(outbound_script(), record))), names(forms::kH4));
  EXPECT_EQ(names(forms::kH5), names(forms::kH4));
  record.answered = 0;
  EXPECT_EQ(names(body(hangup_parameters(outbound_script(), record))), names(forms::kH2));
}

TEST(HangupForm, BillsWholeMinutes) {
  CallRecord record;
  record.answered = 0;
  record.ended = 66 * kSecond;
  const std::string form = body(hangup_parameters(outbound_script(), record));
  EXPECT_THAT(form, testing::HasSubstr("&BillDuration=120&BillRate=0.005&"));
  EXPECT_THAT(form, testing::HasSubstr("&Duration=66&"));
  EXPECT_TRUE(form.ends_with("&TotalCost=0.01000")) << form;
}

TEST(HangupForm, LastsAsLongWheneverItIsPlayed) {
  CallRecord record;
  record.answered = 3'000;
  record.ended = 8'200;
  for (const std::int64_t fraction : {0, 184'467, 999'999}) {
    CallScript script = test_script();
    script.start_microseconds = 1'795'166'102'000'000 + fraction;
    EXPECT_THAT(body(hangup_parameters(script, record)), testing::HasSubstr("&Duration=5&"));
  }
}

TEST(RecordingForm, IsPlivos) {
  const CallScript script = test_script();
  Recording recording;
  recording.id = "9b1c2d3e-4f50-4a61-8b72-93c4d5e6f708";
  const FormPairs call = call_parameters(script, "in-progress", "");
  EXPECT_EQ(body(joined(call, recording_parameters(script, recording))), forms::kV4);
  recording.started = 5 * kSecond;
  recording.length = 17'340;
  const std::string ended =
      body(joined(joined(call, recording_parameters(script, recording)), {{"Digits", "#"}}));
  EXPECT_EQ(names(ended), names(forms::kV3));
  EXPECT_THAT(ended, testing::HasSubstr("&RecordingDuration=17&RecordingDurationMs=17340&"));
  EXPECT_THAT(ended, testing::HasSubstr("RecordingEndMs=1795166124524&"));
  EXPECT_EQ(names(body(transcription_parameters(script, recording))),
            names("call_uuid=&duration=&error=&recording_id=&transcription=&transcription_charge=&"
                  "transcription_rate="));
  EXPECT_EQ(names(body(
                joined({{"CallUUID", script.call_uuid}}, recording_parameters(script, recording)))),
            names(forms::kV5));
}

}  // namespace
}  // namespace plivo_dial::ctl
