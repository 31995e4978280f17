// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "mod_plivo_dial/ctl/call/call_json.h"
#include "mod_plivo_dial/ctl/call/timeline.h"
#include "mod_plivo_dial/ctl/printable.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

CallRecord busy_then_answered() {
  FakeServer server;
  server.document("/answer",
                  "<Speak>Connecting your call..</Speak>"
                  "<Dial timeout=\"20\" action=\"http://plivo.test/action\" "
                  "callbackUrl=\"http://plivo.test/leg\"><Number>+14155550101</Number></Dial>");
  server.document("/action", "<Dial><Number>+14155550102</Number></Dial><Hangup/>");
  CallScript script = test_script();
  script.outcomes = {{"+14155550101", Outcome::kBusy, std::nullopt}};
  return play_call(script, server);
}

CallRecord hostile() {
  FakeServer server;
  server.document("/answer",
                  "<Speak>a\xC2\x9B"
                  "31m\xE2\x80\xAE evil</Speak>");
  return play_call(test_script(), server);
}

TEST(Timeline, ReadsAsExpected) {
  // The sentence about a cause belongs to the table of causes.
  EXPECT_EQ(
      render_timeline(busy_then_answered(), {}),
      std::string(
          R"(Inbound call +14155550100 -> +14155550199, CallUUID c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21 (virtual time, requests not signed)

    0.000  -> POST /answer                       200 Event=StartApp CallStatus=ringing
           <- Speak, Dial
    0.000     Speak "Connecting your call.."  (about 1.2 s)
    1.200     Dial +14155550101 timeout=20
    4.200       +14155550101 is busy
    4.200  -> POST /leg                          200 Event=DialHangup DialBLegTo=14155550101 DialBLegHangupCauseCode=3010
    4.200  -> POST /action                       200 DialStatus=busy DialHangupCause=USER_BUSY
           <- Dial, Hangup
    4.200     Dial +14155550102
   12.200       +14155550102 answers
   42.200       +14155550102 hangs up after 30 s of talk
   42.200     Hangup
   42.200  -> POST /hangup                       200 Event=Hangup CallStatus=completed HangupCauseCode=4000 Duration=42

Call completed after 42.2 s, DialStatus completed, talk 30 s.
Ended by Answer XML: 4000 Normal Hangup. )") +
          std::string(cause_meaning(4000)) + "\nOK: 4 requests, every reply acceptable.\n");
}

TEST(Timeline, SaysOnceThatRequestsWereSignedAndShowsNoToken) {
  FakeServer server;
  CallScript script = test_script();
  script.token = "the-token-that-nobody-sees";
  const CallRecord record = play_call(script, server);
  const std::string text = render_timeline(record, {false, true});
  EXPECT_THAT(text, HasSubstr("(virtual time, requests signed)\n"));
  const std::string json = render_json(record);
  EXPECT_EQ(nlohmann::json::parse(json)["call"]["signed"], true);
  for (const HttpRequest& request : server.requests()) {
    for (const HttpHeader& header : request.headers) {
      EXPECT_THAT(text + json, Not(HasSubstr(header.value)));
    }
  }
  EXPECT_THAT(text + json, Not(HasSubstr(std::string(script.token))));
}

TEST(Timeline, ShowsRefusalsWithCauseAndRemedy) {
  FakeServer server;
  HttpResponse failure;
  failure.status = 500;
  server.reply("/answer", failure);
  const std::string text = render_timeline(play_call(test_script(), server), {});
  EXPECT_THAT(text, HasSubstr("!! refused: status 500\n"));
  EXPECT_THAT(text, HasSubstr("Plivo: 7011 Error Reaching Answer URL\n"));
  EXPECT_THAT(text, HasSubstr("error log"));
  EXPECT_THAT(text, HasSubstr("NOT OK: 2 requests, 1 reply that Plivo would refuse.\n"));
}

TEST(Timeline, SaysThatAnEmptyResponseEndsTheCall) {
  FakeServer server;
  server.document("/answer", "");
  EXPECT_THAT(render_timeline(play_call(test_script(), server), {}),
              HasSubstr("<- an empty Response, which ends the call\n"));
}

