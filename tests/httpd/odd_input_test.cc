// SPDX-License-Identifier: Apache-2.0
// Input that looks odd or hostile, and is served all the same because it is signed: each becomes
// one event that says just what came. The numbers are those of the project's table of bad input;
// rows of it that are refused are in bad_input_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "lib/event/base64.h"
#include "lib/form/form.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const std::string kConfiguration = signed_configuration();

struct Odd {
  std::string name;
  std::string path;
  std::string id;    // of the example
  std::string more;  // pairs in wire form behind its form
  std::string line;  // of level info; "" for none
  std::function<void(const json& event)> check;
  std::size_t lines = 1;  // of that kind, where there is one
};

void PrintTo(const Odd& odd, std::ostream* out) {
  *out << odd.name;
}

class OddInput : public testing::TestWithParam<Odd> {};

TEST_P(OddInput, IsOneEventThatSaysWhatCame) {
  const Odd& odd = GetParam();
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  Example call = fresh_call(example(odd.id));
  call.form += odd.more;
  const HttpReply reply = server.client().send(sign_request(webhook_request(odd.path, call)));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "");
  const auto events = server.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].value("call", ""), form_value(call.form, "CallUUID"));
  EXPECT_TRUE(events[0].value("verified", false));
  odd.check(events[0]);
  const auto lines = lines_with(server.httpd.error_log(), ": served: ");
  ASSERT_THAT(lines, SizeIs(odd.line.empty() ? 0 : odd.lines));
  for (const std::string& line : lines) {
    EXPECT_THAT(line, HasSubstr("[plivo_dial:info]"));
    EXPECT_THAT(line, HasSubstr(odd.line));
  }
}

std::string raw(const json& event, const char* name) {
  return decode_base64(event["params_raw"].value(name, "")).value_or("not Base64");
}

INSTANTIATE_TEST_SUITE_P(
    , OddInput,
    testing::Values(
        Odd{"Row18InvalidUtf8", "/dialstatus/callback", "E5", "&Name=a%FF%FEb",
            "PD0406: served: parameter \"Name\" is not UTF-8",
            [](const json& event) {
              EXPECT_EQ(event["params"].value("Name", ""),
                        "a\xEF\xBF\xBD\xEF\xBF\xBD"
                        "b");
              EXPECT_EQ(raw(event, "Name"),
                        "a\xFF\xFE"
                        "b");
            }},
        Odd{"Row18Overlong", "/dialstatus/callback", "E5", "&Name=%C0%AF", "PD0406",
            [](const json& event) { EXPECT_EQ(raw(event, "Name"), "\xC0\xAF"); }},
        Odd{"Row18LoneSurrogate", "/dialstatus/callback", "E5", "&Name=%ED%A0%80", "PD0406",
            [](const json& event) { EXPECT_EQ(raw(event, "Name"), "\xED\xA0\x80"); }},
        Odd{"Row20RepeatedKeys", "/dialstatus/callback", "E5", "&Key=2&Key=1&Key=2",
            "PD0407: served: parameter \"Key\" comes more than once",
            [](const json& event) {
              EXPECT_EQ(event["params"]["Key"], (json{"2", "1", "2"}));
            }},
        Odd{"Row20InQueryAndBody", "/dialstatus/hangup?Key=query&HangupCause=BAD", "H1",
            "&Key=body", "PD0407",
            [](const json& event) {
              EXPECT_EQ(event["params"]["Key"], (json{"query", "body"}));
              EXPECT_EQ(event.value("hangup_cause", ""), "NORMAL_CLEARING");
            },
            2},
        Odd{"Row22UnknownParameters", "/dialstatus/callback", "E5", "&NewParameter=1&new=", "",
            [](const json& event) {
              EXPECT_EQ(event.value("event", ""), "dial.ended");
              EXPECT_EQ(event["params"].value("NewParameter", ""), "1");
              EXPECT_EQ(event["params"].value("new", "absent"), "");
            }},
        Odd{"Row23NumbersOutOfRange", "/dialstatus/callback", "E1",
            "&DialBLegDuration=1e99&DialBLegBillDuration=18446744073709551616"
            "&DialBLegHangupCauseCode=4000x",
            "PD0410: served: parameter \"DialBLeg",
            [](const json& event) {
              for (const char* field : {"duration", "bill_duration", "hangup_cause_code"}) {
                ASSERT_TRUE(event.contains(field)) << field;
                EXPECT_TRUE(event[field].is_null()) << field;
              }
              EXPECT_EQ(event["params"].value("DialBLegDuration", ""), "1e99");
              EXPECT_EQ(event["params"].value("DialBLegBillDuration", ""), "18446744073709551616");
            },
            3},
        Odd{"Row23NegativeNumber", "/dialstatus/callback", "E1", "&DialBLegDuration=-1", "",
            [](const json& event) { EXPECT_EQ(event.value("duration", 0), -1); }}),
    [](const testing::TestParamInfo<Odd>& odd) { return odd.param.name; });

