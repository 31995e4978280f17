// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "lib/form/form.h"
#include "lib/signature/signature.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;

constexpr std::string_view kToken = "N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1";

std::optional<std::string_view> header(const HttpRequest& request, std::string_view name) {
  for (const HttpHeader& one : request.headers) {
    if (one.name == name) return one.value;
  }
  return std::nullopt;
}

// What a server says that knows its public URL, its token, and what came over the wire.
SignatureVerdict judge(const HttpRequest& request, std::string_view public_url,
                       std::string_view token = kToken) {
  const std::string_view target = split_signed_url(request.url).target;
  const Result<Form> body = Form::decode(request.body);
  EXPECT_TRUE(body);
  const SigningAccount account = {"main", token, {}};
  return verify_v3(
      {public_url, target}, body->parameters(),
      {header(request, kV3HeaderNames.account), header(request, kV3HeaderNames.main_account),
       header(request, kV3HeaderNames.nonce)},
      {&account, 1});
}

// A call with every kind of request: URLs with query, stage, fragment and a body that needs
// encoding, POST and GET.
std::vector<HttpRequest> play_signed(const std::string& public_url, const std::string& origin,
                                     CallScript script) {
  FakeServer server;
  server.document("/answer?b=2&a=1%2B1",
                  "<Dial action=\"" + origin + "/action?stage=2\" method=\"GET\" callbackUrl=\"" +
                      origin + "/leg#rc=5&amp;rp=ct,rt,5xx\"><Number>+14155550101</Number></Dial>");
  server.document("/action", "<Redirect>" + origin + "/next</Redirect>");
  server.document("/next", "<Hangup/>");
  script.answer_url = std::string(kOrigin) + "/answer?b=2&a=1%2B1#ct=2000";
  script.public_url = public_url;
  script.token = kToken;
  script.extra = {{"X-PH-Name", "Jos\xC3\xA9 & a=b+c%"}, {"X-PH-Empty", ""}};
  const CallRecord record = play_call(script, server);
  EXPECT_TRUE(is_good(record));
  EXPECT_TRUE(record.signed_requests);
  EXPECT_THAT(server.summary(),
              ElementsAre(testing::EndsWith("?b=2&a=1%2B1 StartApp"), "POST /leg DialAnswer",
                          "POST /leg DialConnected", "POST /leg DialHangup", "GET /action Redirect",
                          "POST /next Redirect", testing::EndsWith("/hangup Hangup")));
  return server.requests();
}

TEST(CallSignature, IsAcceptedByAServerThatIsDialledAsItStands) {
  const std::string origin(kOrigin);
  for (const HttpRequest& request : play_signed("", origin, test_script())) {
    const SignatureVerdict verdict = judge(request, kOrigin);
    EXPECT_TRUE(verdict.verified()) << request.method << ' ' << request.url;
    EXPECT_FALSE(judge(request, "https://pbx.example.com").verified()) << request.url;
    EXPECT_FALSE(judge(request, kOrigin, "another token").verified()) << request.url;
  }
}

TEST(CallSignature, IsOverThePublicUrlWhereverTheServerIsReached) {
  for (const std::string public_url : {"https://pbx.example.com", "https://pbx.example.com/voice",
                                       "https://pbx.example.com:443"}) {
    for (const HttpRequest& request : play_signed(public_url, public_url, test_script())) {
      EXPECT_TRUE(request.url.starts_with(std::string(kOrigin) + "/")) << request.url;
      EXPECT_TRUE(judge(request, public_url).verified()) << request.method << ' ' << request.url;
      EXPECT_FALSE(judge(request, kOrigin).verified()) << request.url;
    }
  }
}

// A server that writes the URL of its own address into documents, which Plivo never sees.
TEST(CallSignature, IsOverThePublicUrlAlsoWhereADocumentHoldsTheServersOwn) {
  const std::string public_url = "https://pbx.example.com";
  for (const HttpRequest& request : play_signed(public_url, std::string(kOrigin), test_script())) {
    EXPECT_TRUE(judge(request, public_url).verified()) << request.method << ' ' << request.url;
  }
}

