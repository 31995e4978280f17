// SPDX-License-Identifier: Apache-2.0
// Which URL a signature must be made over: the configured origin and the request line's target,
// byte for byte, whatever a client or another module says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;
using testing::StartsWith;

// Signed over `signed_target` and sent to `sent_target`.
HttpReply send_signed(const SignedServer& server, const std::string& signed_target,
                      const std::string& sent_target, const Signing& signing = {}) {
  HttpRequest request = sign_request(fresh_webhook(signed_target, "A1"), signing);
  request.path = sent_target;
  return server.client().send(request);
}

TEST(SignedUrl, TheOriginAloneIsTriedForItsRoot) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.start(std::string(kAccounts) + "PlivoPublicURL " + kOrigin + "\n" +
                           answering_location("/")));
  EXPECT_EQ(send_signed(server, "/", "/").status, 200);
  EXPECT_EQ(send_signed(server, "", "/").status, 200);
  EXPECT_EQ(send_signed(server, "?tenant=42", "/?tenant=42").status, 200);
  EXPECT_EQ(send_signed(server, "/?tenant=42", "/?tenant=42").status, 200);
  // The path of the root only.
  EXPECT_EQ(send_signed(server, "/pbx", "/pbx/").status, 403);
  EXPECT_EQ(send_signed(server, "/pbx/", "/pbx").status, 403);
  EXPECT_EQ(send_signed(server, "", "//").status, 403);
  server.sinks.expect_events(4);
}

TEST(SignedUrl, IsTheRawPath) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.start(signed_configuration()));
  const std::vector<std::string> spellings = {
      "/dialstatus",   "//dialstatus",      "/dialstatus/",        "/dialstatus//",
      "/dial%73tatus", "/./dialstatus",     "/x/../dialstatus",    "/dialstatus/a%20b/%7Ex",
      "/%64ialstatus", "/dialstatus/a+b;c", "/dialstatus/a%20b/~x"};
  // Each is served where it was signed as it is, and only there.
  for (const std::string& sent : spellings) {
    for (const std::string& signed_target : spellings) {
      EXPECT_EQ(send_signed(server, signed_target, sent).status, sent == signed_target ? 200 : 403)
          << "signed " << signed_target << ", sent " << sent;
    }
  }
  server.sinks.expect_events(spellings.size());
}

TEST(SignedUrl, OfOnePathIsNotThatOfAnother) {
  SignedServer server;
  server.httpd.expect_log("PD0203");
  server.httpd.expect_log("PD0206");
  ASSERT_TRUE(server.start(signed_configuration()));
  const std::vector<std::string> targets = {
      "/dialstatus",          "/dialstatus/action",         "/dialstatus/callback",
      "/dialstatus?stage=2",  "/dialstatus/action?stage=2", "/dialstatus/action?stage=3",
      "/dialstatus/fallback", "/dialstatus/hangup"};
  for (const std::string& signed_target : targets) {
    for (const std::string& sent : targets) {
      EXPECT_EQ(send_signed(server, signed_target, sent).status, sent == signed_target ? 200 : 403)
          << "signed " << signed_target << ", sent " << sent;
    }
  }
  server.sinks.expect_events(targets.size());
}

TEST(SignedUrl, HasThePrefixThatAProxyStripped) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.start(std::string(kAccounts) +
                           "PlivoPublicURL https://pbx.example.com:8443/voice/v1\n" +
                           answering_location("/dialstatus")));
  const std::string whole = "https://pbx.example.com:8443/voice/v1";
  EXPECT_EQ(send_signed(server, "/dialstatus", "/dialstatus", {.origin = whole}).status, 200);
  for (const char* other :
       {"https://pbx.example.com:8443", "https://pbx.example.com:8443/voice/v1/",
        "https://pbx.example.com:8443/Voice/v1"}) {
    EXPECT_EQ(send_signed(server, "/dialstatus", "/dialstatus", {.origin = other}).status, 403)
        << other;
  }
  server.sinks.expect_events(1);
}

