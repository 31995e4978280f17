// SPDX-License-Identifier: Apache-2.0
// Requests that are not rightly signed: each cause by its message id, the reply that says nothing,
// and PlivoSignature Warn, which serves them under the same line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Stands in every part of a hostile request; must come back nowhere.
constexpr const char* kMark = "7Reflected7";

struct Wrong {
  std::string name;
  std::string id;
  std::function<HttpRequest()> make;
  std::string words = "";  // that its line must have
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

HttpRequest unsigned_request() {
  Example call = fresh_call(example("A1"));
  call.form = with_form_value(call.form, "CallerName", kMark);
  return with_header(
      webhook_request(std::string("/dialstatus/") + kMark + "?tenant=" + kMark, call),
      "User-Agent: " + std::string(kMark));
}

HttpRequest with_headers(const std::vector<std::string>& headers) {
  HttpRequest request = unsigned_request();
  for (const std::string& header : headers) request.headers.push_back(header);
  return request;
}

// A well-formed signature of something else.
std::string some_signature() {
  return v3_signature({.path = "/elsewhere"}, {.token = kForeignToken});
}

HttpRequest with_nonce(const std::string& nonce_header_line) {
  return with_headers({"X-Plivo-Signature-V3: " + some_signature(), nonce_header_line});
}

HttpRequest with_value(const std::string& value) {
  return with_headers({"X-Plivo-Signature-V3: " + value, "X-Plivo-Signature-V3-Nonce: 12345"});
}

// Plivo signs by V2 as well, which covers the URL alone: it proves that only the rest was changed.
HttpRequest changed_on_the_way() {
  const HttpRequest request =
      sign_request(sign_request(unsigned_request()), {}, SignatureKind::kV2);
  HttpRequest changed = request;
  changed.body += "&Added=1";
  return changed;
}

const std::vector<Wrong>& wrong_requests() {
  static const std::vector<Wrong> kWrong = {
      {"NoHeader", "PD0201", [] { return unsigned_request(); }},
      {"NonceAlone", "PD0201", [] { return with_headers({"X-Plivo-Signature-V3-Nonce: 12345"}); }},
      {"NoNonce", "PD0202",
       [] { return with_headers({"X-Plivo-Signature-V3: " + some_signature()}); }},
      {"EmptyNonce", "PD0202", [] { return with_nonce("X-Plivo-Signature-V3-Nonce;"); }},
      {"NonceNotAscii", "PD0202",
       [] { return with_nonce("X-Plivo-Signature-V3-Nonce: 12345\xC3\xA9"); }},
      {"NonceTooLong", "PD0202",
       [] { return with_nonce("X-Plivo-Signature-V3-Nonce: " + std::string(129, '1')); }},
      {"NonceOfV2Only", "PD0202", [] { return with_nonce("X-Plivo-Signature-V2-Nonce: 12345"); }},
      {"UnknownToken", "PD0203",
       [] { return sign_request(unsigned_request(), {.token = kForeignToken}); }},
      {"AnotherRequests", "PD0203", [] { return with_value(some_signature()); }},
      {"NoBase64", "PD0204", [] { return with_value(kMark); }},
      {"OnlyCommas", "PD0204", [] { return with_value(", ,,"); }},
      {"TooManyEntries", "PD0204",
       [] {
         std::string list = some_signature();
         for (int i = 0; i < 8; ++i) list += "," + some_signature();
         return with_value(list);
       }},
      {"TooLong", "PD0204", [] { return with_value(some_signature() + std::string(1024, ',')); }},
      {"UrlSafeBase64", "PD0204",
       [] { return with_value("_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-8="); }},
      {"OnlyV2", "PD0205", [] { return sign_request(unsigned_request(), {}, SignatureKind::kV2); }},
      {"OnlyMaV2", "PD0205",
       [] { return sign_request(unsigned_request(), {}, SignatureKind::kMaV2); }},
      {"OnlyV1", "PD0205",
       [] { return with_headers({"X-Plivo-Signature: " + some_signature().substr(0, 27) + "="}); }},
      {"AnotherHost", "PD0206",
       [] { return sign_request(unsigned_request(), {.origin = "https://www.pbx.example.com"}); },
       "PlivoPublicURL https://www.pbx.example.com"},
      {"AnotherScheme", "PD0206",
       [] { return sign_request(unsigned_request(), {.origin = "http://pbx.example.com"}); },
       "PlivoPublicURL http://pbx.example.com"},
      {"AnotherPort", "PD0206",
       [] { return sign_request(unsigned_request(), {.origin = "https://pbx.example.com:443"}); },
       "PlivoPublicURL https://pbx.example.com:443"},
      {"AnotherAccount", "PD0207",
       [] { return sign_request(unsigned_request(), {.token = kForeignToken}); }},
      {"BodyChanged", "PD0208", [] { return changed_on_the_way(); }},
  };
  return kWrong;
}

// With a virtual host whose account has the token that is foreign to the others.
std::string configuration(const std::string& mode, bool foreign_token_is_known) {
  std::string text = std::string(kAccounts) + "PlivoPublicURL " + kOrigin + "\nPlivoSignature " +
                     mode + "\n" + answering_location("/dialstatus") +
                     "<VirtualHost 127.0.0.1:${PORT}>\nServerName pbx.example.com\n"
                     "ServerAlias www.pbx.example.com\n</VirtualHost>\n";
  if (foreign_token_is_known) {
    text +=
        "<VirtualHost 127.0.0.1:${PORT}>\nServerName other.example\n"
        "PlivoAccount other MAZZZZZZZZZZZZZZZZZZ \"file:${ROOT}/conf/other.token\"\n"
        "</VirtualHost>\n";
  }
  return text;
}

// The lines of `log` behind `from` that have a message id of a refused signature.
std::vector<std::string> refusal_lines(const std::string& log, std::size_t from) {
  std::vector<std::string> lines;
  std::istringstream stream(log.substr(from));
  for (std::string line; std::getline(stream, line);) {
    if (line.find("PD02") != std::string::npos) lines.push_back(line);
  }
  return lines;
}

class Refused : public testing::TestWithParam<Wrong> {
 protected:
  static bool is_of_another_account() { return GetParam().id == "PD0207"; }

