// SPDX-License-Identifier: Apache-2.0
// A request that is not believed: it gets 403 and nothing else, and the error log has one line that
// names the cause and the remedy, and nothing of the request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kRefusedOrigin = "https://example.com";
constexpr const char* kTenantAuthId = "MATENANTTENANTTENANT";
constexpr const char* kStrangeAuthId = "MASTRANGERSTRANGERST";

// Ours, which gets every request that does not ask for the other, and that of a tenant with an
// account of its own.
std::string two_hosts(const std::string& public_url, const std::string& more = "") {
  return "<VirtualHost *:${PORT}>\nServerName example.com\n"
         "ServerAlias www.example.com pbx.example.org\nPlivoPublicURL " +
         public_url + "\nPlivoAccount main MAXXXXXXXXXXXXXXXXXX" +
         " \"file:${ROOT}/conf/main.token\"\n" + answering_location("/dialstatus") + more +
         "</VirtualHost>\n<VirtualHost *:${PORT}>\nServerName tenant.example.net\n"
         "PlivoPublicURL https://tenant.example.net\nPlivoAccount tenant " +
         kTenantAuthId + " \"file:${ROOT}/conf/sub.token\"\n" + answering_location("/dialstatus") +
         "</VirtualHost>\n";
}

HttpRequest answer_request(const std::string& path = "/dialstatus") {
  return webhook_request(path, fresh_call(example("A1")));
}

HttpRequest signed_for(const std::string& origin) {
  return sign_request(answer_request(), {.origin = origin});
}

HttpRequest without_nonce() {
  HttpRequest request = signed_for(kRefusedOrigin);
  request.headers.pop_back();
  return request;
}

HttpRequest signed_by(const std::string& token, const std::string& parent_auth_id) {
  HttpRequest request = answer_request();
  request.body = with_form_value(request.body, "ParentAuthID", parent_auth_id);
  return sign_request(request, {.token = token, .origin = kRefusedOrigin});
}

// Signed in full, then changed on the way.
HttpRequest with_changed_body(const std::string& from, const std::string& to) {
  HttpRequest request = sign_v2(signed_for(kRefusedOrigin), {.origin = kRefusedOrigin});
  request.body = replaced(request.body, from, to);
  return request;
}

HttpRequest with_changed_query() {
  HttpRequest request = answer_request("/dialstatus?tenant=1");
  request = sign_v2(sign_request(request, {.origin = kRefusedOrigin}), {.origin = kRefusedOrigin});
  request.path = "/dialstatus?tenant=2";
  return request;
}

// What a proxy does that encodes a form which it has not decoded.
HttpRequest encoded_twice() {
  HttpRequest request = signed_for(kRefusedOrigin);
  request.body = replaced(request.body, "%", "%25");
  return request;
}

struct Cause {
  std::string name;
  HttpRequest (*request)(const std::string& port);
  std::string id;
  std::vector<std::string> words = {};  // ${PORT} stands for the server's
  std::string remedy = {};              // the PlivoPublicURL that the line asks for
  std::string public_url = kRefusedOrigin;
};

void PrintTo(const Cause& cause, std::ostream* out) {
  *out << cause.name;
}

class Refusal : public testing::TestWithParam<Cause> {
 protected:
  std::string with_port(const std::string& text) const {
    return replaced(text, "${PORT}", std::to_string(server_.httpd.port()));
  }

  // Whether the remedy is one.
  void expect_remedy_helps(const HttpRequest& request) {
    const std::string remedy = with_port(GetParam().remedy);
    server_.httpd.allow_log("is not https");
    server_.reconfigure(two_hosts(remedy));
    ASSERT_TRUE(server_.httpd.restart_gracefully());
    // A child of the former configuration may still get the next connection.
    EXPECT_TRUE(wait_for([&] { return server_.client().send(request).status == 200; })) << remedy;
  }

  TrustServer server_;
};

TEST_P(Refusal, SaysWhyInOneLine) {
  const Cause& cause = GetParam();
  server_.httpd.expect_log(cause.id + ": refused with 403: ");
  if (cause.public_url.starts_with("http:")) server_.httpd.expect_log("is not https");
  ASSERT_TRUE(server_.start(two_hosts(cause.public_url)));
  const HttpRequest request = cause.request(std::to_string(server_.httpd.port()));
  const HttpReply reply = server_.client().send(request);
  EXPECT_EQ(reply.status, 403);
  expect_discreet(reply.body, request);

  const std::vector<std::string> lines = server_.refusals();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("[plivo_dial:warn]"));
  EXPECT_THAT(lines[0], HasSubstr(cause.id + ": refused with 403: "));
  for (const std::string& word : cause.words) EXPECT_THAT(lines[0], HasSubstr(with_port(word)));
  // An Auth ID is no secret, and who reads the line has to know whose it is.
  expect_discreet(lines[0], request, {kMainAuthId, kTenantAuthId, kStrangeAuthId});

  const std::string good = server_.expect_good_request({.origin = cause.public_url});
  const auto events = server_.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].value("call", ""), good);
  if (!cause.remedy.empty()) {
    EXPECT_THAT(lines[0], HasSubstr("set PlivoPublicURL " + with_port(cause.remedy)));
    expect_remedy_helps(request);
  }
}