// Origins are kept byte for byte, so that none of these is another one.
TEST(SignedUrl, OfAnotherSchemeHostOrPortIsRefused) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.start(signed_configuration()));
  for (const char* other :
       {"http://pbx.example.com", "https://pbx.example.com:443", "https://pbx.example.com:8443",
        "https://PBX.example.com", "https://pbx.example.com.", "https://www.pbx.example.com",
        "https://pbx.example.org", "HTTPS://pbx.example.com", "pbx.example.com", ""}) {
    EXPECT_EQ(send_signed(server, "/dialstatus", "/dialstatus", {.origin = other}).status, 403)
        << other;
  }
  EXPECT_EQ(send_signed(server, "/dialstatus", "/dialstatus").status, 200);
  server.sinks.expect_events(1);
}

// httpd serves "POST http://anything/dialstatus" as well.
TEST(SignedUrl, AnAbsoluteRequestLineDoesNotReplaceTheOrigin) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.start(signed_configuration()));
  for (const char* line : {"http://evil.example/dialstatus", "https://evil.example:8443/dialstatus",
                           "http://pbx.example.com/dialstatus"}) {
    SCOPED_TRACE(line);
    const std::string origin(line, std::string(line).rfind('/'));
    HttpRequest ours = sign_request(fresh_webhook("/dialstatus", "A1"));
    HttpRequest theirs = sign_request(fresh_webhook("/dialstatus", "A1"), {.origin = origin});
    ours.path = theirs.path = line;
    const std::string host = origin.substr(origin.find("//") + 2);
    EXPECT_THAT(server.client().exchange(raw_request(ours, host)), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(server.client().exchange(raw_request(theirs, host)), StartsWith("HTTP/1.1 403"));
  }
  server.sinks.expect_events(3);
}

TEST(SignedUrl, NoHeaderChangesTheOrigin) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.start(signed_configuration()));
  const std::vector<std::string> forged = {"Host: evil.example",
                                           "X-Forwarded-Host: evil.example",
                                           "X-Forwarded-Proto: http",
                                           "X-Forwarded-Port: 80",
                                           "X-Original-URL: /dialstatus/action",
                                           "X-Rewrite-URL: /dialstatus/action",
                                           "Forwarded: host=evil.example;proto=http"};
  for (const char* origin : {kOrigin, "https://evil.example", "http://evil.example"}) {
    HttpRequest request = sign_request(fresh_webhook("/dialstatus", "A1"), {.origin = origin});
    for (const std::string& header : forged) request.headers.push_back(header);
    EXPECT_EQ(server.client().send(request).status, std::string(origin) == kOrigin ? 200 : 403)
        << origin;
  }
  server.sinks.expect_events(1);
}

constexpr const char* kHosts = R"(
<VirtualHost 127.0.0.1:${PORT}>
ServerName one.example
PlivoPublicURL https://one.example
</VirtualHost>
<VirtualHost 127.0.0.1:${PORT}>
ServerName two.example
PlivoPublicURL https://two.example
PlivoAccount second MAYYYYYYYYYYYYYYYYYY "file:${ROOT}/conf/second.token"
</VirtualHost>
)";

