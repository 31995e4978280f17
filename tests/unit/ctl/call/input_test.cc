// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mod_plivo_dial/ctl/call/report_forms.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(GetDigits, SendsWhatTheCallerTypes) {
  FakeServer server;
  server.document("/answer",
                  "<GetDigits action=\"http://plivo.test/menu\"><Speak>press one</Speak>"
                  "</GetDigits><Speak>sorry</Speak>");
  server.document("/menu", "<Hangup/>");
  CallScript script = test_script();
  script.digits = {"12#34"};
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /answer StartApp", "POST /menu", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "Digits"), "12");
}

TEST(GetDigits, WithoutDigitsGoesOn) {
  for (const std::string digits : {"", "9"}) {
    FakeServer server;
    server.document("/answer",
                    "<GetDigits action=\"http://plivo.test/menu\" timeout=\"7\" retries=\"2\" "
                    "validDigits=\"12\"/>");
    CallScript script = test_script();
    if (!digits.empty()) script.digits = {digits};
    const CallRecord record = play_call(script, server);
    EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /hangup Hangup"));
    EXPECT_EQ(record.ended, 14'000);
  }
}

TEST(GetDigits, EachTakesItsOwnDigits) {
  FakeServer server;
  server.document("/answer", "<GetDigits numDigits=\"1\" action=\"http://plivo.test/a\"/>");
  server.document("/a", "<GetDigits action=\"http://plivo.test/b\" redirect=\"false\"/>");
  CallScript script = test_script();
  script.digits = {"15", "2"};
  play_call(script, server);
  EXPECT_EQ(server.parameter(1, "Digits"), "1");
  EXPECT_EQ(server.parameter(2, "Digits"), "2");
}

TEST(GetInput, SendsItsOwnParameters) {
  FakeServer server;
  server.document("/answer",
                  "<GetInput action=\"http://plivo.test/a\" inputType=\"dtmf speech\"/>");
  CallScript script = test_script();
  script.digits = {"3"};
  play_call(script, server);
  EXPECT_EQ(server.parameter(1, "InputType"), "dtmf");
  EXPECT_EQ(server.parameter(1, "Speech"), "");
}

TEST(Record, ReportsTheMessage) {
  FakeServer server;
  server.document(
      "/answer",
      "<Record action=\"http://plivo.test/done\" callbackUrl=\"http://plivo.test/file\" "
      "maxLength=\"120\" fileFormat=\"wav\"/>");
  server.document("/done", "<Hangup/>");
  CallScript script = test_script();
  script.talk_seconds = 17;
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /done Redirect",
                                            "POST /file", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "RecordingDuration"), "17");
  EXPECT_EQ(server.parameter(1, "Digits"), "#");
  EXPECT_THAT(server.parameter(1, "RecordUrl"), HasSubstr(".wav"));
  EXPECT_EQ(server.parameter(2, "RecordingID"), server.parameter(1, "RecordingID"));
  EXPECT_EQ(server.parameter(2, "Digits"), "(absent)");
}

TEST(Record, ReportsTheTextWhereOneIsAskedFor) {
  for (const auto& [attributes, texts] : std::vector<std::pair<std::string, std::size_t>>{
           {"transcriptionType=\"auto\" transcriptionUrl=\"http://plivo.test/text\"", 1},
           {"transcriptionUrl=\"http://plivo.test/text\"", 0},
           {"transcriptionType=\"auto\"", 0},
           {"transcriptionType=\"auto\" transcriptionUrl=\"http://plivo.test/text\" "
            "maxLength=\"0\"",
            0}}) {
    FakeServer server;
    server.document("/answer", "<Record " + attributes + "/>");
    const CallRecord record = play_call(test_script(), server);
    EXPECT_TRUE(is_good(record));
    ASSERT_EQ(server.summary().size(), 2 + texts) << attributes;
    if (texts == 0) continue;
    EXPECT_EQ(server.summary()[1], "POST /text");
    EXPECT_EQ(server.parameter(1, "call_uuid"), test_script().call_uuid);
    EXPECT_EQ(server.parameter(1, "CallUUID"), "(absent)");
    EXPECT_THAT(server.parameter(1, "transcription"), HasSubstr("message"));
  }
}