std::string cause_name(const testing::TestParamInfo<Cause>& cause) {
  return cause.param.name;
}

// More forms of these are in signature_refusal_test.cc and bad_input_test.cc.
INSTANTIATE_TEST_SUITE_P(Headers, Refusal,
                         testing::Values(Cause{"None",
                                               [](const std::string&) { return answer_request(); },
                                               "PD0201",
                                               {"X-Plivo-Signature-V3"}},
                                         Cause{"OnlyV2",
                                               [](const std::string&) {
                                                 return sign_v2(answer_request(),
                                                                {.origin = kRefusedOrigin});
                                               },
                                               "PD0205",
                                               {"V2"}},
                                         Cause{"NonceMissing",
                                               [](const std::string&) { return without_nonce(); },
                                               "PD0202",
                                               {"X-Plivo-Signature-V3-Nonce"}}),
                         cause_name);

INSTANTIATE_TEST_SUITE_P(
    Accounts, Refusal,
    testing::Values(
        Cause{"OfAnotherVirtualHost",
              [](const std::string&) { return signed_by(kSubaccountToken, kTenantAuthId); },
              "PD0207",
              {"tenant"}},
        Cause{"OfNobodyHere",
              [](const std::string&) { return signed_by(kForeignToken, kStrangeAuthId); },
              "PD0207",
              {"Auth ID MASTRANGERSTRANGERST (unverified)", "add PlivoAccount"}},
        // With V3 alone nothing tells a changed value from another token.
        Cause{"OfThisLengthWithAnotherValue",
              [](const std::string&) {
                HttpRequest request = signed_for(kRefusedOrigin);
                const std::string to = form_value(request.body, "To");
                request.body = with_form_value(request.body, "To", std::string(to.size(), '9'));
                return request;
              },
              "PD0203",
              {"a module or proxy on the way changed body or query"}},
        Cause{"OursWithAnotherToken",
              [](const std::string&) { return signed_by(kForeignToken, kMainAuthId); },
              "PD0203",
              {"token"}}),
    cause_name);

