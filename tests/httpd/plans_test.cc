// SPDX-License-Identifier: Apache-2.0
// Plans: whose call it is, whom it rings, in which order, and with which number on the display.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::string plan(const std::string& directives) {
  return "PlivoSignature Off\nPlivoPublicURL https://pbx.example.com\n"
         "<Location \"/dialstatus\">\nSetHandler plivo-dial\n" +
         directives + "\n</Location>\n";
}

// A1 with other values, in wire form.
Example call_with(const std::vector<std::pair<std::string, std::string>>& values) {
  Example call = fresh_call(example("A1"));
  for (const auto& [name, value] : values) call.form = with_form_value(call.form, name, value);
  return call;
}

// The targets of the first Dial in the reply.
std::vector<std::string> dialled(const HttpReply& reply) {
  std::vector<std::string> targets;
  for (const DocumentElement& target : reply.document.child("Dial").children) {
    targets.push_back(target.text);
  }
  return targets;
}

// PlivoVoice of the server holds for a Location, and that of a number for its own plan.
TEST(Voices, SpeakAllSentencesThatHaveNoneOfTheirOwn) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      "PlivoVoice language=de-DE \"apology=Leider nein\" \"greeting=Nach dem Ton\"\n" +
      plan("PlivoSpeak Hallo\nPlivoSpeak Hello voice=MAN\nPlivoDial +14155550101\n"
           "<PlivoNumber +14155550198>\nPlivoVoice voice=MAN \"apology=Nobody\"\n"
           "PlivoSpeak Hi\nPlivoDial +14155550102\n</PlivoNumber>\n"
           "<PlivoNumber +14155550197>\nPlivoVoicemail On\nPlivoSpeak Hallo\n</PlivoNumber>")));
  const auto spoken = [&](const char* to, const char* example_name, const char* path) {
    Example call = fresh_call(example(example_name));
    call.form = with_form_value(call.form, "To", to);
    std::vector<std::string> sentences;
    for (const DocumentElement& element :
         send_example(server.client(), path, call).document.children) {
      if (element.name != "Speak") continue;
      sentences.push_back(element.attribute("voice") + " " + element.attribute("language") + " " +
                          element.text);
    }
    return sentences;
  };
  EXPECT_THAT(spoken("14155550199", "A1", "/dialstatus"),
              ElementsAre(" de-DE Hallo", "MAN  Hello"));
  EXPECT_THAT(spoken("14155550199", "D2", "/dialstatus/action"), ElementsAre(" de-DE Leider nein"));
  EXPECT_THAT(spoken("14155550199", "F1", "/dialstatus/fallback"),
              ElementsAre(" de-DE Leider nein"));
  EXPECT_THAT(spoken("14155550198", "A1", "/dialstatus"), ElementsAre("MAN  Hi"));
  EXPECT_THAT(spoken("14155550198", "D2", "/dialstatus/action"), ElementsAre("MAN  Nobody"));
  EXPECT_THAT(spoken("14155550197", "A1", "/dialstatus"), ElementsAre(" de-DE Hallo"));
  EXPECT_THAT(spoken("14155550197", "D2", "/dialstatus/action"),
              ElementsAre(" de-DE Nach dem Ton"));
}

// What the phone of one target shows.
TEST(CallerIds, OfOneTargetStandAtIt) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      plan("PlivoDial \"+14155550101 callerId=+14155550190 callerName=Sales\" +14155550102 "
           "callerId=+14155550191")));
  const HttpReply reply = send_example(server.client(), "/dialstatus", fresh_call(example("A1")));
  const DocumentElement& dial = reply.document.child("Dial");
  EXPECT_EQ(dial.attribute("callerId"), "+14155550191");
  ASSERT_EQ(dial.children.size(), 2u);
  EXPECT_EQ(dial.children[0].attribute("callerId"), "+14155550190");
  EXPECT_EQ(dial.children[0].attribute("callerName"), "Sales");
  EXPECT_EQ(dial.children[1].attribute("callerId"), "");
}

class Hunting : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Hunting);

