// SPDX-License-Identifier: Apache-2.0
// What a request is about and what its event tells, where the table of the manual ends: ids of
// flows, bodies under a wrong type, words that Plivo does not document, repetitions, causes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "lib/form/form.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

const std::string kSubjectBearer = "Authorization: Bearer " + std::string(kEventSecret);
const std::string kConfiguration =
    "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n"
    "PlivoEventSink file \"file:${ROOT}/events/events.json\"\n" +
    std::string(kAccounts) + "PlivoPublicURL " + kOrigin + R"(
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoSpeak "Hello"
    PlivoDial +14155550100
    PlivoDial +14155550122
    PlivoVoicemail On transcriptionType=auto
</Location>
<Location "/hangups">
    SetHandler plivo-dial
    PlivoEndpoint hangup
    PlivoDial +14155550100
</Location>
<Location "/flow">
    SetHandler plivo-dial
    PlivoEndpoint event
    PlivoEventSecret "file:${ROOT}/conf/event.secret"
</Location>
)";

// A server whose events are told apart by the parameter Mark, which each request has.
class MarkedServer {
 public:
  MarkedServer() { write_event_secret(server_.httpd.files()); }

  bool start() { return server_.httpd.start(kConfiguration); }
  HttpdServer& httpd() { return server_.httpd; }

  HttpReply send(const HttpRequest& request) const { return server_.client().send(request); }

  // A request of Plivo's, signed, with a nonce of its own each time.
  HttpReply send_signed(const std::string& path, const std::string& form,
                        const std::string& mark) const {
    return send(sign_request(form_post(path, form + "&Mark=" + mark)));
  }

  // The events by mark, once `count` of them and whatever was sent before were delivered: an event
  // that came before its call's first one is kept for a moment.
  std::map<std::string, std::vector<json>> events(std::size_t count) {
    const std::string last = new_uuid();
    EXPECT_EQ(send_signed("/dialstatus/callback", "CallUUID=" + last, "last" + last).status, 200);
    std::map<std::string, std::vector<json>> events;
    EXPECT_TRUE(wait_for([&] {
      events.clear();
      const std::vector<json> all = server_.sinks.in_file();
      for (const json& event : all) events[event["params"].value("Mark", "")].push_back(event);
      return events.contains("last" + last) && all.size() > count;
    }));
    return events;
  }

 private:
  SignedServer server_;
};

HttpRequest flow(const std::string& method, const std::string& type, const std::string& body) {
  return {.method = method,
          .path = "/flow",
          .body = body,
          .headers = {"Content-Type: " + type, kSubjectBearer}};
}

const std::string kJson = "application/json";
const std::string kForm = std::string(kFormType);

TEST(FlowIds, OnlyWhatHasTheFormOfAnIdNamesACall) {
  MarkedServer server;
  server.httpd().expect_log("PD0527: ");
  ASSERT_TRUE(server.start());
  const std::vector<std::string> none = {"null",
                                         "\"undefined\"",
                                         "\"-\"",
                                         "\"null\"",
                                         "\"None\"",
                                         "\"\"",
                                         "\"  \"",
                                         "\"{{Start.call.uuid}}\"",
                                         "\"14155550100\"",
                                         "14155550100",
                                         "false",
                                         "\"00000000-0000-0000-0000-000000000000\"",
                                         "\"deadbeef\"",
                                         "[]",
                                         "\"sip:bob@phone.plivo.com\""};
  const std::string id = new_uuid();
  const auto report = [&](const std::string& value, const std::string& mark) {
    const std::string body =
        R"({"DialStatus":"No Answer","DialALegUUID":)" + value + R"(,"Mark":")" + mark + "\"}";
    // Three calls that end alike, or one that is told three times.
    for (int time = 0; time < 3; ++time) {
      EXPECT_EQ(server.send(flow("POST", kJson, body)).status, 200) << body;
    }
  };
  for (std::size_t i = 0; i < none.size(); ++i) report(none[i], "none" + std::to_string(i));
  report("\"" + id + "\"", "id");
  auto events = server.events(3 * none.size() + 1);
  for (std::size_t i = 0; i < none.size(); ++i) {
    const auto& of_value = events["none" + std::to_string(i)];
    ASSERT_THAT(of_value, SizeIs(3)) << none[i];
    EXPECT_TRUE(of_value[0]["call"].is_null()) << none[i];
    EXPECT_EQ(of_value[0].value("dial_status", ""), "no-answer") << none[i];
    EXPECT_EQ(of_value[0]["params"].contains("DialALegUUID"), none[i] != "null");
  }
  ASSERT_THAT(events["id"], SizeIs(1));
  EXPECT_EQ(events["id"][0].value("call", ""), id);
}

