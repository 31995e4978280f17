// SPDX-License-Identifier: Apache-2.0
// PlivoSignature in its four modes, where it may stand, and what its verdict tells the logs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/httpd/polling.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::size_t count_in(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

std::string in_mode(const std::string& mode) {
  return "PlivoSignature " + mode + "\n" + signed_configuration();
}

TEST(WarnMode, SaysSoAtEveryStartAndReload) {
  SignedServer server;
  const std::string sign = "PlivoSignature Warn for <Location \"/dialstatus\">";
  server.httpd.expect_log(sign);
  ASSERT_TRUE(server.start(in_mode("Warn")));
  EXPECT_EQ(count_in(server.httpd.error_log(), sign), 1U);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_EQ(count_in(server.httpd.error_log(), sign), 2U);
  server.httpd.reconfigure(EventSinks::directives() + in_mode("Require"));
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_EQ(count_in(server.httpd.error_log(), sign), 2U);
}

// Each mismatch has its line, and a right signature has none.
TEST(WarnMode, ServesAllAndWritesALineForEachMismatch) {
  SignedServer server;
  server.httpd.expect_log("PD0201");
  server.httpd.expect_log("PD0203");
  server.httpd.allow_log("PlivoSignature Warn");
  ASSERT_TRUE(server.start(in_mode("Warn")));
  const auto lines = [&](const char* id) { return count_in(server.httpd.error_log(), id); };
  for (std::size_t round = 1; round <= 3; ++round) {
    const HttpRequest request = fresh_webhook("/dialstatus/callback", "E5");
    EXPECT_EQ(server.client().send(request).status, 200);
    EXPECT_EQ(lines("PD0201"), round);
    EXPECT_EQ(server.client()
                  .send(sign_request(fresh_webhook("/dialstatus/callback", "E5"),
                                     {.token = kForeignToken}))
                  .status,
              200);
    EXPECT_EQ(lines("PD0203"), round);
    EXPECT_EQ(
        server.client().send(sign_request(fresh_webhook("/dialstatus/callback", "E5"))).status,
        200);
    EXPECT_EQ(lines("PD020"), 2 * round);
  }
  std::size_t verified = 0;
  for (const json& event : server.sinks.expect_events(9)) {
    if (event.value("verified", json()) == true) {
      ++verified;
      EXPECT_EQ(event.value("account", json()), "main");
    }
  }
  EXPECT_EQ(verified, 3U);
}

TEST(OffMode, LooksAtNothing) {
  SignedServer server;
  server.httpd.expect_log("PlivoSignature Off");
  ASSERT_TRUE(server.start(in_mode("Off")));
  for (const char* token : {kMainToken, kForeignToken}) {
    const HttpRequest request = fresh_webhook("/dialstatus/callback", "E5");
    EXPECT_EQ(server.client().send(sign_request(request, {.token = token})).status, 200);
  }
  for (const json& event : server.sinks.expect_events(2)) {
    EXPECT_EQ(event.value("verified", json()), false);
    EXPECT_EQ(event.value("account", json()), "");
  }
}

struct Mix {
  std::string name;
  std::string token_v3;  // "": no V3 headers
  std::string token_v2;
  long status;
};

// The request with V3 and V2 headers as `mix` says.
HttpRequest sign_by(const Mix& mix, HttpRequest request) {
  if (!mix.token_v3.empty()) request = sign_request(request, {.token = mix.token_v3});
  if (mix.token_v2.empty()) return request;
  return sign_request(request, {.token = mix.token_v2}, SignatureKind::kV2);
}

// V2 does not cover the body, so it must never save a request whose V3 is wrong.
TEST(V2Mode, V3DecidesWhereItIsThere) {
  const std::vector<Mix> mixes = {{"V2 alone", "", kMainToken, 200},
                                  {"wrong V2 alone", "", kForeignToken, 403},
                                  {"V3 alone", kMainToken, "", 200},
                                  {"both", kMainToken, kMainToken, 200},
                                  {"wrong V2", kMainToken, kForeignToken, 200},
                                  {"wrong V3", kForeignToken, kMainToken, 403},
                                  {"none", "", "", 403}};
  SignedServer server;
  server.httpd.expect_log("PD0201");
  server.httpd.expect_log("PD02");
  server.httpd.allow_log("PlivoSignature V2");
  ASSERT_TRUE(server.start(in_mode("V2")));
  std::size_t accepted = 0;
  for (const Mix& mix : mixes) {
    const HttpRequest request = sign_by(mix, fresh_webhook("/dialstatus/callback?leg=b", "E5"));
    EXPECT_EQ(server.client().send(request).status, mix.status) << mix.name;
    if (mix.status == 200) ++accepted;
  }
  std::map<std::string, int> by;
  for (const json& event : server.sinks.expect_events(accepted)) {
    ++by[event.value("verified_by", "none")];
  }
  EXPECT_EQ(by, (std::map<std::string, int>{{"V2", 1}, {"V3", 3}}));
}

