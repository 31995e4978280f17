// The doctor's questions to Plivo's API, with a scripted one in its place.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_plivo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/init/init_plivo.h"
#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/fake_server.h"
#include "tests/unit/ctl/plivo/plivo_replies.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kDoctorToken = "NDZjOGQ0YzVhYjE3NDRmNTk4";
constexpr const char* kUri = "\"/v1/Account/MAX/Application/1234/\"";
constexpr const char* kList = "/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/";
const NumberUrls kDoctorUrls = urls_for_plivo("https://pbx.example.com/dialstatus");

std::vector<ManifestPlan> plans_of(const std::vector<std::string>& names) {
  std::vector<ManifestPlan> plans(names.size());
  for (std::size_t at = 0; at < names.size(); ++at) plans[at].name = names[at];
  return plans;
}

class AskedPlivo : public testing::Test {
 protected:
  ManifestLocation& location() { return config_.locations.front(); }

  std::vector<std::string> said() {
    Findings findings;
    check_plivo(config_, std::string(kOrigin), server_, findings);
    std::vector<std::string> sentences;
    for (const Finding& finding : findings) {
      EXPECT_EQ(finding.check, "Plivo");
      EXPECT_THAT(finding.sentence, Not(HasSubstr(kDoctorToken)));
      const char* health = finding.health == Health::kOk        ? "ok: "
                           : finding.health == Health::kProblem ? "problem: "
                           : finding.health == Health::kWarning ? "warning: "
                                                                : "not checked: ";
      sentences.push_back(health + finding.sentence);
    }
    return sentences;
  }
  void good_application() {
    server_.reply(
        kApplicationPath,
        json_reply(application_json(kDoctorUrls.answer, kDoctorUrls.fallback, kDoctorUrls.hangup)));
  }

  TemporaryFiles files_;
  ConfigManifest config_ = [this] {
    ManifestLocation location;
    location.path = "/dialstatus";
    location.endpoint = "answer";
    location.public_url = "https://pbx.example.com";
    const std::string token = files_.write("main.token", std::string(kDoctorToken) + "\n");
    location.accounts = {{"main", "MAXXXXXXXXXXXXXXXXXX", token, "", ""}};
    location.plans = plans_of({"+14155550199"});
    ConfigManifest config;
    config.locations = {location};
    return config;
  }();
  FakeServer server_;
};

TEST_F(AskedPlivo, FindsANumberThatLeadsHere) {
  server_.reply(kNumberPath, json_reply(number_json(kUri)));
  good_application();
  EXPECT_THAT(said(), ElementsAre(HasSubstr("ok: +14155550199 is attached to")));
}

TEST_F(AskedPlivo, KnowsTheLocationsThatTakeAReportAlone) {
  ManifestLocation hangup = location();
  hangup.path = "/hangup.php";
  hangup.endpoint = "hangup";
  config_.locations.push_back(hangup);
  server_.reply(kNumberPath, json_reply(number_json(kUri)));
  server_.reply(kApplicationPath,
                json_reply(application_json(kDoctorUrls.answer, kDoctorUrls.fallback,
                                            "https://pbx.example.com/hangup.php#rp=5xx")));
  EXPECT_THAT(said(), ElementsAre(HasSubstr("ok: ")));
}

TEST_F(AskedPlivo, FindsANumberThatLeadsElsewhere) {
  server_.reply(kNumberPath, json_reply(number_json(kUri)));
  server_.reply(kApplicationPath,
                json_reply(application_json("https://old.example.com/a", "", "")));
  EXPECT_THAT(said(), ElementsAre(AllOf(HasSubstr("problem: +14155550199 is attached to"),
                                        HasSubstr("https://old.example.com/a"))));
}

TEST_F(AskedPlivo, FindsANumberOfNobody) {
  server_.reply(kNumberPath, reply_of(404, "application/json", "{\"error\": \"not found\"}"));
  EXPECT_THAT(said(),
              ElementsAre(AllOf(HasSubstr("problem: +14155550199 is no number of account MAXXX"),
                                HasSubstr("<PlivoNumber +14155550199>"))));
}

TEST_F(AskedPlivo, FindsAnApplicationThatIsGone) {
  server_.reply(kNumberPath, json_reply(number_json(kUri)));
  server_.reply(kApplicationPath, reply_of(404, "application/json", "{}"));
  EXPECT_THAT(said(), ElementsAre(HasSubstr("application 1234, which account MAXXX")));
}

// One sentence about the account, whatever it has.
TEST_F(AskedPlivo, SaysOnceThatATokenIsRefusedOrThatNobodyReplies) {
  location().plans = plans_of({"+14155550199", "+14155550198", "+14155550197"});
  const std::string prefix = "/v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/1415555019";
  for (const char* last : {"9/", "8/", "7/"}) {
    server_.reply(prefix + last, reply_of(401, "text/html", "no"));
  }
  EXPECT_THAT(said(), ElementsAre(AllOf(HasSubstr("problem: "), HasSubstr("(401)"))));
  EXPECT_EQ(server_.requests().size(), 1U);
  FakeServer silent;
  HttpResponse none;
  none.error = "no server answers at https://api.plivo.com";
  silent.reply(prefix + "9/", none);
  Findings findings;
  check_plivo(config_, std::string(kOrigin), silent, findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].health, Health::kNotChecked);
}

