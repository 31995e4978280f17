// SPDX-License-Identifier: Apache-2.0
// The URLs that documents carry, and the URLs at which a site can be reached.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/httpd/plivo_server.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;

constexpr const char* kOpen = R"(
PlivoSignature Off
PlivoPublicURL https://pbx.example.com
)";

std::string location(const std::string& path, const std::string& directives) {
  return "<Location \"" + path + "\">\nSetHandler plivo-dial\n" + directives + "\n</Location>\n";
}

// The path and query that Plivo would request for an action URL in a document.
std::string url_path(const std::string& url) {
  const std::string origin = "https://pbx.example.com";
  EXPECT_EQ(url.substr(0, origin.size()), origin);
  return url.substr(origin.size(), url.find('#') - origin.size());
}

TEST(ActionByGet, WorksWithAndWithoutTrailingSlash) {
  for (const char* redirect : {"true", "false"}) {
    PlivoServer server;
    ASSERT_TRUE(server.start(
        kOpen + location("/dialstatus",
                         std::string("PlivoDial +14155550100 method=GET redirect=") + redirect)));
    const DocumentElement answer = server.send("/dialstatus", "A1").document;
    EXPECT_EQ(answer.child("Dial").attribute("method"), "GET");
    EXPECT_EQ(answer.child("Dial").attribute("redirect"), redirect);
    const std::string path = url_path(answer.child("Dial").attribute("action"));
    for (const char* slash : {"", "/"}) {
      const HttpReply reply = server.send(path + slash, "D7");
      EXPECT_EQ(reply.status, 200) << path + slash;
      EXPECT_EQ(reply.document.name, "Response");
    }
    server.sinks.expect_events(3);
  }
}

TEST(RedirectFalse, ActionsReplyIsAnEmptyResponseAndAllStagesStandInOneDocument) {
  PlivoServer server;
  server.httpd.expect_log("redirect=false and a stage after it");
  ASSERT_TRUE(server.start(kOpen + location("/dialstatus",
                                            "PlivoDial +14155550100 redirect=false\n"
                                            "PlivoDial +14155550101")));
  EXPECT_EQ(server.send("/dialstatus", "A1").document.outline(),
            "Response(Dial(Number) Dial(Number))");
  EXPECT_EQ(server.send("/dialstatus/action", "D3").document.outline(), "Response");
  server.sinks.expect_events(2);
}

TEST(LocationPath, IsEncodedInOurUrlsAsItsRequestsAre) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kOpen + location("/my plan#1%20", "PlivoDial +14155550100")));
  const DocumentElement answer = server.send("/my%20plan%231%2520", "A1").document;
  const std::string action = answer.child("Dial").attribute("action");
  EXPECT_EQ(action, "https://pbx.example.com/my%20plan%231%2520/action");
  EXPECT_EQ(server.send(url_path(action), "D1").document.outline(), "Response(Hangup)");
  server.sinks.expect_events(2);
}

TEST(AbsoluteAction, IsEmittedAsGiven) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      kOpen + location("/dialstatus",
                       "PlivoDial +14155550100 action=https://crm.example.com:8443/dial/?tenant=42 "
                       "callbackUrl=https://crm.example.com/events#rc=1")));
  const DocumentElement answer = server.send("/dialstatus", "A1").document;
  EXPECT_EQ(answer.child("Dial").attribute("action"),
            "https://crm.example.com:8443/dial/?tenant=42");
  EXPECT_EQ(answer.child("Dial").attribute("callbackUrl"), "https://crm.example.com/events#rc=1");
  server.sinks.expect_events(1);
}

TEST(AbsoluteAction, CarriesTheStageInItsQuery) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      kOpen +
      location("/dialstatus",
               "PlivoDialDefault action=https://pbx.example.com/dialstatus/action?tenant=42\n"
               "PlivoDial +14155550100\nPlivoDial +14155550101")));
  const HttpReply reply = server.send("/dialstatus/action?tenant=42", "D3");
  EXPECT_EQ(reply.document.child("Dial").attribute("action"),
            "https://pbx.example.com/dialstatus/action?tenant=42&stage=2");
  server.sinks.expect_events(1);
}

