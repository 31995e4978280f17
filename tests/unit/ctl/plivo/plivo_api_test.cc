// What Plivo's API says, and what is made of replies that are none.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/event/base64.h"
#include "tests/unit/ctl/fake_server.h"
#include "tests/unit/ctl/plivo/plivo_replies.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kApiToken = "NDZjOGQ0YzVhYjE3NDRmNTk4";

class Api : public testing::Test {
 protected:
  PlivoNumber number() {
    const ApiAnswer<PlivoNumber> answer = api_.number("14155550199");
    EXPECT_TRUE(std::holds_alternative<PlivoNumber>(answer));
    return std::holds_alternative<PlivoNumber>(answer) ? std::get<PlivoNumber>(answer)
                                                       : PlivoNumber();
  }
  ApiFailure failure() {
    const ApiAnswer<PlivoNumber> answer = api_.number("14155550199");
    EXPECT_TRUE(std::holds_alternative<ApiFailure>(answer));
    return std::holds_alternative<ApiFailure>(answer) ? std::get<ApiFailure>(answer) : ApiFailure();
  }

  FakeServer server_;
  AccountApi api_{server_, std::string(kOrigin), "MAXXXXXXXXXXXXXXXXXX", kApiToken};
};

TEST_F(Api, IsAskedWithAuthIdAndToken) {
  server_.reply(kNumberPath, json_reply(number_json("\"/v1/Account/MA/Application/1234/\"")));
  EXPECT_EQ(number().application, "1234");
  ASSERT_EQ(server_.requests().size(), 1U);
  const HttpRequest& request = server_.requests()[0];
  EXPECT_EQ(request.method, "GET");
  EXPECT_THAT(request.url, Not(HasSubstr(kApiToken)));
  ASSERT_EQ(request.headers.size(), 1U);
  EXPECT_EQ(request.headers[0].name, "Authorization");
  EXPECT_EQ(request.headers[0].value,
            "Basic " + encode_base64("MAXXXXXXXXXXXXXXXXXX:" + std::string(kApiToken)));
}

TEST_F(Api, TellsWhatANumberIsAttachedTo) {
  struct Row {
    const char* json;
    const char* application;
    const char* elsewhere;
  };
  for (const Row& row : {Row{"null", "", ""}, Row{"\"\"", "", ""},
                         Row{"\"/v1/Account/MAX/Application/1234/\"", "1234", ""},
                         Row{"\"/v1/Account/MAX/Application/1234\"", "1234", ""},
                         Row{"\"1234\"", "1234", ""}, Row{"1234", "1234", ""},
                         Row{"\"/v1/Account/MAX/Zentrunk/Trunk/99/\"", "", "a SIP trunk (99)"},
                         Row{"\"/v1/Account/MAX/Flow/7/\"", "", "/v1/Account/MAX/Flow/7"}}) {
    FakeServer server;
    server.reply(kNumberPath, json_reply(number_json(row.json)));
    AccountApi api(server, std::string(kOrigin), "MAXXXXXXXXXXXXXXXXXX", kApiToken);
    const auto answer = api.number("14155550199");
    ASSERT_TRUE(std::holds_alternative<PlivoNumber>(answer)) << row.json;
    EXPECT_EQ(std::get<PlivoNumber>(answer).application, row.application) << row.json;
    EXPECT_EQ(std::get<PlivoNumber>(answer).elsewhere, row.elsewhere) << row.json;
  }
}

TEST_F(Api, ReadsAnApplication) {
  server_.reply(kApplicationPath, json_reply(R"({"app_id": 1234, "app_name": "pbx", "enabled": true,
                               "answer_url": "https://pbx.example.com/dialstatus",
                               "fallback_answer_url": null, "hangup_url": ""})"));
  const auto answer = api_.application("1234");
  ASSERT_TRUE(std::holds_alternative<AttachedApplication>(answer));
  const AttachedApplication& application = std::get<AttachedApplication>(answer);
  EXPECT_EQ(application.id, "1234");
  EXPECT_EQ(application.name, "pbx");
  EXPECT_EQ(application.answer_url, "https://pbx.example.com/dialstatus");
  EXPECT_EQ(application.fallback_url, "");
  EXPECT_TRUE(application.enabled);
}

TEST_F(Api, KnowsNoApplicationWithoutAnswerUrl) {
  server_.reply(kApplicationPath, json_reply(R"({"application": {"answer": "x"}})"));
  const auto answer = api_.application("1234");
  ASSERT_TRUE(std::holds_alternative<ApiFailure>(answer));
  EXPECT_THAT(std::get<ApiFailure>(answer).sentence, HasSubstr("without answer_url"));
}

TEST_F(Api, ListsAllNumbersPageByPage) {
  std::string page;
  for (int i = 0; i < 20; ++i) {
    page += (i == 0 ? "" : ", ") + number_json("null", std::to_string(14155550200 + i));
  }
  server_.reply("/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/",
                json_reply("{\"objects\": [" + page + "]}"));
  server_.reply("/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/",
                json_reply("{\"objects\": [" + number_json("null") + ", 7]}"));
  const auto answer = api_.numbers();
  ASSERT_TRUE(std::holds_alternative<std::vector<PlivoNumber>>(answer));
  const auto& numbers = std::get<std::vector<PlivoNumber>>(answer);
  ASSERT_EQ(numbers.size(), 21U);
  EXPECT_EQ(numbers.back().digits, "14155550199");
  EXPECT_THAT(server_.requests()[1].url, HasSubstr("offset=20"));
}