TEST(Reports, AreSentBehindTheFirstDocument) {
  FakeServer server;
  server.document("/answer", "<Wait/>");
  server.document("/action", "");
  CallScript script = test_script();
  script.reports = {{"machine", ""}, {"digits", "http://plivo.test/action"}};
  const CallRecord record = play_call(script, server);
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /answer StartApp", "POST /answer MachineDetection", "POST /action",
                          "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(2, "Digits"), "1");
}

TEST(Reports, MayBeAllThatIsSentAndComeAgain) {
  FakeServer server;
  CallScript script = test_script();
  script.reports = {{"ring", "http://plivo.test/ring"}};
  script.reports_only = true;
  script.again = true;
  const CallRecord record = play_call(script, server);
  EXPECT_THAT(server.summary(), ElementsAre("POST /ring Ring", "POST /ring Ring"));
  EXPECT_TRUE(is_good(record));
}

TEST(Reports, AreKnownByTheirWords) {
  for (const ReportRule& rule : report_rules()) {
    const auto report = parse_report(std::string(rule.word) + "=http://plivo.test/a=b");
    ASSERT_TRUE(report.ok()) << rule.word;
    EXPECT_EQ(report->word, rule.word);
    EXPECT_EQ(report->url, "http://plivo.test/a=b");
    EXPECT_FALSE(report_parameters(test_script(), rule.kind).empty()) << rule.word;
  }
  EXPECT_EQ(parse_report("digits")->url, "");
  for (const char* text : {"", "=http://plivo.test/", "digit", "Digits"}) {
    ASSERT_FALSE(parse_report(text).ok()) << text;
    const bool near = *text != '\0' && *text != '=';
    EXPECT_THAT(parse_report(text).error().message,
                HasSubstr(near ? "did you mean digits?" : "transcription"))
        << text;
  }
}

TEST(Reports, OfAFlowSayWhatTheParametersSay) {
  CallScript script = test_script();
  script.extra = {{"DialALegUUID", "undefined"}, {"Step", "2"}};
  const FormPairs pairs = report_parameters(script, ReportKind::kFlow);
  EXPECT_THAT(pairs, testing::Contains(testing::Pair("DialALegUUID", "undefined")));
  EXPECT_THAT(pairs, testing::Contains(testing::Pair("Step", "2")));
  EXPECT_THAT(pairs, testing::Contains(testing::Pair("DialStatus", "No Answer")));
}

TEST(Reports, OfOthersSayItOnceToo) {
  CallScript script = test_script();
  script.extra = {{"Duration", "61"}};
  const FormPairs pairs = report_parameters(script, ReportKind::kHangup);
  EXPECT_EQ(std::ranges::count(pairs, "Duration", &FormPairs::value_type::first), 1);
  EXPECT_THAT(pairs, testing::Contains(testing::Pair("Duration", "61")));
}

TEST(Reports, OfAFlowAreSentAsItsNodeSaysIt) {
  CallScript script = test_script();
  const FormPairs pairs = {{"DialALegUUID", "null"}, {"DialStatus", "No \"Answer\""}};
  const char* const json = R"({"DialALegUUID":null,"DialStatus":"No \"Answer\""})";
  const std::string url = "http://plivo.test/event?a=b";
  script.flow_body = "json";
  HttpRequest request = flow_request(script, url, pairs);
  EXPECT_EQ(request.body, json);
  ASSERT_EQ(request.headers.size(), 1U);
  EXPECT_EQ(request.headers[0].value, "application/json");
  script.flow_body = "json-as-form";
  script.flow_method = "PUT";
  request = flow_request(script, url, pairs);
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.body, json);
  EXPECT_TRUE(request.headers.empty());
  script.flow_method = "DELETE";
  request = flow_request(script, url, pairs);
  EXPECT_EQ(request.body, "");
  EXPECT_EQ(request.url,
            "http://plivo.test/event?DialALegUUID=null&DialStatus=No+%22Answer%22&a=b");
  EXPECT_TRUE(request.headers.empty());
}

TEST(Record, StopsAtItsLongest) {
  FakeServer server;
  server.document("/answer", "<Record action=\"http://plivo.test/done\" maxLength=\"10\"/>");
  server.document("/done", "");
  play_call(test_script(), server);
  EXPECT_EQ(server.parameter(1, "RecordingDurationMs"), "10000");
  EXPECT_EQ(server.parameter(1, "Digits"), "");
}