  // Sends the request to a server in `mode`; its one line has the id and gives nothing away.
  static HttpReply send_to(SignedServer& server, const std::string& mode) {
    write_token(server.httpd.files(), "other", kForeignToken);
    server.httpd.expect_log(GetParam().id);
    server.httpd.allow_log("PlivoSignature " + mode);
    if (!server.start(configuration(mode, is_of_another_account()))) return {};
    const HttpRequest request = GetParam().make();
    const std::size_t log_before = server.httpd.error_log().size();
    HttpReply reply = server.client().send(request);
    const std::vector<std::string> lines = refusal_lines(server.httpd.error_log(), log_before);
    EXPECT_EQ(lines.size(), 1U) << testing::PrintToString(lines);
    for (const std::string& line : lines) {
      EXPECT_THAT(line, HasSubstr("[plivo_dial:warn]"));
      EXPECT_THAT(line, HasSubstr(GetParam().id));
      EXPECT_THAT(line, HasSubstr(GetParam().words));
    }
    expect_no_secrets(server.httpd.error_log(), request);
    return reply;
  }

  static void expect_no_secrets(const std::string& log, const HttpRequest& request) {
    for (const char* token : {kMainToken, kPreviousMainToken, kSubaccountToken, kForeignToken}) {
      EXPECT_THAT(log, Not(HasSubstr(token)));
    }
    EXPECT_THAT(log, Not(HasSubstr(request.body)));
    for (const std::string& header : request.headers) {
      if (header.find("Signature") == std::string::npos) continue;
      const std::string value = header.substr(header.find_first_of(":;") + 1);
      if (value.size() < 16) continue;
      EXPECT_THAT(log, Not(HasSubstr(value.substr(1, 16))));
    }
  }
};

TEST_P(Refused, Gets403AndOneLineAndNothingBack) {
  SignedServer server;
  const HttpReply reply = send_to(server, "Require");
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.body, "403 Forbidden\n");
  std::string all = reply.body;
  for (const auto& [name, value] : reply.headers) all += name + ": " + value + "\n";
  EXPECT_THAT(all, Not(HasSubstr(kMark)));
  EXPECT_THAT(all, Not(HasSubstr("PD02")));
  EXPECT_THAT(all, Not(HasSubstr("ignature")));
  server.sinks.expect_events(0);
}

TEST_P(Refused, IsServedUnderTheSameLineByWarn) {
  SignedServer server;
  const HttpReply reply = send_to(server, "Warn");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.document.outline(), "Response(Speak Dial(Number))");
  for (const nlohmann::json& event : server.sinks.expect_events(1)) {
    EXPECT_EQ(event.value("verified", nlohmann::json()), false);
    EXPECT_EQ(event.value("account", nlohmann::json()), "");
    EXPECT_FALSE(event.contains("verified_by")) << event;
    EXPECT_FALSE(event.contains("token")) << event;
  }
}

INSTANTIATE_TEST_SUITE_P(, Refused, testing::ValuesIn(wrong_requests()),
                         [](const testing::TestParamInfo<Wrong>& wrong) {
                           return wrong.param.name;
                         });