TEST_F(Api, EndsAListThatNeverDoes) {
  std::string page;
  for (int i = 0; i < 20; ++i) page += (i == 0 ? "" : ", ") + number_json("null");
  server_.reply("/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/",
                json_reply("{\"objects\": [" + page + "]}"));
  const auto answer = api_.numbers();
  ASSERT_TRUE(std::holds_alternative<ApiFailure>(answer));
  EXPECT_THAT(std::get<ApiFailure>(answer).sentence, HasSubstr("only the first 5000 were looked"));
  EXPECT_EQ(server_.requests().size(), 250U);
}

TEST_F(Api, KnowsNoListWithoutObjects) {
  for (const HttpResponse& odd :
       {json_reply(R"({"objects": {"a": 1}})"), json_reply("{}"), json_reply("{}", 404)}) {
    FakeServer server;
    server.reply("/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/", odd);
    AccountApi api(server, std::string(kOrigin), "MAXXXXXXXXXXXXXXXXXX", kApiToken);
    const auto answer = api.numbers();
    ASSERT_TRUE(std::holds_alternative<ApiFailure>(answer)) << odd.body;
    EXPECT_EQ(std::get<ApiFailure>(answer).kind, ApiFailure::Kind::kFailed);
    EXPECT_THAT(std::get<ApiFailure>(answer).sentence, HasSubstr("without objects"));
  }
}

// A page of which nothing is a number must not be asked for without end.
TEST_F(Api, EndsAListOfOddThings) {
  std::string page;
  for (int i = 0; i < 20; ++i) page += (i == 0 ? "" : ", ") + std::string("7");
  server_.reply("/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/",
                json_reply("{\"objects\": [" + page + "]}"));
  EXPECT_TRUE(std::holds_alternative<ApiFailure>(api_.numbers()));
  EXPECT_LE(server_.requests().size(), 250U);
}

struct Trouble {
  HttpResponse response;
  ApiFailure::Kind kind;
  const char* words;
};

TEST_F(Api, SaysWhatIsWrongAndWhatToDo) {
  using Kind = ApiFailure::Kind;
  HttpResponse silent;
  silent.error = "no reply from https://api.plivo.com in time";
  HttpResponse moved = reply_of(302, "text/html", "");
  moved.location = "https://login.example.com/";
  for (const Trouble& row : std::vector<Trouble>{
           {silent, Kind::kNoReply, "look at the firewall"},
           {reply_of(401, "text/html", "Could not verify"), Kind::kRefused, "90 days"},
           {reply_of(403, "application/json", "{}"), Kind::kRefused, "MAXXXXXXXXXXXXXXXXXX"},
           {reply_of(404, "application/json", R"({"error": "not found"})"), Kind::kUnknown, ""},
           {reply_of(404, "text/html", "<html>"), Kind::kNoReply, "proxy or a portal"},
           {reply_of(200, "text/html", "<html>"), Kind::kNoReply, "200 and text/html"},
           {reply_of(200, "application/json", "{\"number\": "), Kind::kNoReply, "JSON"},
           {reply_of(200, "application/json", "[]"), Kind::kNoReply, "JSON"},
           {reply_of(200, "", ""), Kind::kNoReply, "without a Content-Type"},
           {moved, Kind::kNoReply, "leads to https://login.example.com/"},
           {reply_of(429, "application/json", "{}"), Kind::kFailed, "in a minute"},
           {reply_of(503, "text/html", "x"), Kind::kFailed, "(503): try again later"}}) {
    FakeServer server;
    server.reply(kNumberPath, row.response);
    AccountApi api(server, std::string(kOrigin), "MAXXXXXXXXXXXXXXXXXX", kApiToken);
    const auto answer = api.number("14155550199");
    ASSERT_TRUE(std::holds_alternative<ApiFailure>(answer)) << row.words;
    const ApiFailure& failure = std::get<ApiFailure>(answer);
    EXPECT_EQ(failure.kind, row.kind) << row.words << failure.sentence;
    EXPECT_THAT(failure.sentence, AllOf(HasSubstr(row.words), Not(HasSubstr(kApiToken))));
  }
}

TEST(ApiOrigin, ShowsTheTokenToNobodyOnTheWay) {
  for (const char* good : {"https://api.plivo.com", "http://127.0.0.1:8080", "http://localhost:1",
                           "http://[::1]:9", "https://10.0.0.1:8443"}) {
    EXPECT_TRUE(check_api_origin(good)) << good;
  }
  for (const char* bad : {"http://api.plivo.com", "http://127.0.0.1.example.com", "api.plivo.com",
                          "ftp://api.plivo.com", "", "http://10.0.0.1"}) {
    EXPECT_FALSE(check_api_origin(bad)) << bad;
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
