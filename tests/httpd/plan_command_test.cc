// plivo-dialctl plan, urls and hook-test --sink against what a real httpd tells of its
// configuration.
// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/dates.h"
#include "tests/httpd/doctor.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kHosts = R"conf(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On "${DIALD}"
PlivoEventSink log syslog:local0
PlivoEventSink crm "exec:/bin/echo \"two words\" 'it\"s'" events=call.hangup timeout=7
PlivoPublicURL https://pbx.example.com
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoDial +14155550100
    <PlivoNumber +14155550199 +14155550177>
        PlivoSpeak "Hello (all)  (of you)"
        PlivoDial +14155550122 "sip:alice@phone.plivo.com sipHeaders=a=b" timeout=20
        PlivoVoicemail On
    </PlivoNumber>
</Location>
<VirtualHost 127.0.0.1:${PORT}>
    ServerName sales.example.com
    PlivoPublicURL https://sales.example.com
    <Location "/calls">
        SetHandler plivo-dial
        <PlivoNumber default>
            PlivoDial +14155550133
        </PlivoNumber>
    </Location>
</VirtualHost>
<VirtualHost 127.0.0.1:${PORT}>
    ServerName archive.example.com
    PlivoPublicURL https://archive.example.com
</VirtualHost>
)conf";

// explain: what the module says of one call.
class ExplainOfHttpd : public Doctor {
 protected:
  void SetUp() override {
    httpd_.files().write_file("conf/numbers.txt",
                              "+14155550188 +14155550101 schedule=office voicemail=on\n"
                              "from:+4930* - plan=sales\n",
                              0644);
    httpd_.files().write_configuration(R"conf(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher On "${DIALD}"
PlivoEventSink file "file:${ROOT}/events/all"
PlivoSchedule office Europe/London "Mon-Fri 09:00-18:00"
PlivoPublicURL https://pbx.example.com
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoRouteMap "txt:${ROOT}/conf/numbers.txt"
    PlivoSpeak "Welcome."
    PlivoDial +14155550102 when=office
    PlivoDial +14155550103 when=!office
    PlivoOn busy voicemail
    PlivoVoicemail On
    PlivoDenyFrom +14155550666 action=busy
    <PlivoPlan sales>
        PlivoDial +14155550104
    </PlivoPlan>
</Location>
)conf",
                                       find_free_port());
    Command compile;
    compile.arguments = {PLIVO_DIALCTL_PROGRAM, "compile", "--httpd", apachectl()};
    const CommandResult made = run_command(compile);
    ASSERT_EQ(made.exit_code, 0) << made.output;
  }

  std::string explained(const std::vector<std::string>& arguments, int status = 0) const {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM, "explain", "--httpd", apachectl()};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    const CommandResult result = run_command(command);
    EXPECT_EQ(result.exit_code, status) << result.output;
    return result.output;
  }
};

TEST_F(ExplainOfHttpd, TellsWhichLineDecidesEachStep) {
  const std::string file = httpd_.root() + "/conf/httpd.conf:";
  const std::string by_day = explained({"+14155550199", "--at", monday_next() + "T10:00"});
  EXPECT_THAT(by_day, AllOf(HasSubstr("main server <Location \"/dialstatus\">  (" + file),
                            HasSubstr("  route map  no line of the map is for the call  (" + file),
                            HasSubstr("  plan       /dialstatus  (" + file),
                            HasSubstr("  caller     is taken\n"),
                            HasSubstr("  schedule   office is open: weekly hours  (" + file),
                            HasSubstr("  first      speak \"Welcome.\"  (" + file),
                            HasSubstr("  rings      +14155550102 when=office  (" + file),
                            HasSubstr("  left out   +14155550103 when=!office  ("),
                            HasSubstr("  nobody     voicemail  (" + file),
                            HasSubstr("  PlivoOn    busy voicemail  (" + file)));
  const std::string by_night = explained({"+14155550199", "--at", monday_next() + "T20:00"});
  EXPECT_THAT(by_night, AllOf(HasSubstr("office is closed: weekly hours"),
                              HasSubstr("  rings      +14155550103 when=!office"),
                              HasSubstr("  left out   +14155550102 when=office")));
}