// A signature is judged before what the request says, so that an unsigned one learns nothing.
TEST(RefusedRequest, LearnsNothingAboutItsParameters) {
  SignedServer server;
  server.httpd.expect_log("PD0201");
  ASSERT_TRUE(server.start(signed_configuration()));
  const HttpClient client = server.client();
  for (const char* form : {"", "From=1", "CallUUID=short", "CallUUID=%ZZ", "a=%00", "a=%"}) {
    EXPECT_EQ(client.post("/dialstatus/callback", form).status, 403) << form;
    EXPECT_EQ(client.get(std::string("/dialstatus/callback?") + form).status, 403) << form;
  }
  server.sinks.expect_events(0);
}

// The same requests, rightly signed.
TEST(SignedRequest, LearnsWhatIsWrongWithItsParameters) {
  SignedServer server;
  server.httpd.expect_log("PD0405");
  server.httpd.expect_log("PD0408");
  ASSERT_TRUE(server.start(signed_configuration()));
  const HttpClient client = server.client();
  for (const char* form : {"", "From=1", "CallUUID=short", "CallUUID=%ZZ", "a=%00", "a=%"}) {
    const Example hostile{"", "POST", form};
    const HttpRequest post = webhook_request("/dialstatus/callback", hostile);
    EXPECT_EQ(client.send(sign_request(post)).status, 400) << form;
    const HttpRequest get = webhook_request("/dialstatus/callback", {"", "GET", form});
    EXPECT_EQ(client.send(sign_request(get)).status, 400) << form;
  }
  server.sinks.expect_events(0);
}

constexpr const char* kEventLocation =
    "<Location \"/flow\">\nSetHandler plivo-dial\nPlivoEndpoint event\n";

// PHLO flows do not sign; a signature is no secret either.
TEST(EventEndpoint, IsKnownByItsSecretOnly) {
  constexpr const char* kSecret = "a-secret-of-the-flow";
  SignedServer server;
  write_token(server.httpd.files(), "flow", kSecret);
  server.httpd.expect_log("PD0209");
  ASSERT_TRUE(server.start(signed_configuration() + kEventLocation +
                           "PlivoEventSecret \"file:${ROOT}/conf/flow.token\"\n</Location>\n"));
  const HttpRequest request =
      webhook_request("/flow", {"", "POST", "DialStatus=busy&DialALegUUID=" + new_uuid()});
  const HttpClient client = server.client();
  EXPECT_EQ(client.send(request).status, 403);
  EXPECT_EQ(client.send(sign_request(request)).status, 403);
  EXPECT_EQ(client.send(with_header(request, "Authorization: Bearer wrong")).status, 403);
  EXPECT_EQ(client.send(with_header(request, "Authorization: Bearer")).status, 403);
  EXPECT_EQ(
      client.send(with_header(request, "Authorization: Bearer " + std::string(kSecret))).status,
      200);
  const std::vector<nlohmann::json> events = server.sinks.expect_events(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].value("verified", nlohmann::json()), true);
  EXPECT_EQ(events[0].value("verified_by", nlohmann::json()), "secret");
  EXPECT_EQ(events[0].value("account", nlohmann::json()), "");
  EXPECT_THAT(server.httpd.error_log(), Not(HasSubstr(kSecret)));
}

TEST(EventEndpoint, WithoutASecretBelievesNobody) {
  SignedServer server;
  server.httpd.expect_log("PD0209");
  ASSERT_TRUE(server.start(signed_configuration()));
  const HttpRequest request = webhook_request("/dialstatus/event", {"", "POST", "DialStatus=busy"});
  EXPECT_EQ(server.client().send(request).status, 403);
  EXPECT_EQ(server.client().send(sign_request(request)).status, 403);
  EXPECT_EQ(server.client().send(with_header(request, "Authorization: Bearer ")).status, 403);
  server.sinks.expect_events(0);
}

// mod_rewrite can hand a request to the module where no directive of it holds.
TEST(NothingToVerifyWith, IsRefusedWithItsOwnLine) {
  SignedServer server({.modules = {"rewrite"}});
  server.httpd.expect_log("PD0210");
  ASSERT_TRUE(
      server.start("<Location \"/dialstatus\">\nSetHandler plivo-dial\n"
                   "PlivoSignature Off\nPlivoPublicURL https://pbx.example.com\n"
                   "PlivoDial +14155550100\n</Location>\n"
                   "RewriteEngine On\nRewriteRule \"^/stray$\" - [H=plivo-dial]\n"));
  EXPECT_EQ(server.client().send(sign_request(fresh_webhook("/stray", "A1"))).status, 403);
  EXPECT_EQ(server.client().send(fresh_webhook("/dialstatus", "A1")).status, 200);
  server.sinks.expect_events(1);
}

}  // namespace
}  // namespace plivo_dial::test
