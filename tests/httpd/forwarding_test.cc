// SPDX-License-Identifier: Apache-2.0
// A forwarded call, end to end: each request that Plivo is known to send gets its reply, and
// becomes one event in each sink.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/webhook/callback_options.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Forwarding : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Forwarding);

// The document of the short configuration, in every particular.
void expect_short_answer(const HttpReply& reply) {
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-type"), "application/xml");
  EXPECT_EQ(reply.header("cache-control"), "no-store");
  EXPECT_EQ(reply.document.outline(), "Response(Speak Dial(Number))");
  EXPECT_EQ(reply.document.child("Speak").text, "Connecting your call..");
  const DocumentElement& dial = reply.document.child("Dial");
  EXPECT_THAT(dial.attribute_names, ElementsAre("action", "method", "callbackUrl"));
  EXPECT_EQ(dial.attribute("action"), "https://pbx.example.com/dialstatus/action");
  EXPECT_EQ(dial.attribute("method"), "POST");
  EXPECT_EQ(dial.attribute("callbackUrl"),
            "https://pbx.example.com/dialstatus/callback#" + std::string(kDefaultCallbackFragment));
  EXPECT_EQ(dial.child("Number").text, "+14155550100");
  EXPECT_TRUE(dial.child("Number").attributes.empty());
}

TEST_P(Forwarding, AnswerSpeaksAndDials) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(kShortConfiguration));
  const Example call = fresh_call(example("A1"));
  expect_short_answer(send_example(server.client(), "/dialstatus", call));
  const auto events = server.sinks.expect_events(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value("event", ""), "call.answer");
  EXPECT_EQ(events[0].value("endpoint", ""), "answer");
  EXPECT_EQ(events[0].value("call", ""), form_value(call.form, "CallUUID"));
  EXPECT_EQ(events[0].value("call_status", ""), "ringing");
  EXPECT_EQ(events[0].value("v", 0), 1);
  EXPECT_EQ(events[0].value("verified", true), false);
}

TEST_P(Forwarding, EveryAnswerExampleGetsTheDocument) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::vector<Example> all = examples("A");
  for (const Example& one : all) {
    SCOPED_TRACE(one.id);
    expect_short_answer(send_example(server.client(), "/dialstatus", fresh_call(one)));
  }
  server.sinks.expect_events(all.size());
}

TEST_P(Forwarding, EveryActionGetsADocumentAndOneEventWithItsStatus) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(kShortConfiguration));
  std::map<std::string, std::string> status_of_call;
  for (const Example& one : examples("D")) {
    SCOPED_TRACE(one.id);
    const Example call = fresh_call(one);
    const std::string status = form_value(call.form, "DialStatus");
    status_of_call[form_value(call.form, "CallUUID")] = status;
    const HttpReply reply = send_example(server.client(), "/dialstatus/action", call);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("content-type"), "application/xml");
    const bool over = status == "completed" || form_value(call.form, "CallStatus") == "completed";
    EXPECT_EQ(reply.document.outline(), over ? "Response(Hangup)" : "Response(Speak Hangup)");
  }
  ASSERT_EQ(status_of_call.size(), 8U);
  for (const auto& event : server.sinks.expect_events(8)) {
    EXPECT_EQ(event.value("event", ""), "dial.result") << event;
    EXPECT_EQ(event.value("dial_status", ""), status_of_call[event.value("call", "")]) << event;
  }
}

struct EmptyReplies {
  const char* name;
  const char* letters;
  const char* path;
  std::size_t count;
};

void PrintTo(const EmptyReplies& replies, std::ostream* out) {
  *out << replies.path;
}

class EmptyReply : public testing::TestWithParam<EmptyReplies> {};

TEST_P(EmptyReply, EachExampleIsOneEvent) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::vector<Example> all = examples(GetParam().letters);
  ASSERT_EQ(all.size(), GetParam().count);
  std::vector<std::string> calls;
  for (const Example& one : all) {
    SCOPED_TRACE(one.id);
    const Example call = fresh_call(one);
    calls.push_back(form_value(call.form, "CallUUID"));
    const HttpReply reply = send_example(server.client(), GetParam().path, call);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "");
    EXPECT_EQ(reply.header("content-length"), "0");
  }
  std::vector<std::string> seen;
  for (const auto& event : server.sinks.expect_events(all.size())) {
    seen.push_back(event.value("call", ""));
  }
  EXPECT_THAT(seen, testing::UnorderedElementsAreArray(calls));
}

INSTANTIATE_TEST_SUITE_P(, EmptyReply,
                         testing::Values(EmptyReplies{"Callbacks", "E", "/dialstatus/callback", 9},
                                         EmptyReplies{"Rings", "R", "/dialstatus/ring", 3},
                                         EmptyReplies{"Hangups", "H", "/dialstatus/hangup", 7}),
                         [](const testing::TestParamInfo<EmptyReplies>& replies) {
                           return std::string(replies.param.name);
                         });