struct FlowBody {
  const char* mark;
  const char* method;
  std::string type;
  std::string body;
  int status;
  const char* event = "";
};

TEST(FlowBodies, AreReadAsWhatTheyAre) {
  MarkedServer server;
  server.httpd().expect_log("PD0409: refused with 400: ");
  ASSERT_TRUE(server.start());
  const std::string encoded = "%7B%22DialStatus%22%3A%22Busy%22%2C%20%22Mark%22%3A%22b%22%7D";
  const std::vector<FlowBody> bodies = {
      {"a", "POST", kForm, R"({"DialStatus":"Busy","Mark":"a"})", 200, "dial.result"},
      {"b", "POST", kForm, encoded, 200, "dial.result"},
      {"c", "PUT", kForm, "\n { \"DialStatus\" : \"a=b&c\", \"Mark\" : \"c\" }", 200,
       "dial.result"},
      {"d", "POST", kForm, R"({"DialStatus":null,"Mark":"d"})", 200, "other"},
      {"e", "POST", kForm, "Mark=e&{{Start.status}}=1", 200, "other"},
      {"f", "POST", kForm, R"(Mark=f&DialStatus={"a":1})", 200, "dial.result"},
      {"g", "DELETE", kForm, "DialStatus=busy&Mark=g", 200, "dial.result"},
      {"h", "DELETE", kJson, R"({"DialStatus":"busy","Mark":"h"})", 200, "dial.result"},
      {"i", "POST", kForm, R"({"DialStatus":"Busy","Mark":"i")", 400},
      {"j", "POST", kForm, R"([{"DialStatus":"Busy"}])", 400},
      {"k", "POST", kForm, R"("busy")", 400},
      {"l", "POST", kForm, R"(Mark=l&{"DialStatus":"Busy"})", 400},
      {"m", "POST", kForm, "<DialStatus>busy</DialStatus>", 400},
      {"q", "POST", kForm, "{'DialStatus':'busy','Mark':'q'}", 400},
      {"r", "POST", kForm, "['busy']", 400},
      {"n", "POST", kForm, "--b\r\nContent-Disposition: form-data; name\r\n\r\nx\r\n--b--\r\n",
       400},
  };
  for (const FlowBody& row : bodies) {
    EXPECT_EQ(server.send(flow(row.method, row.type, row.body)).status, row.status) << row.mark;
  }
  HttpRequest in_query = flow("DELETE", kForm, "");
  in_query.path = "/flow?DialStatus=busy&Mark=o";
  EXPECT_EQ(server.send(in_query).status, 200);
  in_query.path = "/flow?{%22DialStatus%22:%22Busy%22}&Mark=p";
  EXPECT_EQ(server.send(in_query).status, 400);
  // Nor is there such an event of Plivo's own requests.
  EXPECT_EQ(server
                .send(sign_request(form_post("/dialstatus/callback?CallUUID=" + new_uuid(),
                                             R"({"DialAction":"hangup"})")))
                .status,
            400);
  auto events = server.events(9);
  EXPECT_THAT(events["o"], SizeIs(1));
  for (const FlowBody& row : bodies) {
    ASSERT_THAT(events[row.mark], SizeIs(row.status == 200 ? 1 : 0)) << row.mark;
    if (row.status != 200) continue;
    EXPECT_EQ(events[row.mark][0].value("event", ""), row.event) << row.mark;
  }
  EXPECT_THAT(events[""], SizeIs(0)) << "every event has its mark";
}

