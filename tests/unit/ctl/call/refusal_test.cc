// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/webhook/textual_causes.h"
#include "tests/unit/ctl/fake_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

HttpResponse status_reply(long status) {
  HttpResponse response = xml_reply("<Response/>");
  response.status = status;
  return response;
}

HttpResponse typed_reply(std::string_view type) {
  HttpResponse response = xml_reply("<Response/>");
  response.content_type = type;
  return response;
}

HttpResponse no_reply() {
  HttpResponse response;
  response.error = "no server answers at http://plivo.test";
  return response;
}

struct BadReply {
  HttpResponse response;
  bool unreachable;
  std::string_view text;
};

std::vector<BadReply> bad_replies() {
  HttpResponse moved = status_reply(302);
  moved.location = "https://plivo.test/elsewhere";
  HttpResponse truncated = xml_reply("<Response>");
  truncated.truncated = true;
  return {
      {no_reply(), true, "no server answers"},
      {status_reply(500), true, "status 500"},
      {status_reply(404), true, "status 404"},
      {status_reply(403), true, "status 403"},
      {moved, true, "redirects (status 302) to https://plivo.test/elsewhere"},
      {typed_reply("text/html; charset=utf-8"), false, "Content-Type is text/html"},
      {typed_reply(""), false, "no Content-Type"},
      {xml_reply(""), false, "empty"},
      {xml_reply("OK"), false, "not well-formed"},
      {xml_reply("<Response><Say>x</Say></Response>"), false, "no element <Say>"},
      {xml_reply("<Response><!--" + std::string(100'000, 'x') + "--></Response>"), false,
       "larger than 100 kB"},
      {truncated, false, "larger than 100 kB"},
  };
}

// Plays a call whose document `before` leads to /bad, and expects the hangup cause.
void expect_cause(const std::string& before, const BadReply& bad, int unreachable, int invalid) {
  FakeServer server;
  server.document("/answer", before);
  server.reply("/bad", bad.response);
  const CallRecord record = play_call(test_script(), server);
  const int code = bad.unreachable ? unreachable : invalid;
  EXPECT_EQ(record.end.code, code) << bad.text;
  EXPECT_EQ(record.end.source, "Error");
  EXPECT_EQ(record.refused, 1U);
  EXPECT_THAT(notices(record, Severity::kRefused), ElementsAre(HasSubstr(std::string(bad.text))));
  EXPECT_EQ(server.parameter(server.requests().size() - 1, "HangupCauseCode"),
            std::to_string(code));
}

TEST(Refusal, OfTheAnswer) {
  for (const BadReply& bad : bad_replies()) {
    FakeServer server;
    server.reply("/answer", bad.response);
    const CallRecord record = play_call(test_script(), server);
    EXPECT_EQ(record.end.code, bad.unreachable ? 7011 : 8011) << bad.text;
    EXPECT_THAT(notices(record, Severity::kRefused), ElementsAre(HasSubstr(std::string(bad.text))));
    EXPECT_FALSE(is_good(record));
    EXPECT_EQ(server.summary().back(), "POST /hangup Hangup");
  }
}

TEST(Refusal, OfTheAction) {
  for (const BadReply& bad : bad_replies()) {
    expect_cause("<Dial action=\"http://plivo.test/bad\"><Number>+14155550101</Number></Dial>", bad,
                 7012, 8012);
  }
}

TEST(Refusal, OfTheActionOfRecord) {
  for (const BadReply& bad : bad_replies()) {
    expect_cause("<Record action=\"http://plivo.test/bad\"/>", bad, 7012, 8012);
  }
}

TEST(Refusal, OfTheRedirect) {
  for (const BadReply& bad : bad_replies()) {
    expect_cause("<Redirect>http://plivo.test/bad</Redirect>", bad, 7014, 8014);
  }
}

TEST(Refusal, OfActionWithoutRedirectDoesNotEndTheCall) {
  FakeServer server;
  server.document("/answer",
                  "<Dial redirect=\"false\" action=\"http://plivo.test/bad\">"
                  "<Number>+14155550101</Number></Dial><Hangup/>");
  server.reply("/bad", status_reply(500));
  const CallRecord record = play_call(test_script(), server);
  EXPECT_EQ(record.end.code, 4000);
  EXPECT_EQ(record.refused, 1U);
}

TEST(Refusal, OfBadUrlsAndMethodsMakesNoRequest) {
  struct Case {
    std::string_view document;
    int code;
  };
  const Case cases[] = {
      {"<Dial action=\"/relative\"><Number>+14155550101</Number></Dial>", 7022},
      {"<Dial action=\"http://plivo.test/a\" method=\"PUT\"><Number>+14155550101</Number></Dial>",
       7032},
      {"<Redirect>next.xml</Redirect>", 7024},
      {"<Redirect method=\"post\">http://plivo.test/a</Redirect>", 7034},
      {"<Redirect>ftp://plivo.test/a</Redirect>", 7024},
  };
  for (const Case& entry : cases) {
    FakeServer server;
    server.document("/answer", std::string(entry.document));
    const CallRecord record = play_call(test_script(), server);
    EXPECT_EQ(record.end.code, entry.code) << entry.document;
    EXPECT_FALSE(is_good(record));
    EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /hangup Hangup"));
  }
}

// As the module refuses a request.
HttpResponse module_reply(const std::string& status_line) {
  HttpResponse response;
  response.status = std::stol(status_line);
  response.cache_control = "no-store";
  response.content_type = "text/plain";
  response.body = status_line + "\n";
  return response;
}

std::string remedy_of(const HttpResponse& response, std::string_view token) {
  FakeServer server;
  server.reply("/answer?x=1", response);
  CallScript script = test_script();
  script.answer_url += "?x=1";
  script.public_url = "https://pbx.example.com";
  script.token = token;
  const CallRecord record = play_call(script, server);
  for (const CallStep& step : record.steps) {
    if (const auto* notice = std::get_if<NoticeStep>(&step.what)) return notice->remedy;
  }
  return "no notice";
}

TEST(Refusal, OfUnsignedRequestAsksForTheToken) {
  EXPECT_THAT(remedy_of(module_reply("403 Forbidden"), ""), HasSubstr("--token-file"));
  EXPECT_THAT(remedy_of(status_reply(403), ""), HasSubstr("--token-file"));
}

TEST(Refusal, OfSignedRequestSaysWhatToCompare) {
  const std::string remedy = remedy_of(module_reply("403 Forbidden"), "secret-of-the-account");
  EXPECT_THAT(remedy, HasSubstr("signed for https://pbx.example.com/answer:"));
  EXPECT_THAT(remedy, HasSubstr("PD02xx"));
  EXPECT_THAT(remedy, HasSubstr("--public-url"));
  EXPECT_THAT(remedy, Not(HasSubstr("secret-of-the-account")));
}

// Whoever answers in the module's place writes no PD02 lines.
TEST(Refusal, OfAnotherServerSaysThatItIsNotTheModules) {
  const std::string stranger = "it is no reply of mod_plivo_dial: the URL ";
  HttpResponse forbidden = status_reply(403);
  forbidden.content_type = "text/html";
  forbidden.body = "<html>403 Forbidden</html>";
  EXPECT_THAT(remedy_of(forbidden, "secret-of-the-account"),
              AllOf(HasSubstr(stranger + "is forbidden (403) before"), HasSubstr("--public-url"),
                    HasSubstr("no line PD02 in the error log"), Not(HasSubstr("PD02xx"))));
  EXPECT_THAT(remedy_of(status_reply(404), ""),
              HasSubstr(stranger + "is not found (404): another virtual host, an alias"));
  EXPECT_THAT(remedy_of(status_reply(401), ""), HasSubstr(stranger + "asks for a password"));
  EXPECT_THAT(remedy_of(typed_reply("text/html"), ""),
              HasSubstr(stranger + "is answered with 200 by something else"));
  for (const char* status :
       {"403 Forbidden", "405 Method Not Allowed", "503 Service Unavailable"}) {
    EXPECT_THAT(remedy_of(module_reply(status), ""), Not(HasSubstr(stranger))) << status;
  }
}

TEST(Refusal, OfASignedNoticeSaysItToo) {
  FakeServer server;
  server.reply("/hangup", status_reply(403));
  CallScript script = test_script();
  script.token = "secret-of-the-account";
  const CallRecord record = play_call(script, server);
  const auto& notice = std::get<NoticeStep>(record.steps.back().what);
  EXPECT_THAT(notice.remedy, HasSubstr("signed for http://plivo.test/hangup:"));
}

TEST(Fallback, IsAskedWhenTheAnswerIsRefused) {
  FakeServer server;
  server.reply("/answer", status_reply(500));
  server.document("/fallback", "<Speak>sorry</Speak>");
  CallScript script = test_script();
  script.fallback_url = "http://plivo.test/fallback";
  const CallRecord record = play_call(script, server);
  EXPECT_THAT(server.summary(), ElementsAre("POST /answer StartApp", "POST /fallback StartApp",
                                            "POST /hangup Hangup"));
  EXPECT_EQ(server.requests()[0].body, server.requests()[1].body);
  EXPECT_EQ(record.end.code, 4010);
  EXPECT_EQ(record.refused, 1U);
}

TEST(Fallback, ThatIsRefusedTooEndsTheCall) {
  FakeServer server;
  server.reply("/answer", status_reply(500));
  server.reply("/fallback", xml_reply("?"));
  CallScript script = test_script();
  script.fallback_url = "http://plivo.test/fallback";
  EXPECT_EQ(play_call(script, server).end.code, 8011);
}

}  // namespace
}  // namespace plivo_dial::ctl