TEST(OddEvent, Row22UnknownKindIsOther) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  Example call = fresh_call(example("E1"));
  call.form = with_form_value(call.form, "DialAction", "wink");
  call.form = with_form_value(call.form, "Event", "DialWink");
  EXPECT_EQ(
      server.client().send(sign_request(webhook_request("/dialstatus/callback", call))).status,
      200);
  const auto events = server.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].value("event", ""), "other");
  EXPECT_EQ(events[0]["params"].value("DialAction", ""), "wink");
  EXPECT_THAT(lines_with(server.httpd.error_log(), "PD0413: served: "), SizeIs(1));
}

// What a caller's name may hold must not get out of its place in any sink.
TEST(OddText, Row19And24StayInsideTheirValues) {
  SignedServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  const std::vector<std::string> values = {"a\r\nplivo-dial[1]: event=call.answer",
                                           "\x1b[31mred\x07\x7f",
                                           "\xE2\x80\xAE\xC2\x9B"
                                           "31m",
                                           "() { :;}; reboot",
                                           "$(reboot)`id`;|%s%n",
                                           "-rf /",
                                           "%{HTTP_HOST}e",
                                           "{{Start.call.from}}",
                                           "\"><Dial><Number>+1900",
                                           "x id=fake event=fake\""};
  for (const std::string& value : values) {
    Example call = fresh_call(example("E5"));
    for (const char* name : {"DialBLegTo", "DialBLegHangupCause", "CallerName"}) {
      std::string pair;
      append_form_pair(name, value, pair);
      call.form = with_form_value(call.form, name, pair.substr(pair.find('=') + 1));
    }
    EXPECT_EQ(
        server.client().send(sign_request(webhook_request("/dialstatus/callback", call))).status,
        200);
  }
  std::vector<std::string> seen;
  for (const auto& event : server.sinks.expect_events(values.size())) {
    seen.push_back(event["params"].value("CallerName", ""));
    EXPECT_EQ(event.value("hangup_cause", ""), seen.back());
  }
  EXPECT_THAT(seen, testing::UnorderedElementsAreArray(values));
  for (const std::string& line : server.sinks.in_syslog()) {
    for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
    EXPECT_EQ(syslog_field(line, "event"), "dial.ended") << line;
    EXPECT_EQ(syslog_field(line, "id").size(), 26U) << line;
  }
  for (const HookRun& run : server.sinks.in_hook()) {
    for (const auto& [name, value] : run.environment) {
      EXPECT_THAT(value, Not(HasSubstr("reboot"))) << name;
    }
  }
}

// The dispatcher knows a replay, and says so.
TEST(Replay, Row09IsNoSecondEvent) {
  SignedServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  const HttpRequest request =
      sign_request(webhook_request("/dialstatus/callback", fresh_call(example("E5"))));
  for (int time = 0; time < 3; ++time) EXPECT_EQ(server.client().send(request).status, 200);
  EXPECT_TRUE(wait_for([&] { return lines_with(server.httpd.error_log(), "PD0521").size() == 2; }));
  const HttpRequest other =
      sign_request(webhook_request("/dialstatus/callback", fresh_call(example("E5"))));
  EXPECT_EQ(server.client().send(other).status, 200);
  server.sinks.expect_events(2);
}

// Nothing in a webhook tells a replay from Plivo's own retry: both get the same answer.
TEST(Replay, Row09GetsTheSameReply) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  const HttpRequest request =
      sign_request(webhook_request("/dialstatus/action", fresh_call(example("D3"))));
  const HttpReply first = server.client().send(request);
  const HttpReply second = server.client().send(request);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(first.document.outline(), "Response(Speak Hangup)");
  EXPECT_EQ(second.body, first.body);
  // Both events are in the spool, as they came; which of them goes on is the dispatcher's affair.
  auto events = server.events();
  ASSERT_THAT(events, SizeIs(2));
  for (json& event : events) {
    EXPECT_EQ(event.value("dial_status", ""), "busy");
    for (const char* own : {"id", "seq", "received"}) event.erase(own);
  }
  EXPECT_EQ(events[0], events[1]);
}

TEST(OddFraming, Row28LengthBesideChunksIsDropped) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  HttpRequest request =
      sign_request(webhook_request("/dialstatus/callback", fresh_call(example("E5"))));
  char size[20];
  std::snprintf(size, sizeof size, "%zx", request.body.size());
  request.headers.push_back("Transfer-Encoding: chunked");
  request.headers.push_back("Content-Length: 5");
  request.body = std::string(size) + "\r\n" + request.body + "\r\n0\r\n\r\n";
  const std::string reply = server.client().exchange(wire(request));
  EXPECT_EQ(status_of(reply), 200) << reply;
  EXPECT_THAT(reply, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(server.events(), SizeIs(1));
}

TEST(OddHost, Row31OnlyTheConfiguredUrlCounts) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  const std::string path = "/dialstatus/callback?step=2";
  HttpRequest request = sign_as_if_to(
      path, form_post("http://evil.example.net" + path, fresh_call(example("E5")).form));
  for (const char* header : {"Host: evil.example.net", "X-Forwarded-Host: evil.example.net",
                             "X-Forwarded-Proto: http", "X-Forwarded-Port: 81"}) {
    request.headers.push_back(header);
  }
  EXPECT_EQ(status_of(server.client().exchange(wire(request))), 200);
  EXPECT_THAT(server.events(), SizeIs(1));
}