// A key that was typed in another spelling is served, and said once.
TEST(FlowNames, ThatAreNearlyPlivosAreSaid) {
  MarkedServer server;
  server.httpd().expect_log("PD0417: served: ");
  ASSERT_TRUE(server.start());
  const std::vector<std::string> bodies = {
      R"({"Mark":"right","DialStatus":"busy","call_uuid":"x","dialstatus":"busy"})",
      R"({"Mark":"camel","dialStatus":"busy"})", R"({"Mark":"snake","Dial_Status":"busy"})"};
  for (const std::string& body : bodies) {
    EXPECT_EQ(server.send(flow("POST", kJson, body)).status, 200);
  }
  auto events = server.events(bodies.size());
  EXPECT_EQ(events["right"].at(0).value("event", ""), "dial.result");
  EXPECT_EQ(events["camel"].at(0).value("event", ""), "other");
  EXPECT_EQ(events["camel"].at(0)["params"].value("dialStatus", ""), "busy");
  const auto lines = lines_with(server.httpd().error_log(), "PD0417");
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines.at(0), HasSubstr("\"dialStatus\" is not DialStatus"));
}

std::string common(const std::string& call) {
  return "CallUUID=" + call + "&From=14155550100&To=14155550199&Direction=inbound";
}

TEST(Subjects, TheUrlOfTheWrongReportIsNoHindrance) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  EXPECT_EQ(server.send_signed("/hangups", common(new_uuid()) + "&Event=Ring", "ring").body, "");
  EXPECT_EQ(server.send_signed("/hangups", common(new_uuid()) + "&Event=StartApp", "begin")
                .document.outline(),
            "Response(Dial(Number))");
  EXPECT_EQ(server.send_signed("/hangups", common(new_uuid()), "hangup").body, "");
  const std::string call = new_uuid();
  for (const char* event : {"StartApp", "Redirect"}) {
    EXPECT_EQ(server.send_signed("/dialstatus", common(call) + "&Event=" + event, event)
                  .document.outline(),
              "Response(Speak Dial(Number))");
  }
  auto events = server.events(5);
  EXPECT_EQ(events["ring"].at(0).value("event", ""), "call.ring");
  EXPECT_EQ(events["ring"].at(0).value("endpoint", ""), "ring");
  EXPECT_EQ(events["begin"].at(0).value("event", ""), "call.answer");
  EXPECT_EQ(events["begin"].at(0).value("next", ""), "stage");
  EXPECT_EQ(events["hangup"].at(0).value("event", ""), "call.hangup");
  EXPECT_EQ(events["StartApp"].at(0).value("event", ""), "call.answer");
  EXPECT_EQ(events["Redirect"].at(0).value("event", ""), "call.redirect");
}

struct Result {
  const char* mark;
  const char* pairs;
  const char* document;
  const char* status;
  const char* next;
};