// Follows the documents as Plivo does: each Dial's own action URL says where the call goes next.
TEST_P(Hunting, GoesThroughThreeStagesThenApologises) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(
      plan("PlivoSpeak \"Welcome\"\nPlivoDial +14155550101 timeout=10\n"
           "PlivoDial +14155550102 sip:bob@phone.plivo.com\nPlivoDial +14155550103 method=GET")));
  const Example call = fresh_call(example("D2"));
  const std::string uuid = form_value(call.form, "CallUUID");
  Example answer = example("A1");
  answer.form = with_form_value(answer.form, "CallUUID", uuid);
  HttpReply reply = send_example(server.client(), "/dialstatus", answer);
  EXPECT_EQ(reply.document.outline(), "Response(Speak Dial(Number))");
  std::vector<std::vector<std::string>> rung;
  for (int stage = 1; stage <= 3; ++stage) {
    SCOPED_TRACE(stage);
    rung.push_back(dialled(reply));
    const DocumentElement& dial = reply.document.child("Dial");
    const std::string url = dial.attribute("action");
    EXPECT_EQ(url, "https://pbx.example.com/dialstatus/action" +
                       (stage == 1 ? "" : "?stage=" + std::to_string(stage)));
    Example action = call;
    action.method = dial.attribute("method");
    reply = send_example(server.client(), url.substr(url.find("/dialstatus")), action);
  }
  EXPECT_THAT(rung, ElementsAre(ElementsAre("+14155550101"),
                                ElementsAre("+14155550102", "sip:bob@phone.plivo.com"),
                                ElementsAre("+14155550103")));
  EXPECT_EQ(reply.document.outline(), "Response(Speak Hangup)");
  std::map<std::string, int> stage_at;
  for (const auto& event : server.sinks.expect_events(4)) {
    EXPECT_EQ(event.value("call", ""), uuid);
    stage_at[event.value("received", "")] = event.value("stage", 0);
  }
  std::vector<int> stages;
  for (const auto& [received, stage] : stage_at) stages.push_back(stage);
  EXPECT_THAT(stages, ElementsAre(0, 1, 2, 3)) << "the answer belongs to no stage";
}

TEST(HuntingEnds, WhenSomebodyAnsweredOrTheCallerHasGone) {
  PlivoServer server;
  ASSERT_TRUE(server.start(plan("PlivoDial +14155550101\nPlivoDial +14155550102")));
  EXPECT_EQ(server.send("/dialstatus/action", "D1").document.outline(), "Response(Hangup)");
  EXPECT_EQ(server.send("/dialstatus/action", "D4").document.outline(), "Response(Hangup)");
  for (const char* id : {"D2", "D3", "D5", "D6", "D8"}) {
    EXPECT_THAT(dialled(server.send("/dialstatus/action", id)), ElementsAre("+14155550102")) << id;
  }
  server.sinks.expect_events(7);
}

class Messages : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Messages);

TEST_P(Messages, AreLeftWhereNobodyAnswered) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(plan("PlivoDial +14155550101\nPlivoVoicemail On maxLength=90")));
  const DocumentElement reply = server.send("/dialstatus/action", "D3").document;
  EXPECT_EQ(reply.outline(), "Response(Speak Record)");
  const DocumentElement& record = reply.child("Record");
  const std::string url = "https://pbx.example.com/dialstatus/recording";
  EXPECT_EQ(record.attribute("action"), url);
  EXPECT_EQ(record.attribute("callbackUrl"), url + "#rc=5&rp=ct,rt,5xx");
  EXPECT_EQ(record.attribute("maxLength"), "90");
  EXPECT_EQ(server.send("/dialstatus/action", "D1").document.outline(), "Response(Hangup)")
      << "somebody answered";
  // The end of the message, and its file.
  const Example end = fresh_call(example("V3"));
  Example file = example("V5");
  file.form = with_form_value(file.form, "CallUUID", form_value(end.form, "CallUUID"));
  EXPECT_EQ(send_example(server.client(), "/dialstatus/recording", end).document.outline(),
            "Response(Hangup)");
  EXPECT_EQ(send_example(server.client(), "/dialstatus/recording", file).status, 200);
  std::vector<std::string> urls;
  for (const auto& event : server.sinks.expect_events(4)) {
    if (event.value("event", "") != "recording") continue;
    urls.push_back(event["params"].value("RecordUrl", ""));
  }
  EXPECT_THAT(urls,
              ElementsAre(form_value(end.form, "RecordUrl"), form_value(file.form, "RecordUrl")));
}