TEST(Timeline, SaysWhenItWasStopped) {
  FakeServer server;
  server.document("/answer", "<Redirect>http://plivo.test/answer</Redirect>");
  CallScript script = test_script();
  script.max_requests = 3;
  EXPECT_THAT(render_timeline(play_call(script, server), {}), HasSubstr("STOPPED after"));
}

TEST(Timeline, ShowsDocumentsOnDemand) {
  FakeServer server;
  server.document("/answer", "\n<Speak>hi</Speak>\n");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_THAT(render_timeline(record, {}), Not(HasSubstr("| <Response>")));
  EXPECT_THAT(render_timeline(record, {false, true}),
              HasSubstr("   | <Response>\n              | <Speak>hi</Speak>\n"));
}

TEST(Timeline, ColoursOnlyWhenAsked) {
  const CallRecord record = busy_then_answered();
  EXPECT_THAT(render_timeline(record, {}), Not(HasSubstr("\033")));
  EXPECT_THAT(render_timeline(record, {true, false}), HasSubstr("\033[32mOK\033[0m"));
}

TEST(Timeline, LetsNoControlCharacterOfTheServerThrough) {
  const std::string text = render_timeline(hostile(), {false, true});
  for (const char byte : text) EXPECT_TRUE(byte == '\n' || (byte >= 0x20 && byte != 0x7F)) << text;
}

TEST(Printable, EscapesWhatTurnsTheTerminal) {
  EXPECT_EQ(printable("a\tb\r\n\x1b[31m\x7f"), "a\\tb\\r\\n\\x1b[31m\\x7f");
  EXPECT_EQ(printable("\xC2\x9B \xE2\x80\xAE \xE2\x81\xA6"), "\\u009b \\u202e \\u2066");
  EXPECT_EQ(printable("Jos\xC3\xA9 \xFF"), "Jos\xC3\xA9 \xEF\xBF\xBD");
}

TEST(Json, HoldsStepsLegsAndResult) {
  const auto json = nlohmann::json::parse(render_json(busy_then_answered()));
  EXPECT_EQ(json["v"], 1);
  EXPECT_EQ(json["call"]["uuid"], "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21");
  EXPECT_EQ(json["call"]["signed"], false);
  EXPECT_EQ(json["steps"][0]["kind"], "request");
  EXPECT_EQ(json["steps"][0]["purpose"], "answer");
  EXPECT_EQ(json["steps"][0]["parameters"]["Event"], "StartApp");
  EXPECT_EQ(json["steps"][0]["elements"], nlohmann::json({"Speak", "Dial"}));
  EXPECT_EQ(json["legs"].size(), 2U);
  EXPECT_EQ(json["legs"][0]["cause"]["code"], 3010);
  EXPECT_EQ(json["legs"][0]["answered"], nullptr);
  EXPECT_EQ(json["result"]["ok"], true);
  EXPECT_EQ(json["result"]["dial_status"], "completed");
  EXPECT_EQ(json["result"]["talk"], 30.0);
}

TEST(Json, IsValidWhateverTheServerSends) {
  FakeServer server;
  server.reply("/answer", xml_reply(std::string("\0\xFF\x1b", 3)));
  const auto json = nlohmann::json::parse(render_json(play_call(test_script(), server)));
  EXPECT_EQ(json["result"]["ok"], false);
  EXPECT_EQ(json["result"]["cause"]["code"], 8011);
}

TEST(Json, ListsRepeatedParameters) {
  FakeServer server;
  CallScript script = test_script();
  script.extra = {{"X-PH-A", "1"}, {"X-PH-A", "2"}};
  const auto json = nlohmann::json::parse(render_json(play_call(script, server)));
  EXPECT_EQ(json["steps"][0]["parameters"]["X-PH-A"], nlohmann::json({"1", "2"}));
}

}  // namespace
}  // namespace plivo_dial::ctl