TEST(Callback, EachKindHasItsEvent) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::map<std::string, std::string> kinds = {
      {"E1", "dial.answered"}, {"E2", "dial.connected"}, {"E3", "dial.digits"},
      {"E5", "dial.ended"},    {"R1", "call.ring"},      {"H2", "call.hangup"}};
  std::map<std::string, std::string> kind_of_call;
  for (const auto& [id, kind] : kinds) {
    const Example call = fresh_call(example(id));
    kind_of_call[form_value(call.form, "CallUUID")] = kind;
    const char* paths[] = {"/dialstatus/callback", "/dialstatus/ring", "/dialstatus/hangup"};
    send_example(server.client(), paths[id[0] == 'E' ? 0 : id[0] == 'R' ? 1 : 2], call);
  }
  for (const auto& event : server.sinks.expect_events(kinds.size())) {
    EXPECT_EQ(event.value("event", ""), kind_of_call[event.value("call", "")]) << event;
  }
}

TEST_P(Forwarding, HangupAtTheAnswerUrlIsAHangup) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(kShortConfiguration));
  const HttpReply reply = server.send("/dialstatus", "H1");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body.find("Dial"), std::string::npos) << reply.body;
  const auto events = server.sinks.expect_events(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value("event", ""), "call.hangup");
  EXPECT_EQ(events[0].value("hangup_cause", ""), "NORMAL_CLEARING");
  EXPECT_EQ(events[0].value("hangup_cause_code", 0), 4000);
  EXPECT_EQ(events[0].value("duration", 0), 54);
}

TEST(Fallback, BuiltInDocumentIsPolite) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  for (const Example& one : examples("F")) {
    SCOPED_TRACE(one.id);
    const HttpReply reply = send_example(server.client(), "/dialstatus/fallback", fresh_call(one));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.document.outline(), "Response(Speak Hangup)");
  }
  for (const auto& event : server.sinks.expect_events(3)) {
    EXPECT_EQ(event.value("event", ""), "call.fallback");
  }
}

TEST(Fallback, TheAdministratorsFileIsServedAsItIs) {
  PlivoServer server;
  const std::string document =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Response>\n  <!-- ours -->\n"
      "  <Play>https://pbx.example.com/sorry.mp3</Play>\n  <Hangup/>\n</Response>\n";
  server.httpd.files().write_file("conf/fallback.xml", document, 0644);
  ASSERT_TRUE(server.start("PlivoFallback conf/fallback.xml\n" + std::string(kShortConfiguration)));
  EXPECT_EQ(server.send("/dialstatus/fallback", "F1").body, document);
  server.sinks.expect_events(1);
}

TEST(Webhook, GetAndPostBothWorkEverywhere) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  std::size_t count = 0;
  for (const auto& [path, id] :
       std::vector<std::pair<std::string, std::string>>{{"/dialstatus", "A1"},
                                                        {"/dialstatus/action", "D2"},
                                                        {"/dialstatus/callback", "E5"},
                                                        {"/dialstatus/ring", "R1"},
                                                        {"/dialstatus/hangup", "H1"},
                                                        {"/dialstatus/fallback", "F1"}}) {
    for (const char* method : {"GET", "POST"}) {
      for (const char* slash : {"", "/"}) {
        SCOPED_TRACE(std::string(method) + " " + path + slash);
        Example call = fresh_call(example(id));
        call.method = method;
        EXPECT_EQ(send_example(server.client(), path + slash, call).status, 200);
        ++count;
      }
    }
  }
  server.sinks.expect_events(count);
}

// An ordinary user runs it as well as root does.
TEST_P(Forwarding, WorksForAnOrdinaryUser) {
  PlivoServer server({.mpm = GetParam(), .ordinary_user = true});
  ASSERT_TRUE(server.start(kShortConfiguration));
  expect_short_answer(server.send("/dialstatus", "A1"));
  EXPECT_EQ(server.send("/dialstatus/callback", "E5").status, 200);
  server.sinks.expect_events(2);
}

TEST(AccessLog, NotesTellWhatACallDid) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      std::string(kShortConfiguration) +
      "CustomLog \"${ROOT}/logs/calls\" \"%{plivo_call}n %{plivo_event}n %{plivo_status}n "
      "%{plivo_cause}n %{plivo_stage}n %s\"\n"));
  const Example call = fresh_call(example("D3"));
  send_example(server.client(), "/dialstatus/action?stage=1", call);
  server.sinks.expect_events(1);
  server.httpd.stop();
  EXPECT_EQ(read_file(server.httpd.root() + "/logs/calls"),
            form_value(call.form, "CallUUID") + " dial.result busy USER_BUSY 1 200\n");
}

TEST(Webhook, SyslogLineSaysWhatHappened) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  const Example call = fresh_call(example("D2"));
  send_example(server.client(), "/dialstatus/action", call);
  server.sinks.expect_events(1);
  const auto lines = server.sinks.in_syslog();
  ASSERT_EQ(lines.size(), 1U);
  const std::string uuid = form_value(call.form, "CallUUID");
  EXPECT_THAT(lines[0], AllOf(testing::StartsWith("<133>"), HasSubstr(" plivo-dial["),
                              HasSubstr("event=dial.result call=" + uuid + " "),
                              HasSubstr(" dial_status=no-answer next=sentence ring=true "
                                        "cause=NO_ANSWER side=callee ")));
}

}  // namespace
}  // namespace plivo_dial::test