TEST_F(ExplainOfHttpd, TellsTheLineOfAMap) {
  const std::string map = httpd_.root() + "/conf/numbers.txt";
  EXPECT_THAT(explained({"+14155550188", "--at", monday_next() + "T10:00Z"}),
              AllOf(HasSubstr("  route map  the line for +14155550188  (" + map + ":1)"),
                    HasSubstr("  rings      +14155550101 when=office  (" + map + ":1)")));
  EXPECT_THAT(explained({"+14155550188", "--at", monday_next() + "T20:00"}, 1),
              AllOf(HasSubstr("  left out   +14155550101 when=office"),
                    HasSubstr("  nobody     voicemail")));
  EXPECT_THAT(explained({"+14155550199", "--from", "+493012345"}),
              AllOf(HasSubstr("  route map  the line for from:+4930*  (" + map + ":2)"),
                    HasSubstr("  plan       sales  ("), HasSubstr("  rings      +14155550104  (")));
}

TEST_F(ExplainOfHttpd, TellsWhoIsTurnedAway) {
  EXPECT_THAT(
      explained({"+14155550199", "--from", "+14155550666"}, 1),
      HasSubstr("  caller     is turned away: busy  (" + httpd_.root() + "/conf/httpd.conf:"));
}

TEST_F(ExplainOfHttpd, RefusesATimeThatIsNone) {
  EXPECT_THAT(explained({"+14155550199", "--at", "noon"}, 2), HasSubstr("2026-12-25T10:00"));
}

class PlanOfHttpd : public Doctor {
 protected:
  void SetUp() override { httpd_.files().write_configuration(kHosts, find_free_port()); }

  CommandResult ctl(std::vector<std::string> arguments) const {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM};
    arguments.insert(arguments.end(), {"--httpd", apachectl()});
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    return run_command(command);
  }
  nlohmann::json plan(const std::string& number, int status = 0) const {
    const CommandResult result = ctl({"plan", number, "--json"});
    EXPECT_EQ(result.exit_code, status) << result.output;
    return nlohmann::json::parse(result.output, nullptr, false);
  }
  // The plan at the Location "/calls" or "/dialstatus" of a server.
  static nlohmann::json at(const nlohmann::json& plan, const std::string& server,
                           const std::string& path) {
    for (const nlohmann::json& location : plan["locations"]) {
      if (location["server"].get<std::string>().starts_with(server) &&
          location["location"] == path) {
        return location;
      }
    }
    return {};
  }
};

TEST_F(PlanOfHttpd, IsThatOfTheNumberAtEachHost) {
  const nlohmann::json named = plan("+14155550177");
  const nlohmann::json main = at(named, "main server", "/dialstatus");
  EXPECT_EQ(main["decided_by"], "number") << named;
  EXPECT_EQ(main["answer_url"], "https://pbx.example.com/dialstatus");
  EXPECT_EQ(main["stages"][0]["targets"],
            nlohmann::json({"+14155550122", "sip:alice@phone.plivo.com sipHeaders=a=b"}));
  EXPECT_EQ(main["stages"][0]["dial"], "timeout=20");
  EXPECT_EQ(main["prompts"], nlohmann::json({"speak \"Hello (all)  (of you)\""}));
  EXPECT_EQ(main["not_reached"], "voicemail");
  EXPECT_THAT(main["action"].get<std::string>(),
              testing::StartsWith("https://pbx.example.com/dialstatus/action"));
  const nlohmann::json sales = at(named, "sales.example.com", "/calls");
  EXPECT_EQ(sales["decided_by"], "default");
  EXPECT_EQ(sales["answer_url"], "https://sales.example.com/calls");
  EXPECT_EQ(sales["stages"][0]["targets"], nlohmann::json({"+14155550133"}));
}