// A site whose applications at Plivo name URLs that were there before the module.
TEST(ExistingSite, KeepsItsLayout) {
  PlivoServer server;
  ASSERT_TRUE(server.start(
      kOpen +
      location("/plivo/dialstatus",
               "PlivoDial +14155550100 action=https://pbx.example.com/plivo/dialstatusaction") +
      location("/plivo/dialstatusaction", "PlivoEndpoint action") +
      location("/dialstatus/action", "PlivoEndpoint action") +
      location("/plivo/events", "PlivoEndpoint callback")));
  EXPECT_EQ(server.send("/plivo/dialstatus", "A1").document.child("Dial").attribute("action"),
            "https://pbx.example.com/plivo/dialstatusaction");
  for (const char* path : {"/plivo/dialstatusaction", "/dialstatus/action/"}) {
    const HttpReply reply = server.send(path, "D1");
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.document.outline(), "Response(Hangup)") << path;
  }
  EXPECT_EQ(server.send("/plivo/events", "E5").body, "");
  std::map<std::string, int> endpoints;
  for (const auto& event : server.sinks.expect_events(4)) ++endpoints[event.value("endpoint", "")];
  EXPECT_EQ(endpoints, (std::map<std::string, int>{{"action", 2}, {"answer", 1}, {"callback", 1}}));
}

// Wherever the reports of a call come to, its events name the plan that decides, or none.
TEST(ExistingSite, TheEventsOfOneCallNameOnePlan) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kOpen +
                           location("/calls",
                                    "PlivoDialDefault action=https://pbx.example.com/calls/result\n"
                                    "PlivoDial +14155550100") +
                           location("/calls/result", "PlivoEndpoint action") +
                           location("/calls/voicemail", "PlivoVoicemail On") +
                           location("/reports", "PlivoEndpoint hangup")));
  server.send("/calls", "A1");
  server.send("/calls/result", "D1");
  server.send("/calls/callback", "E5");
  server.send("/calls/voicemail/action", "D1");
  server.send("/reports", "E5");
  std::multiset<std::string> plans;
  for (const auto& event : server.sinks.expect_events(5)) plans.insert(event.value("plan", "none"));
  EXPECT_EQ(plans,
            (std::multiset<std::string>{"/calls", "/calls", "/calls", "/calls/voicemail", "none"}));
}

TEST(PublicUrl, ComesFromTheEnvironment) {
  PlivoServer server({.environment = {"PLIVO_URL=https://f00d.tunnel.example"}});
  ASSERT_TRUE(server.start("PlivoSignature Off\nPlivoPublicURL ${PLIVO_URL}\n" +
                           location("/dialstatus", "PlivoDial +14155550100")));
  EXPECT_EQ(server.send("/dialstatus", "A1").document.child("Dial").attribute("action"),
            "https://f00d.tunnel.example/dialstatus/action");
  server.sinks.expect_events(1);
}

TEST(PublicUrl, HostAndForwardingHeadersChangeNothing) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kOpen + location("/dialstatus", "PlivoDial +14155550100")));
  const HttpReply reply = server.client().send(
      {.method = "POST",
       .path = "/dialstatus",
       .body = fresh_call(example("A1")).form,
       .headers = {"Content-Type: application/x-www-form-urlencoded", "Host: evil.example",
                   "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http"}});
  EXPECT_EQ(reply.body.find("evil"), std::string::npos) << reply.body;
  EXPECT_EQ(reply.document.child("Dial").attribute("action"),
            "https://pbx.example.com/dialstatus/action");
  server.sinks.expect_events(1);
}

TEST(PublicUrl, PortAndPrefixAreKept) {
  PlivoServer server;
  ASSERT_TRUE(
      server.start("PlivoSignature Off\nPlivoPublicURL https://pbx.example.com:443/voice\n" +
                   location("/", "PlivoDial +14155550100")));
  const DocumentElement dial = server.send("/", "A1").document.child("Dial");
  EXPECT_EQ(dial.attribute("action"), "https://pbx.example.com:443/voice/action");
  EXPECT_EQ(server.send("/action", "D1").document.outline(), "Response(Hangup)");
  server.sinks.expect_events(2);
}