TEST(Record, OfTheSessionRunsToTheEnd) {
  FakeServer server;
  server.document("/answer",
                  "<Record recordSession=\"true\" redirect=\"false\" "
                  "action=\"http://plivo.test/begin\" callbackUrl=\"http://plivo.test/file\"/>"
                  "<Wait length=\"12\"/>");
  play_call(test_script(), server);
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /begin", "POST /file",
                                            "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(1, "RecordingDuration"), "-1");
  EXPECT_EQ(server.parameter(2, "RecordingDuration"), "12");
}

constexpr const char* kRecordedDial =
    "<Record startOnDialAnswer=\"true\" redirect=\"false\" action=\"http://plivo.test/begin\" "
    "callbackUrl=\"http://plivo.test/file\"/>"
    "<Dial callbackUrl=\"http://plivo.test/leg\"><Number>+14155550100</Number>"
    "<Number>+14155550122</Number></Dial>";

TEST(Record, OnDialAnswerBeginsWhenSomebodyAnswers) {
  FakeServer server;
  server.document("/answer", kRecordedDial);
  CallScript script = test_script();
  script.outcomes = {{"+14155550100", Outcome::kBusy, {}},
                     {"+14155550122", Outcome::kCompleted, 11}};
  script.talk_seconds = 20;
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /answer StartApp", "POST /leg DialHangup", "POST /leg DialAnswer",
                          "POST /begin", "POST /leg DialConnected", "POST /leg DialHangup",
                          "POST /file", "POST /hangup Hangup"));
  EXPECT_EQ(server.parameter(3, "RecordingDuration"), "-1");
  EXPECT_EQ(server.parameter(6, "RecordingDuration"), "20");
  EXPECT_THAT(notices(record, Severity::kNote), testing::Contains("the recording starts"));
}

TEST(Record, OnDialAnswerRecordsNothingWhereNobodyAnswers) {
  for (const Outcome outcome : {Outcome::kBusy, Outcome::kNoAnswer, Outcome::kCancel}) {
    FakeServer server;
    server.document("/answer", kRecordedDial);
    CallScript script = test_script();
    script.outcomes = {{"*", outcome, {}}};
    const CallRecord record = play_call(script, server);
    EXPECT_THAT(server.summary(), testing::Not(testing::Contains(HasSubstr("/begin"))));
    EXPECT_THAT(server.summary(), testing::Not(testing::Contains(HasSubstr("/file"))));
    EXPECT_THAT(notices(record, Severity::kNote),
                testing::Contains("nothing was recorded: nobody who was dialled answered"));
  }
}

// The second stage is the one that is answered.
TEST(Record, OnDialAnswerWaitsOverSeveralDials) {
  FakeServer server;
  server.document("/answer",
                  "<Record startOnDialAnswer=\"true\" recordSession=\"true\" redirect=\"false\" "
                  "callbackUrl=\"http://plivo.test/file\"/>"
                  "<Dial><Number>+14155550100</Number></Dial>"
                  "<Dial><Number>+14155550122</Number></Dial><Wait length=\"5\"/>");
  CallScript script = test_script();
  script.outcomes = {{"+14155550100", Outcome::kBusy, {}}};
  script.talk_seconds = 20;
  play_call(script, server);
  EXPECT_EQ(server.parameter(server.find("Event", "Hangup") - 1, "RecordingDuration"), "25");
}

TEST(Record, OnDialAnswerWarnsOfAnActionThatTakesTheCallAway) {
  FakeServer server;
  server.document("/answer",
                  "<Record startOnDialAnswer=\"true\" action=\"http://plivo.test/begin\"/>"
                  "<Dial><Number>+14155550100</Number></Dial>");
  server.document("/begin", "<Hangup/>");
  const CallRecord record = play_call(test_script(), server);
  EXPECT_THAT(server.summary(),
              ElementsAre("POST /answer StartApp", "POST /begin Redirect", "POST /hangup Hangup"));
  EXPECT_THAT(notices(record, Severity::kWarning),
              ElementsAre(HasSubstr("write redirect=\"false\"")));
}

}  // namespace
}  // namespace plivo_dial::ctl