TEST(CallSignature, CoversGetOfTheAnswerToo) {
  CallScript script = test_script();
  script.method = "GET";
  script.answer_url = std::string(kOrigin) + "/answer?to=desk";
  script.public_url = "https://pbx.example.com";
  script.token = kToken;
  FakeServer server;
  server.document("/answer", "<Hangup/>");
  play_call(script, server);
  EXPECT_THAT(server.summary(), ElementsAre("GET /answer StartApp", "GET /hangup Hangup"));
  for (const HttpRequest& request : server.requests()) {
    EXPECT_TRUE(judge(request, script.public_url).verified()) << request.url;
    EXPECT_FALSE(judge(request, kOrigin).verified()) << request.url;
    HttpRequest changed = request;
    changed.url += "&x=1";
    EXPECT_FALSE(judge(changed, script.public_url).verified());
  }
}

TEST(CallSignature, LeavesUrlsOfOtherServersAlone) {
  FakeServer server;
  server.document("/answer", "<Redirect>http://plivo.test.example.com/next</Redirect>");
  CallScript script = test_script();
  script.hangup_url = "https://pbx.example.community/hangup";
  script.public_url = "https://pbx.example.com";
  script.token = kToken;
  play_call(script, server);
  ASSERT_EQ(server.requests().size(), 3U);
  const HttpRequest& redirect = server.requests()[1];
  EXPECT_EQ(redirect.url, "http://plivo.test.example.com/next");
  EXPECT_TRUE(judge(redirect, "http://plivo.test.example.com").verified());
  const HttpRequest& hangup = server.requests()[2];
  EXPECT_EQ(hangup.url, *script.hangup_url);
  EXPECT_TRUE(judge(hangup, "https://pbx.example.community").verified());
}

// The public server itself is called: nothing is to be mapped, also where the public URL has a
// path.
TEST(CallSignature, LeavesThePublicServersUrlsAsTheyAre) {
  FakeServer server;
  CallScript script = test_script();
  script.answer_url = "https://pbx.example.com/voice/answer";
  script.hangup_url = "https://pbx.example.com/hangup";
  script.public_url = "https://pbx.example.com/voice";
  script.token = kToken;
  play_call(script, server);
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests()[0].url, script.answer_url);
  EXPECT_EQ(server.requests()[1].url, *script.hangup_url);
  for (const HttpRequest& request : server.requests()) {
    EXPECT_TRUE(judge(request, "https://pbx.example.com").verified()) << request.url;
  }
}

TEST(CallSignature, LeavesTheUserNameOut) {
  const HttpRequest dialled = {"POST", "https://u:p@pbx.example.com/a", "To=1", {}};
  HttpRequest request = {"POST", "http://127.0.0.1/a", "To=1", {}};
  request.headers = signature_headers(dialled, {{"To", "1"}}, random_nonce(), kToken);
  EXPECT_TRUE(judge(request, "https://pbx.example.com").verified());
}

TEST(CallSignature, HasItsThreeHeadersAndAFreshNonce) {
  std::set<std::string> nonces;
  for (const HttpRequest& request :
       play_signed("https://pbx.example.com", std::string(kOrigin), test_script())) {
    ASSERT_EQ(request.headers.size(), 3U);
    EXPECT_EQ(request.headers[0].name, "X-Plivo-Signature-V3");
    EXPECT_EQ(request.headers[1].name, "X-Plivo-Signature-Ma-V3");
    EXPECT_EQ(request.headers[2].name, "X-Plivo-Signature-V3-Nonce");
    EXPECT_THAT(request.headers[2].value, MatchesRegex("[0-9]{20}"));
    EXPECT_TRUE(nonces.insert(request.headers[2].value).second) << "a nonce was used twice";
  }
}

TEST(CallSignature, IsMissingWithoutToken) {
  FakeServer server;
  const CallRecord record = play_call(test_script(), server);
  EXPECT_FALSE(record.signed_requests);
  for (const HttpRequest& request : server.requests()) EXPECT_THAT(request.headers, IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::ctl