TEST(PublicUrl, HttpIsServedWithAWarning) {
  PlivoServer server;
  server.httpd.expect_log("is not https");
  ASSERT_TRUE(server.start("PlivoSignature Off\nPlivoPublicURL http://pbx.example.com\n" +
                           location("/dialstatus", "PlivoDial +14155550100")));
  EXPECT_EQ(server.send("/dialstatus", "A1").document.child("Dial").attribute("action"),
            "http://pbx.example.com/dialstatus/action");
  server.sinks.expect_events(1);
}

TEST(CallbackOptions, BecomeTheFragment) {
  PlivoServer server;
  ASSERT_TRUE(server.start(std::string(kOpen) + "PlivoCallbackOptions rc=2 ct=3000\n" +
                           location("/one", "PlivoDial +14155550100") +
                           location("/two", "PlivoDial +14155550100\nPlivoCallbackOptions none")));
  EXPECT_EQ(server.send("/one", "A1").document.child("Dial").attribute("callbackUrl"),
            "https://pbx.example.com/one/callback#rc=2&ct=3000");
  EXPECT_EQ(server.send("/two", "A1").document.child("Dial").attribute("callbackUrl"),
            "https://pbx.example.com/two/callback");
  server.sinks.expect_events(2);
}

// The same <Location>, set at server level, is part of each virtual host, with that host's origin.
TEST(VirtualHosts, ShareALocationUnderTheirOwnOrigins) {
  PlivoServer server;
  ASSERT_TRUE(server.start(std::string("PlivoSignature Off\n") +
                           location("/dialstatus", "PlivoDial +14155550100") + R"(
<VirtualHost 127.0.0.1:${PORT}>
ServerName one.example
PlivoPublicURL https://one.example
</VirtualHost>
<VirtualHost 127.0.0.1:${PORT}>
ServerName two.example
PlivoPublicURL https://two.example
<Location "/dialstatus">
PlivoSpeak "Two"
</Location>
</VirtualHost>
PlivoPublicURL https://main.example
)"));
  for (const auto& [host, outline] : std::vector<std::pair<std::string, std::string>>{
           {"one.example", "Response(Dial(Number))"},
           {"two.example", "Response(Speak Dial(Number))"}}) {
    const HttpReply reply = server.client().send(
        {.method = "POST",
         .path = "/dialstatus",
         .body = fresh_call(example("A1")).form,
         .headers = {"Content-Type: application/x-www-form-urlencoded", "Host: " + host}});
    EXPECT_EQ(reply.document.outline(), outline) << host;
    EXPECT_EQ(reply.document.child("Dial").attribute("action"),
              "https://" + host + "/dialstatus/action");
  }
  server.sinks.expect_events(2);
}

// httpd merges all Locations that fit a path, in the order in which they stand.
TEST(OverlappingLocations, InheritAndOverride) {
  PlivoServer server;
  ASSERT_TRUE(
      server.start(kOpen +
                   location("/plivo",
                            "PlivoSpeak \"Outer\"\nPlivoDialDefault timeout=20 timeLimit=600\n"
                            "PlivoDial +14155550100") +
                   location("/plivo/inner", "PlivoDialDefault timeout=30\nPlivoDial +14155550101") +
                   location("/plivo/other", "PlivoSpeak \"Other\"")));
  const DocumentElement inner = server.send("/plivo/inner", "A1").document;
  EXPECT_EQ(inner.child("Speak").text, "Outer");
  EXPECT_EQ(inner.child("Dial").child("Number").text, "+14155550101");
  EXPECT_EQ(inner.child("Dial").attribute("timeout"), "30");
  EXPECT_EQ(inner.child("Dial").attribute("timeLimit"), "600");
  EXPECT_EQ(inner.child("Dial").attribute("action"), "https://pbx.example.com/plivo/inner/action");
  const DocumentElement other = server.send("/plivo/other", "A1").document;
  EXPECT_EQ(other.child("Speak").text, "Other");
  EXPECT_EQ(other.child("Dial").child("Number").text, "+14155550100");
  EXPECT_EQ(server.send("/plivo", "A1").document.child("Dial").attribute("timeout"), "20");
  server.sinks.expect_events(3);
}

}  // namespace
}  // namespace plivo_dial::test