TEST(Voicemail, IsWhatTheNumberSays) {
  PlivoServer server;
  ASSERT_TRUE(server.start(plan(R"(
PlivoDial +14155550101
PlivoVoicemail On "say=Hello" language=en-GB
<PlivoNumber +14155550199>
  PlivoVoicemail Off
</PlivoNumber>
<PlivoNumber +14155550198>
  PlivoVoicemail On play=https://pbx.example.com/closed.mp3
</PlivoNumber>)")));
  const auto not_reached = [&](const std::string& to) {
    Example action = fresh_call(example("D3"));
    action.form = with_form_value(action.form, "To", to);
    return send_example(server.client(), "/dialstatus/action", action).document;
  };
  EXPECT_EQ(not_reached("14155550177").child("Speak").attribute("language"), "en-GB");
  EXPECT_EQ(not_reached("14155550199").outline(), "Response(Speak Hangup)");
  EXPECT_EQ(not_reached("14155550198").outline(), "Response(Play Record)");
  server.sinks.expect_events(3);
}

TEST(Numbers, HaveTheirOwnPlans) {
  PlivoServer server;
  ASSERT_TRUE(server.start(plan(R"(
PlivoDialDefault timeout=20
<PlivoNumber +14155550199 +14155550198>
  PlivoDial +14155550101
</PlivoNumber>
<PlivoNumber +442079460000>
  PlivoSpeak "London"
  PlivoDial +442079460001 timeout=30
</PlivoNumber>
<PlivoNumber default>
  PlivoDial +14155550109
</PlivoNumber>
)")));
  const auto ask = [&](const std::string& to) {
    return send_example(server.client(), "/dialstatus", call_with({{"To", to}}));
  };
  for (const char* to : {"14155550199", "%2B14155550199", "14155550198"}) {
    EXPECT_THAT(dialled(ask(to)), ElementsAre("+14155550101")) << to;
  }
  const HttpReply london = ask("442079460000");
  EXPECT_EQ(london.document.outline(), "Response(Speak Dial(Number))");
  EXPECT_EQ(london.document.child("Dial").attribute("timeout"), "30");
  EXPECT_EQ(ask("14155550199").document.child("Dial").attribute("timeout"), "20");
  for (const char* to : {"14155550000", "sip%3Aalice%40phone.plivo.com", ""}) {
    EXPECT_THAT(dialled(ask(to)), ElementsAre("+14155550109")) << to;
  }
  for (const auto& event : server.sinks.expect_events(8)) {
    if (event.value("to", "") == "442079460000") {
      EXPECT_EQ(event.value("plan", ""), "+442079460000");
    }
  }
}

TEST(Numbers, WithoutDefaultTheLocationsOwnPlanHolds) {
  PlivoServer server;
  ASSERT_TRUE(
      server.start(plan("PlivoDial +14155550100\n<PlivoNumber +14155550199>\n"
                        "PlivoDial +14155550101\n</PlivoNumber>")));
  EXPECT_THAT(
      dialled(send_example(server.client(), "/dialstatus", call_with({{"To", "14155550000"}}))),
      ElementsAre("+14155550100"));
  EXPECT_THAT(
      dialled(send_example(server.client(), "/dialstatus", call_with({{"To", "14155550199"}}))),
      ElementsAre("+14155550101"));
  server.sinks.expect_events(2);
}

struct CallerIds {
  const char* name;
  const char* directive;
  const char* from;
  const char* expected;
};

void PrintTo(const CallerIds& ids, std::ostream* out) {
  *out << ids.directive;
}

class CallerIdTest : public testing::TestWithParam<CallerIds> {};

TEST_P(CallerIdTest, IsWhatTheDirectiveSays) {
  PlivoServer server;
  ASSERT_TRUE(server.start(plan(std::string(GetParam().directive) + "\nPlivoDial +14155550100")));
  const HttpReply reply =
      send_example(server.client(), "/dialstatus", call_with({{"From", GetParam().from}}));
  EXPECT_EQ(reply.document.child("Dial").attribute("callerId"), GetParam().expected);
  server.sinks.expect_events(1);
}

INSTANTIATE_TEST_SUITE_P(
    , CallerIdTest,
    testing::Values(
        CallerIds{"None", "", "14155550177", ""},
        CallerIds{"Caller", "PlivoCallerId caller", "14155550177", "14155550177"},
        CallerIds{"CallerWithPlus", "PlivoCallerId caller", "%2B14155550177", "+14155550177"},
        CallerIds{"CallerIsNoNumber", "PlivoCallerId caller", "anonymous", ""},
        CallerIds{"Called", "PlivoCallerId called", "14155550177", "14155550199"},
        CallerIds{"Number", "PlivoCallerId +14155550188", "14155550177", "+14155550188"}),
    [](const testing::TestParamInfo<CallerIds>& ids) { return std::string(ids.param.name); });

TEST(Prompts, ComeInOrderBeforeTheFirstDialOnly) {
  PlivoServer server;
  ASSERT_TRUE(
      server.start(plan("PlivoSpeak \"One\" voice=MAN language=en-GB\n"
                        "PlivoPlay https://pbx.example.com/a.mp3 loop=2\n"
                        "PlivoWait 3\nPlivoDial +14155550100\nPlivoDial +14155550101")));
  const DocumentElement answer = server.send("/dialstatus", "A1").document;
  EXPECT_EQ(answer.outline(), "Response(Speak Play Wait Dial(Number))");
  EXPECT_EQ(answer.child("Speak").attribute("voice"), "MAN");
  EXPECT_EQ(answer.child("Play").text, "https://pbx.example.com/a.mp3");
  EXPECT_EQ(answer.child("Wait").attribute("length"), "3");
  EXPECT_EQ(server.send("/dialstatus/action", "D3").document.outline(), "Response(Dial(Number))");
  server.sinks.expect_events(2);
}

TEST(Targets, HaveAttributesOfTheirOwn) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      plan("PlivoDial \"+14155550111 sendDigits=wwww2410\" "
           "\"sip:alice@phone.plivo.com sipHeaders=Ticket=1,Queue=sales\" timeout=25")));
  const DocumentElement dial = server.send("/dialstatus", "A1").document.child("Dial");
  EXPECT_EQ(dial.attribute("timeout"), "25");
  EXPECT_EQ(dial.child("Number").attribute("sendDigits"), "wwww2410");
  EXPECT_EQ(dial.child("User").attribute("sipHeaders"), "Ticket=1,Queue=sales");
  server.sinks.expect_events(1);
}

// Plivo gets a URL, and there the sentence; its numbers may be those of the phone that rings.
TEST(Ringback, IsSaidAtAUrlThatNamesPlanAndStage) {
  PlivoServer server;
  ASSERT_TRUE(
      server.start("PlivoVoice voice=MAN\n" +
                   plan("PlivoDialDefault \"dialMusic=say=Hold on\"\nPlivoDial +14155550100\n"
                        "<PlivoNumber +14155550198>\nPlivoDial +14155550101\n"
                        "PlivoDial +14155550102 \"dialMusic=say=1 < 2 & more\"\n</PlivoNumber>")));
  const auto music_of = [&](const char* path, const char* name, const char* to) {
    Example call = fresh_call(example(name));
    call.form = with_form_value(call.form, "To", to);
    return send_example(server.client(), path, call).document.child("Dial").attribute("dialMusic");
  };
  const std::string url = "https://pbx.example.com/dialstatus/music?number=%2B";
  EXPECT_EQ(music_of("/dialstatus", "A1", "14155550199"), url + "00");
  EXPECT_EQ(music_of("/dialstatus", "A1", "14155550198"), url + "14155550198");
  EXPECT_EQ(music_of("/dialstatus/action", "D2", "14155550198"), url + "14155550198&stage=2");
  const auto heard = [&](const char* query) {
    Example call = fresh_call(example("V1"));
    call.form = with_form_value(call.form, "To", "14155550101");
    const DocumentElement document =
        send_example(server.client(), std::string("/dialstatus/music?") + query, call).document;
    return document.outline() + " " + document.child("Speak").attribute("voice") + " " +
           document.child("Speak").text;
  };
  EXPECT_EQ(heard("number=%2B00"), "Response(Speak) MAN Hold on");
  EXPECT_EQ(heard("number=%2B14155550198"), "Response(Speak) MAN Hold on");
  EXPECT_EQ(heard("number=%2B14155550198&stage=2"), "Response(Speak) MAN 1 < 2 & more");
  EXPECT_EQ(send_example(server.client(), "/dialstatus/music?number=%2B14155550198&stage=1",
                         fresh_call(example("V1")))
                .document.outline(),
            "Response");
  std::vector<std::string> events;
  for (const auto& event : server.sinks.expect_events(7)) {
    if (event["event"] != "dial.music") continue;
    events.push_back(event["plan"].get<std::string>() + " " +
                     event.value("stage", nlohmann::json()).dump());
  }
  EXPECT_THAT(events, UnorderedElementsAre("/dialstatus null", "+14155550198 null",
                                           "+14155550198 2", "+14155550198 1"));
}

// Each report is an event, also when the same keys are pressed again.
TEST(Digits, ArePressedByOneOfTheTwo) {
  PlivoServer server;
  ASSERT_TRUE(server.start(plan("PlivoDial +14155550100 digitsMatch=*9,99 digitsMatchBLeg=456")));
  const DocumentElement dial = server.send("/dialstatus", "A1").document.child("Dial");
  EXPECT_EQ(dial.attribute("digitsMatch"), "*9,99");
  EXPECT_EQ(dial.attribute("digitsMatchBLeg"), "456");
  server.send("/dialstatus/callback", "E3");
  const Example twice = fresh_call(example("E4"));
  for (int i = 0; i < 2; ++i) send_example(server.client(), "/dialstatus/callback", twice);
  std::vector<std::string> pressed;
  for (const auto& event : server.sinks.expect_events(4)) {
    if (event["event"] != "dial.digits") continue;
    pressed.push_back(event["digits"].get<std::string>() + " " +
                      event["digits_pressed_by"].get<std::string>());
  }
  EXPECT_THAT(pressed, UnorderedElementsAre("*9 aleg", "456 bleg", "456 bleg"));
}

TEST(Plans, WithoutStagesSpeakAndEnd) {
  PlivoServer server;
  ASSERT_TRUE(server.start(plan("PlivoSpeak \"We are closed.\"")));
  EXPECT_EQ(server.send("/dialstatus", "A1").document.outline(), "Response(Speak)");
  server.sinks.expect_events(1);
}

}  // namespace
}  // namespace plivo_dial::test
