// SPDX-License-Identifier: Apache-2.0
// Requests that are rightly signed, in every way in which Plivo may sign them, and what is then
// said about their sender.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/httpd/mpm.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;

// What an event says about who sent its request.
struct Sender {
  std::string account;
  std::string verified_by;
  std::string token;
};

void expect_sender(const json& event, const Sender& sender) {
  EXPECT_EQ(event.value("verified", json()), true) << event;
  EXPECT_EQ(event.value("account", json()), sender.account) << event;
  EXPECT_EQ(event.value("verified_by", json()), sender.verified_by) << event;
  EXPECT_EQ(event.value("token", json()), sender.token) << event;
}

// The event of the call that `request` was about.
json event_of(const std::vector<json>& events, const HttpRequest& request) {
  const std::size_t question_mark = request.path.find('?');
  const std::string query =
      question_mark == std::string::npos ? "" : request.path.substr(question_mark + 1);
  const std::string uuid = form_value(request.body + "&" + query, "CallUUID");
  const auto found = std::find_if(events.begin(), events.end(), [&](const json& event) {
    return event["params"].value("CallUUID", "") == uuid;
  });
  if (found != events.end()) return *found;
  ADD_FAILURE() << "there is no event of the call " << uuid;
  return json::object();
}

class VerifiedUnder : public MpmTest {};
PLIVO_DIAL_EACH_MPM(VerifiedUnder);

TEST_P(VerifiedUnder, PostAndGetAreServedUnsignedOnesAreNot) {
  SignedServer server({.mpm = GetParam()});
  server.httpd.expect_log("PD0201");
  ASSERT_TRUE(server.start(signed_configuration()));
  for (const auto& [path, id, outline] : std::vector<std::array<std::string, 3>>{
           {"/dialstatus", "A1", "Response(Speak Dial(Number))"},
           {"/dialstatus", "A6", "Response(Speak Dial(Number))"},
           {"/dialstatus/action", "D3", "Response(Speak Hangup)"},
           {"/dialstatus/action?stage=1", "D7", "Response(Hangup)"},
           {"/dialstatus/callback?leg=b", "E1", ""},
           {"/dialstatus/callback", "E5", ""},
           {"/dialstatus/hangup", "H1", ""}}) {
    SCOPED_TRACE(path + " " + id);
    const HttpRequest request = fresh_webhook(path, id);
    EXPECT_EQ(server.client().send(request).status, 403);
    const HttpReply reply = server.client().send(sign_request(request));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.document.outline(), outline);
  }
  for (const json& event : server.sinks.expect_events(7)) {
    expect_sender(event, {"main", "V3", "current"});
  }
}

// Whoever runs the server must be able to own its token files.
TEST(Verified, AlsoWhereAnOrdinaryUserRunsTheServer) {
  SignedServer server({.ordinary_user = true});
  server.httpd.expect_log("PD0203");
  ASSERT_TRUE(server.start(signed_configuration()));
  const HttpRequest request = fresh_webhook("/dialstatus", "A1");
  EXPECT_EQ(server.client().send(sign_request(request, {.token = kForeignToken})).status, 403);
  EXPECT_EQ(server.client().send(sign_request(request)).status, 200);
  server.sinks.expect_events(1);
}

struct Combination {
  std::string name;
  std::string token;
  SignatureKind kind;
  Sender sender;
};

TEST(Verified, EveryAccountTokenAndHeaderIsTriedAndNamed) {
  const std::vector<Combination> combinations = {
      {"current", kMainToken, SignatureKind::kV3, {"main", "V3", "current"}},
      {"previous", kPreviousMainToken, SignatureKind::kV3, {"main", "V3", "previous"}},
      {"second account", kSubaccountToken, SignatureKind::kV3, {"sub", "V3", "current"}},
      {"Ma header", kMainToken, SignatureKind::kMaV3, {"main", "Ma-V3", "current"}},
      {"Ma header, previous",
       kPreviousMainToken,
       SignatureKind::kMaV3,
       {"main", "Ma-V3", "previous"}},
      {"Ma header, second account",
       kSubaccountToken,
       SignatureKind::kMaV3,
       {"sub", "Ma-V3", "current"}},
  };
  SignedServer server;
  ASSERT_TRUE(server.start(signed_configuration()));
  std::vector<HttpRequest> requests;
  for (const Combination& combination : combinations) {
    const HttpRequest request = fresh_webhook("/dialstatus/callback", "E5");
    const Signing signing{.token = combination.token};
    EXPECT_EQ(server.client().send(sign_request(request, signing, combination.kind)).status, 200)
        << combination.name;
    requests.push_back(request);
  }
  const std::vector<json> events = server.sinks.expect_events(combinations.size());
  for (std::size_t i = 0; i < combinations.size(); ++i) {
    SCOPED_TRACE(combinations[i].name);
    expect_sender(event_of(events, requests[i]), combinations[i].sender);
  }
}