// Any V3 header at all: one that is broken, or a nonce, must not open the way to V2.
TEST(V2Mode, BrokenV3HeadersDoNotLeadToV2) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  server.httpd.allow_log("PlivoSignature V2");
  ASSERT_TRUE(server.start(in_mode("V2")));
  for (const std::string header : {"X-Plivo-Signature-V3: x", "X-Plivo-Signature-V3;",
                                   "X-Plivo-Signature-Ma-V3: x", "X-Plivo-Signature-Ma-V3;"}) {
    const HttpRequest request =
        sign_request(fresh_webhook("/dialstatus/callback", "E5"), {}, SignatureKind::kV2);
    EXPECT_EQ(server.client().send(with_header(request, header)).status, 403) << header;
  }
  server.sinks.expect_events(0);
}

// A nonce signs nothing, so that V2 decides beside it as it does without.
TEST(V2Mode, NonceOfV3AloneIsNoV3) {
  SignedServer server;
  server.httpd.allow_log("PlivoSignature V2");
  ASSERT_TRUE(server.start(in_mode("V2")));
  for (const std::string header :
       {"X-Plivo-Signature-V3-Nonce: 12345", "X-Plivo-Signature-V3-Nonce;"}) {
    const HttpRequest request =
        sign_request(fresh_webhook("/dialstatus/callback", "E5"), {}, SignatureKind::kV2);
    EXPECT_EQ(server.client().send(with_header(request, header)).status, 200) << header;
  }
  server.sinks.expect_events(2);
}

TEST(V2Mode, MaHeaderNonceAndUrlAreChecked) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  server.httpd.allow_log("PlivoSignature V2");
  ASSERT_TRUE(server.start(in_mode("V2")));
  const HttpRequest request = fresh_webhook("/dialstatus/callback", "E5");
  const auto send = [&](const Signing& signing, const std::string& path) {
    HttpRequest sent = sign_request(request, signing, SignatureKind::kMaV2);
    sent.path = path;
    return server.client().send(sent).status;
  };
  EXPECT_EQ(send({.token = kPreviousMainToken}, "/dialstatus/callback"), 200);
  EXPECT_EQ(send({}, "/dialstatus/action"), 403);
  EXPECT_EQ(send({.origin = "https://evil.example"}, "/dialstatus/callback"), 403);
  HttpRequest other_nonce = sign_request(request, {.nonce = "1"}, SignatureKind::kV2);
  other_nonce.headers.back() = "X-Plivo-Signature-V2-Nonce: 2";
  EXPECT_EQ(server.client().send(other_nonce).status, 403);
  const std::vector<json> events = server.sinks.expect_events(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value("verified_by", ""), "Ma-V2");
  EXPECT_EQ(events[0].value("token", ""), "previous");
}

// The obsolete scheme: SHA-1 under the token, without nonce.
TEST(V1, IsNeverAccepted) {
  for (const char* mode : {"Require", "V2"}) {
    SignedServer server;
    server.httpd.expect_log("PD0205");
    server.httpd.allow_log("PlivoSignature V2");
    ASSERT_TRUE(server.start(in_mode(mode)));
    HttpRequest request = webhook_request(
        "/dialstatus/callback", {"", "POST", "CallUUID=c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21"});
    // Base64 of HMAC-SHA1, under kMainToken, of
    // "https://pbx.example.com/dialstatus/callbackCallUUIDc3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21".
    request.headers.push_back("X-Plivo-Signature: uLSzcYRhDXD6vi6u48/+UBGkoxM=");
    EXPECT_EQ(server.client().send(request).status, 403) << mode;
    request.headers.push_back("X-Plivo-Signature-V2-Nonce: 12345");
    EXPECT_EQ(server.client().send(request).status, 403) << mode;
    server.sinks.expect_events(0);
  }
}