INSTANTIATE_TEST_SUITE_P(
    Urls, Refusal,
    testing::Values(
        Cause{"Www",
              [](const std::string&) { return signed_for("https://www.example.com"); },
              "PD0206",
              {"signed for https://www.example.com/dialstatus, we used "
               "https://example.com/dialstatus: set PlivoPublicURL https://www.example.com"},
              "https://www.example.com"},
        Cause{"WithoutWww",
              [](const std::string&) { return signed_for(kRefusedOrigin); },
              "PD0206",
              {"signed for https://example.com/dialstatus, we used "
               "https://www.example.com/dialstatus"},
              kRefusedOrigin,
              "https://www.example.com"},
        Cause{"ServerAlias",
              [](const std::string&) { return signed_for("https://pbx.example.org"); },
              "PD0206",
              {"signed for https://pbx.example.org/dialstatus"},
              "https://pbx.example.org"},
        Cause{"HostHeader",
              [](const std::string&) {
                return with_header(signed_for("https://voice.example.io"),
                                   "Host: voice.example.io");
              },
              "PD0206",
              {"signed for https://voice.example.io/dialstatus", "unverified"},
              "https://voice.example.io"},
        Cause{"ForwardedHost",
              [](const std::string&) {
                return with_header(signed_for("https://edge.example.io"),
                                   "X-Forwarded-Host: edge.example.io");
              },
              "PD0206",
              {"signed for https://edge.example.io/dialstatus", "unverified"},
              "https://edge.example.io"},
        Cause{"HttpForHttps",
              [](const std::string&) { return signed_for("http://example.com"); },
              "PD0206",
              {"signed for http://example.com/dialstatus, we used "
               "https://example.com/dialstatus"},
              "http://example.com"},
        Cause{"HttpsForHttp",
              [](const std::string&) { return signed_for(kRefusedOrigin); },
              "PD0206",
              {"signed for https://example.com/dialstatus, we used "
               "http://example.com/dialstatus"},
              kRefusedOrigin,
              "http://example.com"},
        Cause{"PortThatListens",
              [](const std::string& port) { return signed_for("https://example.com:" + port); },
              "PD0206",
              {"signed for https://example.com:${PORT}/dialstatus"},
              "https://example.com:${PORT}"},
        Cause{"HttpWithPortThatListens",
              [](const std::string& port) { return signed_for("http://example.com:" + port); },
              "PD0206",
              {"signed for http://example.com:${PORT}/dialstatus"},
              "http://example.com:${PORT}"},
        Cause{"DefaultPortSpelledOut",
              [](const std::string&) { return signed_for("https://example.com:443"); },
              "PD0206",
              {"signed for https://example.com:443/dialstatus"},
              "https://example.com:443"},
        Cause{"PortThatIsNotThere",
              [](const std::string&) { return signed_for(kRefusedOrigin); },
              "PD0206",
              {"signed for https://example.com/dialstatus, we used "
               "https://example.com:8443/dialstatus"},
              kRefusedOrigin,
              "https://example.com:8443"},
        Cause{"PrefixThatIsNotThere",
              [](const std::string&) { return signed_for(kRefusedOrigin); },
              "PD0206",
              {"signed for https://example.com/dialstatus"},
              kRefusedOrigin,
              "https://example.com/plivo"},
        Cause{"WwwOverHttp",
              [](const std::string&) { return signed_for("http://www.example.com"); },
              "PD0206",
              {"signed for http://www.example.com/dialstatus"},
              "http://www.example.com"},
        Cause{"SlashTakenAway",
              [](const std::string&) {
                return sign_as_if_to("/dialstatus/", answer_request(), {.origin = kRefusedOrigin});
              },
              "PD0206",
              {"signed for https://example.com/dialstatus/, we used "
               "https://example.com/dialstatus"}},
        Cause{"SlashAdded",
              [](const std::string&) {
                return sign_as_if_to("/dialstatus", answer_request("/dialstatus/"),
                                     {.origin = kRefusedOrigin});
              },
              "PD0206",
              {"signed for https://example.com/dialstatus, we used "
               "https://example.com/dialstatus/"}},
        // The path may be told, the query not: it can hold whatever the site put there.
        Cause{"QueryIsNotShown",
              [](const std::string&) {
                return sign_request(answer_request("/dialstatus?key=query-value-of-the-site"),
                                    {.origin = "https://www.example.com"});
              },
              "PD0206",
              {"signed for https://www.example.com/dialstatus"},
              "https://www.example.com"}),
    cause_name);

INSTANTIATE_TEST_SUITE_P(
    Contents, Refusal,
    testing::Values(
        Cause{"BodyChanged",
              [](const std::string&) { return with_changed_body("14155550100", "19005550100"); },
              "PD0208",
              {"body"}},
        Cause{"BodyCut",
              [](const std::string&) { return with_changed_body("&To=14155550199", ""); },
              "PD0208",
              {"body"}},
        Cause{"QueryChanged",
              [](const std::string&) { return with_changed_query(); },
              "PD0208",
              {"query"}},
        Cause{"EncodedTwice",
              [](const std::string&) { return encoded_twice(); },
              "PD0208",
              {"encoded"}}),
    cause_name);

// The same account everywhere, so that the URL alone tells whose request it is.
std::string one_account_for_all() {
  return replaced(
      two_hosts(kOrigin),
      "\nPlivoAccount tenant " + std::string(kTenantAuthId) + " \"file:${ROOT}/conf/sub.token\"",
      "\nPlivoAccount main MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/main.token\"");
}

struct WrongHost {
  const char* name;
  const char* token;
  const char* host;  // that the request asks for
  const char* words;
  std::string configuration;
};

void PrintTo(const WrongHost& wrong, std::ostream* out) {
  *out << wrong.name;
}

// What a proxy that does not pass Host leads into the first virtual host.
class OtherHost : public testing::TestWithParam<WrongHost> {};

TEST_P(OtherHost, IsNamedWithTheRemedy) {
  TrustServer server;
  server.httpd.expect_log("PD0211: refused with 403: ");
  ASSERT_TRUE(server.start(GetParam().configuration));
  const HttpRequest request =
      with_header(sign_request(answer_request(),
                               {.token = GetParam().token, .origin = "https://tenant.example.net"}),
                  "Host: " + std::string(GetParam().host));
  EXPECT_EQ(server.client().send(request).status, 403);
  const std::vector<std::string> lines = server.refusals();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("signed for https://tenant.example.net/dialstatus"));
  EXPECT_THAT(lines[0], HasSubstr("belong to the virtual host "));
  EXPECT_THAT(lines[0], HasSubstr(GetParam().words));
  expect_discreet(lines[0], request);
}