// The first virtual host of an address is the one that is asked by any other name.
TEST_F(PlanOfHttpd, TellsOfHostsInTheOrderOfTheFile) {
  std::vector<std::string> servers;
  const nlohmann::json told = plan("+14155550177");
  for (const nlohmann::json& location : told["locations"]) {
    const std::string server = location["server"];
    const std::string name = server.substr(0, server.find(':'));
    if (servers.empty() || servers.back() != name) servers.push_back(name);
  }
  EXPECT_THAT(servers,
              testing::ElementsAre("main server", "sales.example.com", "archive.example.com"));
}

TEST_F(PlanOfHttpd, IsThatOfTheLocationForOtherNumbers) {
  const nlohmann::json main = at(plan("+14155550178"), "main server", "/dialstatus");
  EXPECT_EQ(main["decided_by"], "location");
  EXPECT_EQ(main["nearest"], "+14155550177");
  EXPECT_EQ(main["stages"][0]["targets"], nlohmann::json({"+14155550100"}));
}

TEST_F(PlanOfHttpd, TellsOfANumberForWhichThereIsNone) {
  httpd_.files().write_configuration(
      std::string(kServer) +
          "PlivoSignature Off\nPlivoPublicURL https://a.example\n<Location \"/x\">\nSetHandler "
          "plivo-dial\n<PlivoNumber +14155550199>\nPlivoDial "
          "+14155550100\n</PlivoNumber>\n</Location>\n",
      find_free_port());
  EXPECT_EQ(plan("+14155550199")["found"], true);
  EXPECT_EQ(plan("+442079460000", 1)["found"], false);
  const CommandResult text = ctl({"plan", "+442079460000"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.output, AllOf(HasSubstr("since no <PlivoNumber> names this number"),
                                 HasSubstr("Nobody takes a call to +442079460000.")));
}

// A virtual host without a PlivoPublicURL of its own has the main server's answer URL.
TEST_F(PlanOfHttpd, UrlsAreThoseOfEachHostAndOnceWhereTheyAreOne) {
  httpd_.files().write_configuration(
      std::string(kHosts) + "<VirtualHost 127.0.0.1:${PORT}>\nServerName twin.example.com\n" +
          "</VirtualHost>\n",
      find_free_port());
  const CommandResult result = ctl({"urls", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.output;
  const nlohmann::json told = nlohmann::json::parse(result.output, nullptr, false);
  std::vector<std::string> answers;
  for (const nlohmann::json& location : told["locations"]) {
    const std::string answer = location["answer"]["url"];
    answers.push_back(answer);
    EXPECT_EQ(location["fallback"]["url"], answer + "/fallback");
    EXPECT_EQ(location["hangup"]["url"], answer + "/hangup#rc=5&rp=ct,rt,5xx");
  }
  EXPECT_THAT(answers, testing::UnorderedElementsAre("https://pbx.example.com/dialstatus",
                                                     "https://sales.example.com/dialstatus",
                                                     "https://sales.example.com/calls",
                                                     "https://archive.example.com/dialstatus"));
  const CommandResult text = ctl({"urls", "+14155550177"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.output, testing::ContainsRegex("main server and twin.example.com[^\n]*\n  "
                                                  "answer URL    POST  "
                                                  "https://pbx.example.com/dialstatus\n"));
}

TEST_F(PlanOfHttpd, UrlsNeedAPublicUrl) {
  httpd_.files().write_configuration(std::string(kServer) +
                                         "PlivoSignature Off\n<Location \"/x\">\nSetHandler "
                                         "plivo-dial\nPlivoSpeak Hello\n</Location>\n",
                                     find_free_port());
  const CommandResult text = ctl({"urls"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.output, HasSubstr("  no URLs: there is no PlivoPublicURL"));
}

TEST_F(PlanOfHttpd, KnowsTheWordsOfASinksProgram) {
  const CommandResult result = ctl({"events", "hook-test", "--sink", "crm", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.output;
  const nlohmann::json told = nlohmann::json::parse(result.output, nullptr, false);
  EXPECT_EQ(told["program"], nlohmann::json({"/bin/echo", "two words", "it\"s"}));
  EXPECT_EQ(told["output"], "two words it\"s\n");
}

}  // namespace
}  // namespace plivo_dial::test