TEST(OddPath, Row35DoubleSlashesAreServedAsTheyWereSigned) {
  TrustServer server;
  server.httpd.expect_log("PD0203: refused with 403: ");
  ASSERT_TRUE(server.start(kConfiguration));
  for (const char* path :
       {"//dialstatus/callback", "/dialstatus//callback", "/dialstatus/../dialstatus/callback"}) {
    const std::string form = fresh_call(example("E5")).form;
    EXPECT_EQ(server.client().send(sign_request(form_post(path, form))).status, 200) << path;
  }
  const HttpRequest folded = sign_as_if_to(
      "/dialstatus/callback", form_post("//dialstatus/callback", "CallUUID=" + new_uuid()));
  EXPECT_EQ(server.client().send(folded).status, 403);
  EXPECT_THAT(server.refusals(), SizeIs(1));
  const auto events = server.events();
  EXPECT_THAT(events, SizeIs(3));
  for (const json& event : events) EXPECT_EQ(event.value("endpoint", ""), "callback");
}

// Sends `bytes` and is gone before a reply can come.
void send_and_leave(int port, const std::string& bytes) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
  close(connection);
}

TEST(Disconnect, Row37KeepsTheEventOfAWholeRequestOnly) {
  TrustServer server;
  server.httpd.allow_log("PD0412: refused with 400: ");
  ASSERT_TRUE(server.start(kConfiguration));
  const Example whole = fresh_call(example("E5"));
  const std::string cut =
      wire(sign_request(webhook_request("/dialstatus/callback", fresh_call(example("E5")))));
  send_and_leave(server.httpd.port(), cut.substr(0, cut.size() - 10));
  send_and_leave(server.httpd.port(),
                 wire(sign_request(webhook_request("/dialstatus/callback", whole))));
  EXPECT_TRUE(wait_for([&] { return server.events().size() == 1; }));
  // Row 36: what was cut short was read, refused and said to be so.
  EXPECT_TRUE(wait_for([&] { return server.refusals().size() == 1; }));
  server.httpd.stop();
  const auto events = server.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].value("call", ""), form_value(whole.form, "CallUUID"));
}

TEST(Pipeline, Row38EachRequestIsJudgedByItself) {
  TrustServer server;
  server.httpd.expect_log("PD0201: refused with 403: ");
  ASSERT_TRUE(server.start(kConfiguration));
  const auto bytes = [](bool with_signature, const char* connection) {
    const HttpRequest request = webhook_request("/dialstatus/callback", fresh_call(example("E5")));
    std::string text = wire(with_signature ? sign_request(request) : request);
    return text.replace(text.find("close"), 5, connection);
  };
  const std::string reply = server.client().exchange(
      bytes(true, "keep-alive") + bytes(false, "keep-alive") + bytes(true, "close"));
  std::vector<int> statuses;
  for (std::size_t at = reply.find("HTTP/1.1 "); at != std::string::npos;
       at = reply.find("HTTP/1.1 ", at + 1)) {
    statuses.push_back(status_of(reply.substr(at)));
  }
  EXPECT_EQ(statuses, (std::vector<int>{200, 403, 200})) << reply;
  EXPECT_THAT(server.refusals(), SizeIs(1));
  EXPECT_THAT(server.events(), SizeIs(2));
}

TEST(SpoolFailure, Row39IsToldToThoseWhoSignedOnly) {
  TrustServer server;
  for (const char* line : {"PD0511", "PD0512: event not accepted", "PD0201: refused with 403: "}) {
    server.httpd.expect_log(line);
  }
  ASSERT_TRUE(server.start(kConfiguration));
  const std::string spool = server.httpd.root() + "/spool";
  std::filesystem::rename(spool, spool + "-away");
  const HttpRequest callback = webhook_request("/dialstatus/callback", fresh_call(example("E5")));
  const HttpReply refused = server.client().send(sign_request(callback));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "2");
  EXPECT_EQ(server.client().send(callback).status, 403);
  const HttpRequest action = webhook_request("/dialstatus/action", fresh_call(example("D3")));
  EXPECT_EQ(server.client().send(sign_request(action)).document.outline(),
            "Response(Speak Hangup)");
  std::filesystem::rename(spool + "-away", spool);
}

// Row 43: httpd answers this for the whole server, and asks nobody.
TEST(OptionsOfTheServer, Row43IsNoWebhook) {
  TrustServer server;
  ASSERT_TRUE(server.start(kConfiguration));
  const std::string reply = server.client().exchange(
      "OPTIONS * HTTP/1.1\r\nHost: pbx.example.com\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(reply), 200) << reply;
  EXPECT_THAT(server.refusals(), SizeIs(0));
  EXPECT_THAT(server.events(), SizeIs(0));
  server.expect_good_request();
  EXPECT_THAT(server.events(), SizeIs(1));
}

}  // namespace
}  // namespace plivo_dial::test