TEST(Results, ThatPlivoDoesNotDocumentAreDecidedAndSaidOnce) {
  MarkedServer server;
  for (const char* id : {"PD0414", "PD0415", "PD0416"}) {
    server.httpd().expect_log(std::string(id) + ": served: ");
  }
  ASSERT_TRUE(server.start());
  constexpr Result kResults[] = {
      {"a", "DialStatus=answered&DialBLegUUID=", "Response(Hangup)", "completed", "end"},
      {"b", "DialStatus=Connected", "Response(Hangup)", "completed", "end"},
      {"c", "DialStatus=talked&DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612",
       "Response(Hangup)", "completed", "end"},
      {"h", "DialStatus=&DialBLegUUID=8e41c6aa-2b9f-4f37-b8d3-5d7c90e4a612", "Response(Hangup)",
       "completed", "end"},
      {"i", "DialStatus=No+Answer%2FTimeout", "Response(Dial(Number))", "no-answer", "stage"},
      {"d", "DialStatus=invalid&DialBLegUUID=", "Response(Dial(Number))", "invalid", "stage"},
      {"e", "DialStatus=completed&CallStatus=ringing&DialBLegUUID=", "Response(Hangup)",
       "completed", "end"},
      {"f", "DialStatus=completed&CallStatus=ringing", "Response(Hangup)", "completed", "end"},
      {"g", "DialStatus=completed&CallStatus=in-progress&DialBLegUUID=", "Response(Hangup)",
       "completed", "end"},
  };
  for (const Result& row : kResults) {
    const std::string form = common(new_uuid()) + "&" + row.pairs;
    EXPECT_EQ(server.send_signed("/dialstatus/action", form, row.mark).document.outline(),
              row.document)
        << row.pairs;
  }
  for (const char* event : {"NeverHeardOf", "SomethingNew"}) {
    const std::string form = common(new_uuid()) + "&Event=" + event;
    EXPECT_EQ(server.send_signed("/dialstatus", form, event).document.outline(), "Response");
  }
  auto events = server.events(std::size(kResults) + 2);
  for (const Result& row : kResults) {
    ASSERT_THAT(events[row.mark], SizeIs(1)) << row.pairs;
    EXPECT_EQ(events[row.mark][0].value("dial_status", ""), row.status) << row.pairs;
    EXPECT_EQ(events[row.mark][0].value("next", ""), row.next) << row.pairs;
  }
  EXPECT_EQ(events["NeverHeardOf"].at(0).value("event", ""), "other");
  const std::string log = server.httpd().error_log();
  EXPECT_THAT(lines_with(log, "PD0414"), SizeIs(1));
  EXPECT_THAT(lines_with(log, "PD0415"), SizeIs(1));
  EXPECT_THAT(lines_with(log, "PD0416"), SizeIs(1));
  EXPECT_THAT(lines_with(log, "PD0414").at(0), HasSubstr("DialStatus \"answered\""));
}

TEST(Repetitions, AreOneEventAndOthersAreTwo) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  const std::string call = common(new_uuid());
  const std::string record = call + "&RecordUrl=u&RecordingID=" + new_uuid();
  const std::string text = "call_uuid=" + new_uuid() + "&recording_id=" + new_uuid();
  const std::string hangup = call + "&Event=Hangup&HangupCauseCode=4000";
  const std::vector<std::pair<std::string, std::string>> reports = {
      {"file", record + "&RecordingDuration=17"},
      {"left", record + "&RecordingDuration=17&Digits=%23&CallStatus=in-progress"},
      {"text", text + "&transcription=hello"},
      {"other-text", text + "&transcription=hello+again"},
      {"hangup54", hangup + "&Duration=54"},
      {"hangup55", hangup + "&Duration=55"},
      {"billed", hangup + "&Duration=55&BillDuration=120"},
      {"unnamed", call + "&RecordUrl=only-the-file"},
  };
  for (int time = 0; time < 3; ++time) {
    for (const auto& [mark, form] : reports) {
      EXPECT_EQ(server.send_signed("/dialstatus/recording", form, mark).status, 200);
    }
  }
  auto events = server.events(reports.size());
  for (const auto& [mark, form] : reports) EXPECT_THAT(events[mark], SizeIs(1)) << form;
}

// Between Plivo's first try and its second the caller may leave, and what one release spells busy
// another may spell Busy.
TEST(Repetitions, OfAnOutcomeAreOneEventHoweverTheyAreSpelt) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  const std::string first = new_uuid();
  const std::vector<std::pair<std::string, std::vector<std::string>>> outcomes = {
      {"left",
       {common(first) + "&CallStatus=in-progress&DialStatus=busy",
        common(first) + "&CallStatus=completed&DialStatus=Busy&DialRingStatus=false",
        "CallUUID=" + first + "&DialStatus=Busy%2FRejected&Event=Redirect"}},
      {"other-cause", {common(first) + "&DialStatus=busy&DialHangupCause=USER_BUSY"}},
      {"other-stage",
       {common(new_uuid()) + "&DialStatus=timeout", common(new_uuid()) + "&DialStatus=timeout"}},
  };
  for (const auto& [mark, forms] : outcomes) {
    for (const std::string& form : forms) {
      EXPECT_EQ(server.send_signed("/dialstatus/action", form, mark).status, 200) << form;
    }
  }
  auto events = server.events(4);
  EXPECT_THAT(events["left"], SizeIs(1));
  EXPECT_THAT(events["other-cause"], SizeIs(1));
  EXPECT_THAT(events["other-stage"], SizeIs(2)) << "of two calls";
}