// A Location's own line wins over the virtual host's, and that over the server's.
TEST(Modes, AreInheritedAndOverridden) {
  SignedServer server;
  server.httpd.expect_log("PD0201");
  server.httpd.expect_log("PD0205");
  server.httpd.allow_log("PlivoSignature");
  ASSERT_TRUE(server.start(signed_configuration() +
                           answering_location("/open", "PlivoSignature Off") +
                           answering_location("/open/closed", "PlivoSignature Require") +
                           answering_location("/watched", "PlivoSignature Warn") +
                           answering_location("/older", "PlivoSignature V2") + R"(
<VirtualHost 127.0.0.1:${PORT}>
ServerName one.example
</VirtualHost>
<VirtualHost 127.0.0.1:${PORT}>
ServerName two.example
PlivoSignature Off
<Location "/kept">
PlivoSignature Require
SetHandler plivo-dial
PlivoDial +14155550101
</Location>
</VirtualHost>
)"));
  struct Row {
    const char* host;
    const char* path;
    long without;  // status without signature
    long by_v2;    // status with V2 alone
  };
  std::size_t served = 0;
  for (const Row& row :
       {Row{"one.example", "/dialstatus", 403, 403}, Row{"one.example", "/open", 200, 200},
        Row{"one.example", "/open/other", 200, 200}, Row{"one.example", "/open/closed", 403, 403},
        Row{"one.example", "/watched", 200, 200}, Row{"one.example", "/older", 403, 200},
        Row{"two.example", "/dialstatus", 200, 200}, Row{"two.example", "/kept", 403, 403}}) {
    SCOPED_TRACE(std::string(row.host) + row.path);
    const auto send = [&](const HttpRequest& request) {
      const long status =
          server.client().send(with_header(request, "Host: " + std::string(row.host))).status;
      if (status == 200) ++served;
      return status;
    };
    const auto request = [&] { return fresh_webhook(row.path, "A1"); };
    EXPECT_EQ(send(request()), row.without);
    EXPECT_EQ(send(sign_request(request(), {}, SignatureKind::kV2)), row.by_v2);
    EXPECT_EQ(send(sign_request(request())), 200);
  }
  server.sinks.expect_events(served);
}

constexpr const char* kNotes =
    "LogFormat \"%>s %{plivo_account}n %{plivo_token}n %{plivo_signature}n %{plivo_refusal}n\" "
    "notes\nCustomLog \"${ROOT}/logs/notes\" notes\n";

TEST(Notes, SayWhoSentARequestOrWhyItWasRefused) {
  SignedServer server;
  server.httpd.expect_log("PD0201");
  server.httpd.expect_log("PD0203");
  server.httpd.expect_log("PD0408");
  server.httpd.allow_log("PlivoSignature Warn");
  ASSERT_TRUE(server.start(kNotes + signed_configuration() +
                           answering_location("/watched", "PlivoSignature Warn")));
  std::string expected;
  const auto written = [&] { return read_file(server.httpd.root() + "/logs/notes"); };
  const auto send = [&](const HttpRequest& request, const std::string& line) {
    server.client().send(request);
    expected += line + "\n";
    // A line is written when its request is over, which is after the client has the reply.
    EXPECT_TRUE(wait_for([&] { return written().size() >= expected.size(); })) << written();
  };
  const auto request = [] { return fresh_webhook("/dialstatus", "A1"); };
  send(sign_request(request()), "200 main current V3 -");
  send(sign_request(request(), {.token = kPreviousMainToken}, SignatureKind::kMaV3),
       "200 main previous Ma-V3 -");
  send(sign_request(request(), {.token = kSubaccountToken}), "200 sub current V3 -");
  send(request(), "403 - - - PD0201");
  send(sign_request(request(), {.token = kForeignToken}), "403 - - - PD0203");
  send(fresh_webhook("/watched", "A1"), "200 - - - PD0201");
  send(sign_request(webhook_request("/dialstatus", {"", "POST", "From=1"})),
       "400 main current V3 PD0408");
  EXPECT_EQ(written(), expected);
  server.sinks.expect_events(4);
}

}  // namespace
}  // namespace plivo_dial::test
