// plivo-dialctl doctor --plivo and init --plivo, with a httpd in the place of Plivo's API.
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "tests/httpd/doctor.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kAuthId = "MAXXXXXXXXXXXXXXXXXX";
// Of kAuthId:kMainToken.
constexpr const char* kCredentials =
    "TUFYWFhYWFhYWFhYWFhYWFhYWFg6TldFM1l6RTVaalF0TUdReVlpMDBaVGMyTFRoaE0yWXRZakUwTm1Rdw==";

// Serves the files of its tree as the API does: JSON, also for 404, and 401 without the token.
class PlivoApiServer {
 public:
  PlivoApiServer() : httpd_({.load_plivo_dial = false, .modules = {"alias", "dir"}}) {
    httpd_.allow_log("AH0");
    httpd_.files().write_file("htdocs/none.json", R"({"api_id": "1", "error": "not found"})", 0644);
  }

  bool start() {
    return httpd_.start(
        "DirectoryIndex index.json\nAddDefaultCharset Off\nErrorDocument 404 /none.json\n"
        "ForceType application/json\n<If \"%{HTTP:Authorization} != 'Basic " +
        std::string(kCredentials) + "'\">\nRedirect 401 /v1\n</If>\n");
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(httpd_.port()); }

  void number(const std::string& digits, const std::string& application) {
    write("Number/" + digits, R"({"active": true, "application": )" + application +
                                  R"(, "number": ")" + digits + R"(", "voice_enabled": true})");
  }
  void application(const std::string& answer, const std::string& fallback,
                   const std::string& hangup) {
    write("Application/1234", R"({"app_id": "1234", "app_name": "pbx", "enabled": true,
                                  "answer_url": ")" +
                                  answer + R"(", "fallback_answer_url": ")" + fallback +
                                  R"(", "hangup_url": ")" + hangup + R"("})");
  }

 private:
  void write(const std::string& path, const std::string& json) {
    const std::string directory = "htdocs/v1/Account/" + std::string(kAuthId) + "/" + path;
    std::filesystem::create_directories(httpd_.root() + "/" + directory);
    httpd_.files().write_file(directory + "/index.json", json, 0644);
  }

  HttpdServer httpd_;
};

constexpr const char* kAttached = "\"/v1/Account/MAXXXXXXXXXXXXXXXXXX/Application/1234/\"";

constexpr const char* kNumberLocation = R"(
PlivoPublicURL http://127.0.0.1:${PORT}
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
<Location "/dialstatus">
    SetHandler plivo-dial
    <PlivoNumber +14155550199>
        PlivoDial +14155550100
    </PlivoNumber>
</Location>
)";

class DoctorOfPlivo : public Doctor {
 protected:
  void SetUp() override {
    httpd_.allow_log("has no plan for other numbers");
    ASSERT_TRUE(api_.start());
    ASSERT_TRUE(start(kNumberLocation));
    wait_for_dispatcher();
    here_ = "http://127.0.0.1:" + std::to_string(httpd_.port()) + "/dialstatus";
  }
  Diagnosis ask() const { return examine({"--offline", "--plivo", "--plivo-api", api_.url()}); }

  PlivoApiServer api_;
  std::string here_;
};

TEST_F(DoctorOfPlivo, FindsNothingWrongWhereTheNumberLeadsHere) {
  api_.number("14155550199", kAttached);
  api_.application(here_, here_ + "/fallback", here_ + "/hangup#rc=5&rp=ct,rt,5xx");
  const Diagnosis diagnosis = ask();
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("Plivo"), ElementsAre(HasSubstr("ok: +14155550199 is attached to")));
}

TEST_F(DoctorOfPlivo, SaysFirstThatTheNumberLeadsElsewhere) {
  api_.number("14155550199", kAttached);
  api_.application("https://old.example.com/answer", "", "");
  const Diagnosis diagnosis = ask();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("Plivo"),
              ElementsAre(AllOf(HasSubstr("problem: +14155550199 is attached to"),
                                HasSubstr("https://old.example.com/answer and not " + here_))));
  for (const nlohmann::json& finding : diagnosis.report["checks"]) {
    if (finding["check"] == "Plivo") break;
    EXPECT_THAT(finding["check"], testing::AnyOf("configtest", "module"));
  }
}

TEST_F(DoctorOfPlivo, WarnsOfTheUrlsBesideTheAnswerUrl) {
  api_.number("14155550199", kAttached);
  api_.application(here_, "", here_);
  const Diagnosis diagnosis = ask();
  EXPECT_EQ(diagnosis.exit_code, 0) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("Plivo"),
              ElementsAre(HasSubstr("ok: "), HasSubstr("warning: the application \"pbx\" (1234)"),
                          HasSubstr("/dialstatus/hangup#rc=5&rp=ct,rt,5xx")));
}

TEST_F(DoctorOfPlivo, FindsANumberThatIsNotThere) {
  const Diagnosis diagnosis = ask();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("Plivo"), ElementsAre(HasSubstr("is no number of account MAXXX")));
}