// A virtual host without accounts has the server's; one with accounts has only its own.
TEST(SignedUrl, EachVirtualHostHasItsOriginAndItsAccounts) {
  constexpr const char* kSecondToken = "NzM1YWIwMWUtZDI4Yy00OTE2LWI3ZTAtNGY1YzJh";
  SignedServer server;
  write_token(server.httpd.files(), "second", kSecondToken);
  server.httpd.expect_log("PD0203");
  server.httpd.expect_log("PD0211");
  server.httpd.expect_log("PD0207");
  ASSERT_TRUE(server.start(signed_configuration() + kHosts));
  std::vector<std::string> accepted;
  for (const std::string host : {"one.example", "two.example"}) {
    for (const std::string origin : {"https://one.example", "https://two.example"}) {
      for (const std::string token : {kMainToken, kSubaccountToken, kSecondToken}) {
        const HttpRequest request = with_header(
            sign_request(fresh_webhook("/dialstatus", "A1"), {.token = token, .origin = origin}),
            "Host: " + host);
        const bool right =
            origin == "https://" + host && (token == kSecondToken) == (host == "two.example");
        EXPECT_EQ(server.client().send(request).status, right ? 200 : 403)
            << host << ' ' << origin << ' ' << token.substr(0, 4);
      }
    }
  }
  std::map<std::string, int> accounts;
  for (const json& event : server.sinks.expect_events(3)) ++accounts[event.value("account", "")];
  EXPECT_EQ(accounts, (std::map<std::string, int>{{"main", 1}, {"sub", 1}, {"second", 1}}));
}

// What was signed is the request line; what mod_rewrite made of it is nobody's word.
TEST(SignedUrl, ARewrittenQueryIsNotBelieved) {
  SignedServer server({.modules = {"rewrite"}});
  server.httpd.expect_log("PD0203");
  ASSERT_TRUE(server.start(signed_configuration() + R"(
RewriteEngine On
RewriteRule "^/dialstatus/action$" "/dialstatus/action?DialStatus=failed&Smuggled=1" [PT]
RewriteRule "^/dialstatus/callback$" "/dialstatus/callback?Smuggled=1" [PT,QSA]
RewriteRule "^/voice/result$" "/dialstatus/action" [PT]
)"));
  for (const char* path : {"/dialstatus/action?tenant=42", "/voice/result?tenant=42"}) {
    const HttpRequest request = sign_request(fresh_webhook(path, "D7"));
    EXPECT_EQ(server.client().send(request).status, 200) << path;
  }
  EXPECT_EQ(server.client()
                .send(sign_request(fresh_webhook("/dialstatus/callback?tenant=42", "E1")))
                .status,
            200);
  // Signed as it was rewritten.
  HttpRequest rewritten = sign_request(fresh_webhook("/dialstatus/action", "D7"));
  rewritten.path = "/voice/result" + rewritten.path.substr(rewritten.path.find('?'));
  EXPECT_EQ(server.client().send(rewritten).status, 403);
  for (const json& event : server.sinks.expect_events(3)) {
    EXPECT_EQ(event["params"].value("tenant", ""), "42") << event;
    EXPECT_FALSE(event["params"].contains("Smuggled")) << event;
    EXPECT_NE(event.value("dial_status", ""), "failed") << event;
    EXPECT_EQ(event.value("verified", false), true);
  }
}

// The same after an internal redirect: the module's own request line is not Plivo's.
TEST(SignedUrl, IsTheFirstOneOfAnInternalRedirect) {
  SignedServer server({.modules = {"rewrite"}});
  server.httpd.expect_log("PD0201");
  ASSERT_TRUE(server.start(signed_configuration() + R"(
<Directory "${ROOT}/htdocs">
RewriteEngine On
RewriteRule "^old/result$" "/dialstatus/action?DialStatus=failed&Smuggled=1"
</Directory>
)"));
  const HttpRequest request = fresh_webhook("/old/result?tenant=42", "D7");
  EXPECT_EQ(server.client().send(request).status, 403);
  EXPECT_EQ(server.client().send(sign_request(request)).status, 200);
  const std::vector<json> events = server.sinks.expect_events(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value("endpoint", ""), "action");
  EXPECT_EQ(events[0].value("dial_status", ""), "completed");
  EXPECT_EQ(events[0]["params"].value("tenant", ""), "42");
  EXPECT_FALSE(events[0]["params"].contains("Smuggled"));
}

}  // namespace
}  // namespace plivo_dial::test
