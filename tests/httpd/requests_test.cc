// SPDX-License-Identifier: Apache-2.0
// Requests that are wrong or hostile: none gets through as something else, none breaks a document
// or an event line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Methods : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Methods);

TEST_P(Methods, OthersThanGetAndPostGet405WithAllow) {
  PlivoServer server({.mpm = GetParam()});
  server.httpd.allow_log("PD0290: ");  // where a second ends among them
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::string pairs = "?" + fresh_call(example("A1")).form;
  for (const char* method :
       {"HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND", "BREW", "get", "Post"}) {
    for (const char* path : {"/dialstatus", "/dialstatus/callback", "/dialstatus/action"}) {
      SCOPED_TRACE(std::string(method) + " " + path);
      const HttpReply reply = server.client().send({.method = method, .path = path + pairs});
      EXPECT_EQ(reply.status, 405);
      EXPECT_EQ(reply.header("allow"), "GET, POST");
    }
  }
  // One good request, so that the absence of others is seen.
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  server.sinks.expect_events(1);
}

struct HostileName {
  const char* name;
  const char* wire;  // CallerName in wire form
};

void PrintTo(const HostileName& name, std::ostream* out) {
  *out << name.wire;
}

class CallerName : public testing::TestWithParam<HostileName> {};

TEST_P(CallerName, ChangesNothingInDocumentsAndEvents) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      "PlivoSignature Off\nPlivoPublicURL https://pbx.example.com\nPlivoCallerId caller\n"
      "<Location \"/dialstatus\">\nSetHandler plivo-dial\nPlivoSpeak \"Hello\"\n"
      "PlivoDial +14155550100\nPlivoDial +14155550101\n</Location>\n"));
  for (const auto& [path, id, outline] : std::vector<std::array<std::string, 3>>{
           {"/dialstatus", "A1", "Response(Speak Dial(Number))"},
           {"/dialstatus/action", "D3", "Response(Dial(Number))"},
           {"/dialstatus/fallback", "F1", "Response(Speak Hangup)"}}) {
    Example call = fresh_call(example(id));
    for (const char* field : {"CallerName", "From"}) {
      call.form = with_form_value(call.form, field, GetParam().wire);
    }
    const HttpReply reply = send_example(server.client(), path, call);
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.document.outline(), outline) << reply.body;
    EXPECT_EQ(reply.body.find("1900"), std::string::npos) << reply.body;
  }
  server.sinks.expect_events(3);
  for (const std::string& line : server.sinks.in_syslog()) {
    for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
    EXPECT_EQ(syslog_field(line, "id").size(), 26U) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(
    , CallerName,
    testing::Values(HostileName{"Markup", "%22%3E%3CDial%3E%3CNumber%3E%2B1900"},
                    HostileName{"Entity", "%26%23x3C%3BDial%3E%26lt%3B+1900"},
                    HostileName{"CData", "%5D%5D%3E%3C%21%5BCDATA%5B1900"},
                    HostileName{"ControlCharacters", "a%01%08%0B%1B%5B31m%7Fb"},
                    HostileName{"LineFeed", "a%0D%0Aplivo-dial%5B1%5D%3A+event%3Dcall.answer"},
                    HostileName{"BrokenUtf8", "%FF%FE%C3%28%ED%A0%80%C0%AF%F5"},
                    HostileName{"Noncharacters", "%EF%BF%BF%EF%BF%BE"},
                    HostileName{"BidiAndC1", "%E2%80%AE%C2%85%C2%9B31m"},
                    HostileName{"LooksLikeFields", "x+id%3Dfake+event%3Dfake%22"},
                    HostileName{"Shell", "%24%28reboot%29%60id%60%3B%7C%25s%25n"}),
    [](const testing::TestParamInfo<HostileName>& name) { return std::string(name.param.name); });

TEST(Body, OverPlivoMaxBodyIs413) {
  PlivoServer server;
  server.httpd.expect_log("PD0401");
  ASSERT_TRUE(server.start("PlivoMaxBody 2K\n" + std::string(kShortConfiguration)));
  const auto call_of = [](std::size_t size) {
    const std::string form = fresh_call(example("A1")).form + "&X-PH-Pad=";
    return form + std::string(size - form.size(), 'x');
  };
  const std::string fits = call_of(2048);
  EXPECT_EQ(server.client().post("/dialstatus", fits).status, 200);
  EXPECT_EQ(server.client().post("/dialstatus", fits + "x").status, 413);
  HttpRequest chunked = {
      .method = "POST",
      .path = "/dialstatus",
      .body = call_of(2048),
      .headers = {"Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked"}};
  EXPECT_EQ(server.client().send(chunked).status, 200);
  chunked.body += "x";
  EXPECT_EQ(server.client().send(chunked).status, 413);
  server.sinks.expect_events(2);
}

TEST(Body, OverTheDefaultLimitIs413) {
  PlivoServer server;
  server.httpd.expect_log("PD0401");
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::string form = fresh_call(example("A1")).form + "&X-PH-Pad=";
  EXPECT_EQ(server.client().post("/dialstatus", form + std::string(70000, 'x')).status, 413);
  EXPECT_EQ(server.client().post("/dialstatus", form + std::string(8000, 'x')).status, 200);
  server.sinks.expect_events(1);
}

// A request that comes again and again, and can never be stored, is told so at once.
TEST(Body, WhoseEventTheSpoolCannotHoldIs413) {
  PlivoServer server;
  server.httpd.expect_log("PD0401: refused with 413: the event of this request is larger");
  server.httpd.expect_log("PD0401: refused with 413: the body is larger than PlivoMaxBody 524288");
  server.httpd.expect_log("PlivoMaxBody 512K says what holds");
  ASSERT_TRUE(server.start("PlivoMaxBody 16M\n" + std::string(kShortConfiguration)));
  const auto padded = [](const std::string& byte, std::size_t size, int fields) {
    std::string form = fresh_call(example("R1")).form;
    std::string value;
    for (std::size_t i = 0; i < size; ++i) value += byte;
    for (int i = 0; i < fields; ++i) form += "&Pad" + std::to_string(i) + "=" + value;
    return form;
  };
  // A control character is one byte here, and six of the event.
  EXPECT_EQ(server.client().post("/dialstatus/ring", padded("%01", 8000, 12)).status, 413);
  EXPECT_EQ(server.client().post("/dialstatus/ring", padded("x", 8000, 70)).status, 413);
  EXPECT_EQ(server.client().post("/dialstatus/ring", padded("%01", 8000, 2)).status, 200);
  EXPECT_EQ(server.client().post("/dialstatus/ring", padded("x", 8000, 50)).status, 200);
  server.sinks.expect_events(2);
}

TEST(Body, OtherMediaTypesAre415) {
  PlivoServer server;
  server.httpd.expect_log("PD0402");
  server.httpd.expect_log("PD0403");
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::string form = fresh_call(example("A1")).form;
  const auto send = [&](const std::vector<std::string>& headers) {
    return server.client()
        .send({.method = "POST", .path = "/dialstatus", .body = form, .headers = headers})
        .status;
  };
  EXPECT_EQ(send({"Content-Type: application/json"}), 415);
  EXPECT_EQ(send({"Content-Type: multipart/form-data; boundary=x"}), 415);
  EXPECT_EQ(send({"Content-Type: application/x-www-form-urlencoded; charset=utf-16"}), 415);
  EXPECT_EQ(send({"Content-Type:"}), 415);
  EXPECT_EQ(send({"Content-Type: application/x-www-form-urlencoded", "Content-Encoding: gzip"}),
            415);
  EXPECT_EQ(send({"Content-Type: APPLICATION/x-www-form-urlencoded; charset=\"UTF-8\""}), 200);
  server.sinks.expect_events(1);
}

TEST(CallUuid, MissingOrMalformedIs400) {
  PlivoServer server;
  server.httpd.expect_log("CallUUID");
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::string form = example("E5").form;
  for (const char* path : {"/dialstatus", "/dialstatus/action", "/dialstatus/callback",
                           "/dialstatus/ring", "/dialstatus/hangup", "/dialstatus/fallback"}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(server.client().post(path, "From=14155550100&To=14155550199").status, 400);
    EXPECT_EQ(server.client().post(path, "").status, 400);
    EXPECT_EQ(server.client().get(path).status, 400);
    for (const char* value : {"", "short", "../../etc/passwd",
                              "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21%0A", "g3f2b0d4-6a17-4d0e"}) {
      EXPECT_EQ(server.client().post(path, with_form_value(form, "CallUUID", value)).status, 400)
          << value;
    }
  }
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  server.sinks.expect_events(1);
}

TEST(Pairs, TooManyOrTooLongAre400) {
  PlivoServer server;
  server.httpd.expect_log("PD0404");
  ASSERT_TRUE(server.start(kShortConfiguration));
  const std::string form = fresh_call(example("A1")).form;
  std::string many = form;
  for (int i = 0; i < 200; ++i) many += "&p" + std::to_string(i) + "=1";
  EXPECT_EQ(server.client().post("/dialstatus", many).status, 400);
  EXPECT_EQ(server.client().post("/dialstatus", form + "&" + std::string(129, 'n') + "=1").status,
            400);
  EXPECT_EQ(server.client().post("/dialstatus", form + "&x=" + std::string(8193, 'v')).status, 400);
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  server.sinks.expect_events(1);
}

TEST(UnknownWords, AreKeptAndPassedOn) {
  PlivoServer server;
  server.httpd.expect_log("PD0414: served: DialStatus \"rerouted\"");
  ASSERT_TRUE(server.start(kShortConfiguration));
  Example call = fresh_call(example("D3"));
  call.form =
      with_form_value(call.form, "DialStatus", "rerouted") + "&NewParameter=1&NewParameter=2";
  EXPECT_EQ(send_example(server.client(), "/dialstatus/action", call).status, 200);
  const auto events = server.sinks.expect_events(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value("dial_status", ""), "rerouted");
  EXPECT_EQ(events[0]["params"]["NewParameter"], (nlohmann::json{"1", "2"}));
  EXPECT_EQ(events[0]["params"]["DialBLegUUID"], "");
}

// The last request of each connection is cut short; nothing of it may be taken for a webhook.
TEST(Wire, BrokenRequestsAreNoEvents) {
  PlivoServer server;
  ASSERT_TRUE(server.start("<IfModule mod_reqtimeout.c>\n</IfModule>\nTimeout 2\n" +
                           std::string(kShortConfiguration)));
  server.httpd.allow_log("PD0412");
  const std::string form = fresh_call(example("E5")).form;
  const std::string head =
      "POST /dialstatus/callback HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\n";
  const HttpClient client = server.client();
  EXPECT_THAT(client.exchange(head + "Content-Length: abc\r\n\r\n" + form),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(client.exchange(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + form),
              Not(StartsWith("HTTP/1.1 200")));
  EXPECT_THAT(client.exchange(head + "Content-Length: 100000\r\n\r\n"), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(client.exchange(head + "Content-Length: " + std::to_string(form.size() + 10) +
                              "\r\n\r\n" + form),
              Not(StartsWith("HTTP/1.1 200")));
  EXPECT_EQ(server.send("/dialstatus/callback", "E5").status, 200);
  server.httpd.allow_log("PD0401");
  server.sinks.expect_events(1);
}

}  // namespace
}  // namespace plivo_dial::test