TEST_F(AskedPlivo, AsksTheAccountThatHasTheNumber) {
  location().accounts.push_back(
      {"other", "MAYYYYYYYYYYYYYYYYYY", files_.write("other.token", "other\n"), "", ""});
  server_.reply(kNumberPath, reply_of(404, "application/json", "{}"));
  server_.reply("/v1/Account/MAYYYYYYYYYYYYYYYYYY/Number/14155550199/",
                json_reply(number_json(kUri)));
  server_.reply(
      "/v1/Account/MAYYYYYYYYYYYYYYYYYY/Application/1234/",
      json_reply(application_json(kDoctorUrls.answer, kDoctorUrls.fallback, kDoctorUrls.hangup)));
  EXPECT_THAT(said(), ElementsAre(HasSubstr("ok: ")));
}

TEST_F(AskedPlivo, LooksForANumberWhereALocationTakesAll) {
  location().plans.clear();
  server_.reply(kList, json_reply("{\"objects\": [" + number_json("null", "14155550198") + ", " +
                                  number_json(kUri) + "]}"));
  good_application();
  EXPECT_THAT(said(), ElementsAre(HasSubstr("ok: +14155550199")));
}

TEST_F(AskedPlivo, SaysWhereTheNumbersGoWhenNoneLeadsHere) {
  location().plans.clear();
  server_.reply(kList, json_reply("{\"objects\": [" + number_json("null", "14155550198") + ", " +
                                  number_json(kUri) + "]}"));
  server_.reply(kApplicationPath,
                json_reply(application_json("https://old.example.com/a?key=1", "", "")));
  EXPECT_THAT(said(),
              ElementsAre(AllOf(HasSubstr("problem: no number of account MAXXX"),
                                HasSubstr("+14155550198 to no application"),
                                HasSubstr("+14155550199 to https://old.example.com/a?..."))));
  FakeServer empty;
  empty.reply(kList, json_reply("{\"objects\": []}"));
  Findings findings;
  check_plivo(config_, std::string(kOrigin), empty, findings);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(findings[0].sentence, HasSubstr("has no number at Plivo: rent one"));
}

TEST_F(AskedPlivo, IsNotAskedWithoutAToken) {
  location().accounts[0].token_file = "/nonexistent/token";
  EXPECT_THAT(said(), ElementsAre(HasSubstr("not checked: the numbers of account MAXXX")));
  location().accounts.clear();
  EXPECT_THAT(said(), ElementsAre(HasSubstr("has no PlivoAccount")));
  location().endpoint = "event";
  EXPECT_THAT(said(), ElementsAre(HasSubstr("no Location with PlivoPublicURL takes calls")));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

// ---- Of init.

class InitAsksPlivo : public testing::Test {
 protected:
  InitAsksPlivo() {
    settings_.number = "+14155550199";
    settings_.auth_id = "MAXXXXXXXXXXXXXXXXXX";
    settings_.public_url = "https://pbx.example.com";
    settings_.path = "/dialstatus";
  }
  Result<Findings> ask() {
    return ask_plivo(server_, std::string(kOrigin), settings_, kDoctorToken);
  }

  InitSettings settings_;
  FakeServer server_;
};

TEST_F(InitAsksPlivo, SaysWhatANumberIsAttachedTo) {
  server_.reply(kNumberPath, json_reply(number_json("null")));
  const Result<Findings> found = ask();
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_THAT(found->front().sentence, HasSubstr("is attached to no application"));
}

TEST_F(InitAsksPlivo, RefusesATokenThatPlivoRefuses) {
  server_.reply(kNumberPath, reply_of(401, "text/html", "no"));
  const Result<Findings> found = ask();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("refuses the Auth Token"));
}

TEST_F(InitAsksPlivo, GoesOnWherePlivoDoesNotAnswer) {
  for (const HttpResponse& response :
       {reply_of(503, "text/html", "x"), reply_of(200, "text/html", "<html>")}) {
    server_.reply(kNumberPath, response);
    const Result<Findings> found = ask();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->front().health, Health::kNotChecked);
  }
}

TEST_F(InitAsksPlivo, TellsOfANumberOrApplicationThatIsNotThere) {
  server_.reply(kNumberPath, reply_of(404, "application/json", "{}"));
  EXPECT_THAT(ask()->front().sentence, HasSubstr("is no number of account"));
  FakeServer other;
  other.reply(kNumberPath, json_reply(number_json(kUri)));
  other.reply(kApplicationPath, reply_of(404, "application/json", "{}"));
  const Result<Findings> found = ask_plivo(other, std::string(kOrigin), settings_, kDoctorToken);
  ASSERT_TRUE(found);
  EXPECT_THAT(found->front().sentence, HasSubstr("application 1234"));
}

TEST(InitEntries, AreThreeLinesToPaste) {
  InitSettings settings;
  settings.number = "+14155550199";
  settings.public_url = "https://pbx.example.com";
  settings.path = "/dialstatus";
  EXPECT_THAT(entries_at_plivo(settings),
              AllOf(HasSubstr("answer URL    https://pbx.example.com/dialstatus\n"),
                    HasSubstr("fallback URL  https://pbx.example.com/dialstatus/fallback\n"),
                    HasSubstr("hangup URL    "
                              "https://pbx.example.com/dialstatus/hangup#rc=5&rp=ct,rt,5xx\n")));
}

}  // namespace
}  // namespace plivo_dial::ctl