// Fields without a value say nothing, and a report that names a recording needs no call.
TEST(Subjects, EmptyFieldsTakeNoCallAway) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  for (const char* empty : {"Digits=", "RecordUrl=&RecordingID=", "DialStatus=&DialBLegUUID=",
                            "HangupCauseCode=&HangupCauseName=", "ConferenceName="}) {
    const std::string call = common(new_uuid());
    EXPECT_EQ(
        server
            .send_signed("/dialstatus", call + "&Event=StartApp&CallStatus=ringing&" + empty, empty)
            .document.outline(),
        "Response(Speak Dial(Number))")
        << empty;
  }
  const std::string text = "recording_id=" + new_uuid() + "&transcription=hello";
  EXPECT_EQ(server.send_signed("/dialstatus/recording", text, "no-call").status, 200);
  EXPECT_EQ(server.send_signed("/dialstatus/recording", "CallUUID=None&" + text + "+again", "none")
                .status,
            200);
  const std::string call = new_uuid();
  EXPECT_EQ(server
                .send_signed("/dialstatus/recording",
                             "CallUUID=None&call_uuid=" + call + "&" + text, "hidden")
                .status,
            200);
  EXPECT_EQ(server
                .send_signed("/dialstatus/recording",
                             common(call) + "&RecordUrl=u&HangupCauseCode=4000", "end")
                .status,
            200);
  auto events = server.events(9);
  EXPECT_THAT(events["none"], SizeIs(1));
  EXPECT_EQ(events["Digits="].at(0).value("event", ""), "call.answer");
  EXPECT_EQ(events["no-call"].at(0).value("event", ""), "recording.transcription");
  EXPECT_TRUE(events["no-call"].at(0)["call"].is_null());
  EXPECT_EQ(events["hidden"].at(0).value("call", ""), call);
  EXPECT_EQ(events["end"].at(0).value("event", ""), "recording");
}

// The path and query of an action URL in a document.
std::string target_of(const HttpReply& reply) {
  const std::string url = reply.document.child("Dial").attribute("action");
  return url.substr(std::string(kOrigin).size(), url.find('#') - std::string(kOrigin).size());
}

// The second time it ends as the first time it did, and that is no repetition.
TEST(Rounds, OfACallThatWasSentBackHaveResultsOfTheirOwn) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  const std::string call = common(new_uuid());
  HttpReply reply = server.send_signed("/dialstatus", call + "&Event=StartApp", "");
  std::size_t count = 1;
  for (int round = 1; round <= 3; ++round) {
    for (int stage = 1; stage <= 2; ++stage) {
      const std::string target = target_of(reply);
      EXPECT_EQ(target.find("round=") != std::string::npos, round > 1) << target;
      // As Plivo does when it got no reply.
      for (int time = 0; time < 2; ++time) {
        reply = server.send_signed(target, call + "&DialStatus=busy", "result");
      }
    }
    EXPECT_EQ(reply.document.outline(), "Response(Speak Record)");
    reply = server.send_signed("/dialstatus", call + "&Event=Redirect", "");
    count += 3;
  }
  auto events = server.events(count);
  ASSERT_THAT(events["result"], SizeIs(6));
  std::vector<std::string> next;
  for (const json& event : events["result"]) next.push_back(event.value("next", ""));
  EXPECT_THAT(next, testing::UnorderedElementsAre("stage", "voicemail", "stage", "voicemail",
                                                  "stage", "voicemail"));
}