INSTANTIATE_TEST_SUITE_P(
    , OtherHost,
    testing::Values(
        WrongHost{"HostNotPassed", kSubaccountToken, "10.0.0.5",
                  "nginx: proxy_set_header Host $host", two_hosts(kOrigin)},
        WrongHost{"OneAccountForAll", kMainToken, "example.com",
                  "nginx: proxy_set_header Host $host", one_account_for_all()},
        WrongHost{"NameMissing", kSubaccountToken, "tenant.example.net", "add a ServerAlias to it",
                  replaced(two_hosts(kOrigin), "ServerName tenant.example.net",
                           "ServerName other.example.net")},
        WrongHost{"OtherPort", kSubaccountToken, "tenant.example.net",
                  "does not listen at the address and port",
                  replaced(two_hosts(kOrigin), "<VirtualHost *:${PORT}>\nServerName tenant",
                           "<VirtualHost *:1>\nServerName tenant")},
        WrongHost{
            "UrlInItsLocation", kSubaccountToken, "localhost", "nginx: proxy_set_header Host $host",
            replaced(replaced(two_hosts(kOrigin), "PlivoPublicURL https://tenant.example.net", ""),
                     "</VirtualHost>\n<VirtualHost *:${PORT}>\nServerName tenant.example.net"
                     "\n",
                     "</VirtualHost>\n<VirtualHost *:${PORT}>\nServerName "
                     "tenant.example.net\n<Location \"/dialstatus\">\nPlivoPublicURL "
                     "https://tenant.example.net\n</Location>\n")}),
    [](const testing::TestParamInfo<WrongHost>& wrong) { return std::string(wrong.param.name); });

struct Filter {
  const char* name;
  std::vector<std::string> modules;
  const char* directives;  // beside SetInputFilter change, in the server
  const char* filter;
};

void PrintTo(const Filter& filter, std::ostream* out) {
  *out << filter.name;
}

// Modules that work on bodies before we get them.
class InputFilter : public testing::TestWithParam<Filter> {};

TEST_P(InputFilter, IsFoundOutByTheLengthOfTheBody) {
  TrustServer server({.modules = GetParam().modules});
  server.httpd.expect_log("PD0208: refused with 403: ");
  ASSERT_TRUE(server.start(
      two_hosts(kRefusedOrigin, std::string("<Location \"/dialstatus/ring\">\nSetInputFilter ") +
                                    GetParam().filter + "\n" + GetParam().directives +
                                    "</Location>\n") +
      (GetParam().modules[0] == "ext_filter"
           ? "ExtFilterDefine change mode=input cmd=\"/bin/sed s/Event=Ring/Event=Wrong/\"\n"
           : "")));
  const HttpRequest request = sign_request(
      webhook_request("/dialstatus/ring", fresh_call(example("R1"))), {.origin = kRefusedOrigin});
  EXPECT_EQ(server.client().send(request).status, 403);
  const auto lines = server.refusals();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr("PD0208: refused with 403: "));
  EXPECT_THAT(lines[0], HasSubstr(std::to_string(request.body.size())));
  expect_discreet(lines[0], request, {kMainAuthId});
  server.expect_good_request({.origin = kRefusedOrigin});
  EXPECT_THAT(server.events(), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(
    , InputFilter,
    testing::Values(Filter{"Sed", {"sed"}, "InputSed s/Event=Ring/Event=Wrong/\n", "Sed"},
                    Filter{"ExtFilter", {"ext_filter"}, "", "change"}),
    [](const testing::TestParamInfo<Filter>& filter) { return std::string(filter.param.name); });

// Signatures are over what Plivo sent, whatever httpd makes of it.
TEST(RewrittenQuery, DoesNotMatter) {
  TrustServer server({.modules = {"rewrite"}});
  ASSERT_TRUE(server.start(two_hosts(
      kRefusedOrigin,
      "RewriteEngine On\nRewriteRule \"^/voice$\" \"/dialstatus/callback?a=b\" [PT,QSA]\n")));
  const Example call = fresh_call(example("E5"));
  const HttpRequest request =
      sign_request(form_post("/voice?c=d", call.form), {.origin = kRefusedOrigin});
  EXPECT_EQ(server.client().send(request).status, 200);
  const auto events = server.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0]["params"].value("c", ""), "d");
  EXPECT_FALSE(events[0]["params"].contains("a"));
  EXPECT_TRUE(events[0].value("verified", false));
}

}  // namespace
}  // namespace plivo_dial::test
