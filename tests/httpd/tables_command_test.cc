// SPDX-License-Identifier: Apache-2.0
// plivo-dialctl compile, map and plan against a real httpd with schedules and a route map.
#include <sys/stat.h>

#include "tests/httpd/doctor.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kWithTables = R"conf(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On "${DIALD}"
PlivoPublicURL https://pbx.example.com
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
PlivoSchedule always Etc/UTC "Mon-Sun 00:00-24:00" "override=${ROOT}/conf/override"
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoRouteMap txt:${ROOT}/conf/numbers.txt
    PlivoSpeak Welcome.
    PlivoVoicemail On
    <PlivoPlan sales>
        PlivoDial +14155550103 timeout=15
    </PlivoPlan>
    <PlivoNumber +14155550177>
        PlivoDial +14155550108
    </PlivoNumber>
</Location>
)conf";

class TablesCommands : public Doctor {
 protected:
  void SetUp() override {
    httpd_.files().write_configuration(kWithTables, find_free_port());
    save_map(
        "+14155550199 +14155550101 schedule=always voicemail=off\n"
        "+1415777*    -  plan=sales\n"
        "from:+4930*  +14155550106\n");
  }

  void save_map(const std::string& text) const {
    httpd_.files().write_file("conf/numbers.txt", text, 0644);
  }
  std::string map() const { return httpd_.root() + "/conf/numbers.txt"; }

  CommandResult dialctl(std::vector<std::string> arguments) const {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM};
    arguments.insert(arguments.end(), {"--httpd", apachectl()});
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    return run_command(command);
  }
  nlohmann::json told(std::vector<std::string> arguments, int status = 0) const {
    arguments.emplace_back("--json");
    const CommandResult result = dialctl(std::move(arguments));
    EXPECT_EQ(result.exit_code, status) << result.output;
    return nlohmann::json::parse(result.output, nullptr, false);
  }
  nlohmann::json planned(const std::string& number) const {
    return told({"plan", number})["locations"][0];
  }
};

TEST_F(TablesCommands, CompilePutsTablesThereThatBelongToTheServersUser) {
  EXPECT_EQ(told({"compile", "--dry-run"})["made"], false);
  const nlohmann::json made = told({"compile"});
  EXPECT_EQ(made["made"], true);
  EXPECT_EQ(made["schedules"][0]["open"], true);
  EXPECT_EQ(made["maps"][0]["lines"], 3);
  struct stat image {};
  ASSERT_EQ(stat(made["image"].get<std::string>().c_str(), &image), 0);
  EXPECT_EQ(image.st_uid, httpd_.files().user().uid);
  EXPECT_EQ(image.st_gid, httpd_.files().user().gid);
  httpd_.files().write_file("conf/override", "closed\n", 0644);
  const nlohmann::json closed = told({"compile"});
  EXPECT_EQ(closed["schedules"][0]["open"], false);
}

TEST_F(TablesCommands, PlanTellsTheLineThatDecides) {
  const nlohmann::json line = planned("+14155550199");
  EXPECT_EQ(line["decided_by"], "map");
  EXPECT_EQ(line["position"], map() + ":1");
  EXPECT_EQ(line["map"]["schedule"], "always");
  EXPECT_EQ(line["map"]["by_caller"], 1);
  EXPECT_EQ(line["stages"][0]["targets"], nlohmann::json({"+14155550101"}));
  EXPECT_EQ(line["stages"][0]["dial"], "when=always");
  EXPECT_THAT(line["not_reached"].get<std::string>(), HasSubstr("apology"));
  EXPECT_EQ(line["prompts"].size(), 1U);
  EXPECT_THAT(line["action"].get<std::string>(),
              testing::StartsWith("https://pbx.example.com/dialstatus/action"))
      << "though the Location itself dials nobody";
  const nlohmann::json plan = planned("+14157771234");
  EXPECT_EQ(plan["plan"], "sales");
  EXPECT_EQ(plan["stages"][0]["dial"], "timeout=15");
  EXPECT_EQ(plan["not_reached"], "voicemail");
  EXPECT_EQ(planned("+14155550177")["decided_by"], "number");
  EXPECT_EQ(planned("+14155550178")["decided_by"], "location");
}

// What is asked is the configuration, and a reload would take it.
TEST_F(TablesCommands, FaultOfAFileStopsNoCommandButThatOfTheTables) {
  save_map("+14155550199 +14155550101 schedule=alwys\n4155550188 - plan=sales\n");
  const nlohmann::json faulty = told({"compile"}, 1);
  EXPECT_EQ(faulty["faults"].size(), 2U);
  EXPECT_THAT(dialctl({"compile"}).output,
              AllOf(HasSubstr(map() + ":1: "), HasSubstr(map() + ":2: "),
                    HasSubstr("did you mean always?")));
  EXPECT_EQ(dialctl({"urls"}).exit_code, 0);
  EXPECT_THAT(planned("+14155550199")["map"]["error"].get<std::string>(),
              HasSubstr("numbers.txt:2: "));
  EXPECT_THAT(examine({"--offline"}).output, HasSubstr("numbers.txt:1: ")) << "as configtest does";
}

TEST_F(TablesCommands, MapIsCheckedByTheNamesOfTheConfiguration) {
  const CommandResult good = dialctl({"map", "check", map()});
  EXPECT_EQ(good.exit_code, 0) << good.output;
  EXPECT_THAT(good.output, HasSubstr("Known schedules: always; known plans: sales\n"));
  httpd_.files().write_file("conf/new", "+14155550199 - plan=sals\n", 0644);
  const nlohmann::json bad = told({"map", "check", httpd_.root() + "/conf/new"}, 1);
  EXPECT_EQ(bad["names_checked"], true);
  EXPECT_THAT(bad["faults"][0].get<std::string>(), HasSubstr("did you mean sales?"));
}

}  // namespace
}  // namespace plivo_dial::test