// The second account's token is another's.
TEST_F(DoctorOfPlivo, SaysNothingOfANumberThatAnAccountMayHaveThatIsNotAsked) {
  httpd_.allow_log("PD0");
  std::string configuration = kNumberLocation;
  configuration.insert(
      configuration.find("<Location"),
      "PlivoAccount other MAYYYYYYYYYYYYYYYYYY \"file:${ROOT}/conf/other.token\"\n");
  for (const char* number : {"98", "97"}) {
    configuration += "<Location \"/of-" + std::string(number) +
                     "\">\nSetHandler plivo-dial\n<PlivoNumber +141555501" + number +
                     ">\nPlivoDial +14155550100\n</PlivoNumber>\n</Location>\n";
  }
  httpd_.files().write_file("conf/other.token", std::string(kForeignToken) + "\n", 0600);
  httpd_.reconfigure(kServer + configuration);
  api_.number("14155550199", kAttached);
  api_.application(here_, here_ + "/fallback", here_ + "/hangup#rc=5&rp=ct,rt,5xx");
  const std::vector<std::string> said = ask().of("Plivo");
  EXPECT_THAT(said, testing::Not(testing::Contains(HasSubstr("is mistyped in"))));
  EXPECT_THAT(
      said, testing::Contains(
                AllOf(HasSubstr("not checked: +14155550197"),
                      HasSubstr("MAYYYYYYYYYYYYYYYYYY, which could not be asked, is not known"))));
}

TEST_F(DoctorOfPlivo, FindsATokenThatPlivoRefuses) {
  api_.number("14155550199", kAttached);
  httpd_.files().write_file("conf/main.token", std::string(kForeignToken) + "\n", 0600);
  httpd_.allow_log("PD020");
  const Diagnosis diagnosis = ask();
  EXPECT_EQ(diagnosis.exit_code, 1) << diagnosis.output;
  EXPECT_THAT(diagnosis.of("Plivo"), ElementsAre(HasSubstr("refuses the Auth Token")));
  EXPECT_THAT(diagnosis.output, Not(HasSubstr(kForeignToken)));
}

TEST_F(DoctorOfPlivo, SaysThatNobodyAnswersInPlivosPlace) {
  const Diagnosis closed = examine({"--offline", "--plivo", "--plivo-api",
                                    "http://127.0.0.1:" + std::to_string(find_free_port())});
  EXPECT_EQ(closed.exit_code, 3) << closed.output;
  EXPECT_THAT(closed.of("Plivo"),
              ElementsAre(AllOf(HasSubstr("not checked: "), HasSubstr("look at the firewall"))));
  HttpdServer portal({.load_plivo_dial = false});
  portal.allow_log("AH0");
  ASSERT_TRUE(portal.start(""));
  const Diagnosis stranger = examine(
      {"--offline", "--plivo", "--plivo-api", "http://127.0.0.1:" + std::to_string(portal.port())});
  EXPECT_EQ(stranger.exit_code, 3) << stranger.output;
  EXPECT_THAT(stranger.of("Plivo"),
              ElementsAre(HasSubstr("where the API would answer with a JSON object")));
}

TEST_F(DoctorOfPlivo, IsNotAskedUnlessSomebodyWantsIt) {
  EXPECT_THAT(examine({"--offline"}).of("Plivo"), ElementsAre());
  const CommandResult text =
      run_command({{PLIVO_DIALCTL_PROGRAM, "doctor", "--offline", "--httpd", apachectl(), "--url",
                    "http://127.0.0.1:" + std::to_string(httpd_.port())},
                   {},
                   {},
                   {},
                   ""});
  EXPECT_THAT(text.output, AllOf(HasSubstr("attached to another application"),
                                 HasSubstr("plivo-dialctl doctor --plivo")));
}

TEST_F(DoctorOfPlivo, InitSaysTheSame) {
  api_.number("14155550199", "null");
  const std::string directory = httpd_.root() + "/conf/new";
  std::filesystem::create_directory(directory);
  Command command;
  command.arguments = {"/bin/sh",
                       "-c",
                       "printf '%s\\n' \"$0\" | exec \"$@\"",
                       kMainToken,
                       PLIVO_DIALCTL_PROGRAM,
                       "init",
                       "+14155550199",
                       "--to",
                       "+14155550100",
                       "--url",
                       "https://pbx.example.com",
                       "--auth-id",
                       kAuthId,
                       "--config",
                       directory + "/calls.conf",
                       "--token-file",
                       directory + "/plivo/main.token",
                       "--plivo",
                       "--plivo-api",
                       api_.url()};
  command.environment = {"PATH=/usr/bin:/bin"};
  const CommandResult written = run_command(command);
  EXPECT_EQ(written.exit_code, 0) << written.output;
  EXPECT_THAT(written.output,
              AllOf(HasSubstr("What Plivo has now:\n    problem      Plivo  +14155550199 is "
                              "attached to no application"),
                    Not(HasSubstr(kMainToken))));
}

}  // namespace
}  // namespace plivo_dial::test