// A call of a subaccount: the account's header is made with the subaccount's token, which the
// server does not have, and the Ma header with the main account's.
TEST(Verified, ByTheMaHeaderWhereTheOtherIsOfAnUnknownSubaccount) {
  SignedServer server;
  ASSERT_TRUE(server.start(signed_configuration()));
  const HttpRequest request = fresh_webhook("/dialstatus/callback", "E5");
  const Signing main;
  const Signing foreign{.token = kForeignToken, .nonce = main.nonce};
  const HttpRequest both = with_header(sign_request(request, main, SignatureKind::kMaV3),
                                       "X-Plivo-Signature-V3: " + v3_signature(request, foreign));
  EXPECT_EQ(server.client().send(both).status, 200);
  expect_sender(event_of(server.sinks.expect_events(1), request), {"main", "Ma-V3", "current"});
}

// While a token is being changed, Plivo signs with each that is active. R stands for the right
// signature, W for one made with an unknown token, | for one header after the other.
TEST(Verified, AnyEntryOfAListCounts) {
  SignedServer server;
  server.httpd.expect_log("PD0203");
  server.httpd.expect_log("PD0204");
  ASSERT_TRUE(server.start(signed_configuration()));
  const auto send = [&](const std::string& entries) {
    HttpRequest request = fresh_webhook("/dialstatus/callback", "E5");
    const Signing right;
    const Signing wrong{.token = kForeignToken, .nonce = right.nonce};
    std::string value = "X-Plivo-Signature-V3: ";
    for (const char c : entries + "|") {
      if (c == '|') {
        request.headers.push_back(value);
        value = "X-Plivo-Signature-V3: ";
      } else if (c == 'R' || c == 'W') {
        value += v3_signature(request, c == 'R' ? right : wrong);
      } else {
        value.push_back(c);
      }
    }
    return server.client()
        .send(with_header(std::move(request), "X-Plivo-Signature-V3-Nonce: " + right.nonce))
        .status;
  };
  const std::vector<std::string> good = {"R",    "R,W",          "W,R", "W ,\tR , W",
                                         ",,R,", "not-base64,R", "W|R", "R|W"};
  for (const std::string& entries : good) EXPECT_EQ(send(entries), 200) << entries;
  for (const char* entries : {"W", "W,W", "W|W", "RW", "Rx", "x", ",,", "R,R,R,R,R,R,R,R,R"}) {
    EXPECT_EQ(send(entries), 403) << entries;
  }
  server.sinks.expect_events(good.size());
}

// What a proxy on the way may write otherwise without changing what is said.
TEST(Verified, OtherSpellingsOfTheSamePairsAreTheSameRequest) {
  SignedServer server;
  ASSERT_TRUE(server.start(signed_configuration()));
  const std::string uuid = new_uuid();
  const HttpRequest request = webhook_request(
      "/dialstatus/callback?tenant=a%2Bb&note=one+two&flag=",
      {"", "POST", "CallUUID=" + uuid + "&CallerName=Jos%C3%A9+M&From=14155550111"});
  const HttpRequest signed_request = sign_request(request);
  std::size_t accepted = 0;
  for (const char* path : {"/dialstatus/callback?tenant=a%2Bb&note=one+two&flag=",
                           "/dialstatus/callback?flag&note=one%20two&tenant=%61%2bb&",
                           "/dialstatus/callback?&note=one+two&tenant=a%2Bb&flag="}) {
    for (const char* pairs : {"&CallerName=Jos%C3%A9+M&From=14155550111",
                              "&From=%314155550111&CallerName=Jos%c3%a9%20M"}) {
      HttpRequest sent = signed_request;
      sent.path = path;
      sent.body = "CallUUID=" + uuid + pairs;
      EXPECT_EQ(server.client().send(sent).status, 200) << path << ' ' << pairs;
      ++accepted;
    }
  }
  EXPECT_EQ(accepted, 6U);
}

TEST(Verified, PairsOfQueryAndBodyAreBothBelieved) {
  SignedServer server;
  ASSERT_TRUE(server.start(signed_configuration()));
  const HttpRequest request = fresh_webhook("/dialstatus/action?stage=1&tenant=42", "D3");
  EXPECT_EQ(server.client().send(sign_request(request)).status, 200);
  const json event = event_of(server.sinks.expect_events(1), request);
  EXPECT_EQ(event["params"].value("tenant", ""), "42");
  EXPECT_EQ(event.value("stage", 0), 1);
  EXPECT_EQ(event.value("dial_status", ""), "busy");
}

// Plivo sends none. It is not signed, so nothing in it may count.
TEST(Verified, TheBodyOfAGetIsIgnored) {
  SignedServer server;
  server.httpd.expect_log("PD0203");
  ASSERT_TRUE(server.start(signed_configuration()));
  HttpRequest request = fresh_webhook("/dialstatus/action", "D7");
  request = sign_request(request);
  request.body = "DialStatus=failed&Smuggled=1";
  request.headers.push_back("Content-Type: " + std::string(kFormType));
  EXPECT_EQ(server.client().send(request).status, 200);
  const json event = event_of(server.sinks.expect_events(1), request);
  EXPECT_EQ(event.value("dial_status", ""), "completed");
  EXPECT_FALSE(event["params"].contains("Smuggled")) << event;

  // The same pairs, signed as the body of a POST and sent as that of a GET.
  HttpRequest post = sign_request(fresh_webhook("/dialstatus/callback", "E5"));
  post.method = "GET";
  EXPECT_EQ(server.client().send(post).status, 403);
}

}  // namespace
}  // namespace plivo_dial::test