TEST(Transcriptions, AreAskedForAtOurOwnUrlAndAreEventsOfTheirCall) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  const HttpReply voicemail =
      server.send_signed("/dialstatus/action?stage=2", common(new_uuid()) + "&DialStatus=busy", "");
  const DocumentElement& record = voicemail.document.child("Record");
  EXPECT_EQ(record.attribute("transcriptionType"), "auto");
  EXPECT_EQ(record.attribute("transcriptionUrl"),
            std::string(kOrigin) + "/dialstatus/recording#rc=5&rp=ct,rt,5xx");
  const std::string call = new_uuid();
  Command command;
  command.arguments = {PLIVO_DIALCTL_PROGRAM,
                       "call",
                       "--url",
                       "http://127.0.0.1:" + std::to_string(server.httpd().port()) + "/dialstatus",
                       "--public-url",
                       kOrigin,
                       "--token-file",
                       server.httpd().root() + "/conf/main.token",
                       "--call-uuid",
                       call,
                       "--outcome",
                       "*=busy"};
  const CommandResult played = run_command(command);
  EXPECT_EQ(played.exit_code, 0) << played.output;
  EXPECT_THAT(played.output, HasSubstr("transcription"));
  std::vector<std::string> names;
  // One result by hand; then answer, two legs with end and result, message, file, text, hangup.
  for (const auto& [mark, of_mark] : server.events(10)) {
    for (const json& event : of_mark) {
      if (event["call"] != call || !event["event"].get<std::string>().starts_with("rec")) continue;
      names.push_back(event["event"]);
      if (names.back() != "recording.transcription") continue;
      EXPECT_THAT(event["params"].value("transcription", ""), HasSubstr("message"));
    }
  }
  EXPECT_EQ(names, (std::vector<std::string>{"recording", "recording", "recording.transcription"}));
}

struct Cause {
  const char* mark;
  const char* path;
  const char* pairs;
  const char* side;    // "": none
  const char* remedy;  // a part of it; "" for none
};

TEST(Causes, AreSidesAndRemediesInTheEvent) {
  MarkedServer server;
  ASSERT_TRUE(server.start());
  constexpr Cause kCauses[] = {
      {"a", "callback", "DialAction=hangup&DialBLegHangupCauseCode=5030", "operator", "limit"},
      {"b", "callback", "DialAction=hangup&DialBLegHangupCauseCode=3010", "callee", "stage"},
      {"c", "hangup", "Event=Hangup&HangupCauseCode=4210", "operator", "login"},
      {"d", "hangup", "Event=Hangup&HangupCauseCode=4000", "normal", ""},
      {"e", "hangup", "HangupCause=NORMAL_CLEARING&HangupCauseCode=2020", "operator", "logged in"},
      {"f", "action", "DialStatus=busy&DialHangupCause=USER_BUSY", "callee", "stage"},
      {"g", "action", "DialStatus=failed&DialHangupCause=sip_auth_failed", "operator", "sipAuth"},
      {"h", "action", "DialStatus=cancel&DialHangupCause=ORIGINATOR_CANCEL", "caller", ""},
      {"i", "hangup", "Event=Hangup&HangupCauseCode=5010", "plivo", "support"},
      {"j", "hangup", "Event=Hangup&HangupCauseCode=3090", "carrier", "stage"},
      {"k", "hangup", "Event=Hangup&HangupCauseCode=4999&HangupCause=NEVER_HEARD_OF", "", ""},
      {"l", "hangup", "Event=Hangup&HangupCauseCode=99999999999", "", ""},
  };
  for (const Cause& row : kCauses) {
    server.send_signed(std::string("/dialstatus/") + row.path, common(new_uuid()) + "&" + row.pairs,
                       row.mark);
  }
  auto events = server.events(std::size(kCauses));
  for (const Cause& row : kCauses) {
    ASSERT_THAT(events[row.mark], SizeIs(1)) << row.pairs;
    const json& event = events[row.mark][0];
    EXPECT_EQ(event.value("cause_side", ""), row.side) << row.pairs;
    EXPECT_THAT(event.value("cause_remedy", ""), HasSubstr(row.remedy)) << row.pairs;
    EXPECT_EQ(event.contains("cause_remedy"), *row.remedy != '\0') << row.pairs;
  }
}

}  // namespace
}  // namespace plivo_dial::test
