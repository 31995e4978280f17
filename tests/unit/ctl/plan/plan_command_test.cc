// `plivo-dialctl plan`: which plan decides for a number, and what is told of it.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plan/plan_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/plan/number_plans.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/httpd/manifest_sample.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// A control program of httpd that tells of the sample.
class PlanCommand : public testing::Test {
 protected:
  explicit PlanCommand(const std::string& says = output_with(sample_manifest()),
                       const std::string& status = "0")
      : program_(files_.write("apachectl",
                              "#!/bin/sh\ncat <<'END'\n" + says + "END\nexit " + status + "\n")) {
    EXPECT_EQ(chmod(program_.c_str(), 0700), 0);
  }

  Ran plan(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--httpd", program_});
    return run_subcommand(add_plan_command, "plan", std::move(arguments));
  }
  json told(const std::string& number) const {
    return json::parse(plan({number, "--json"}).out, nullptr, false);
  }

 private:
  TemporaryFiles files_;
  std::string program_;
};

// The same where the first Location has a route map, and its plan dials nobody.
class PlanByMap : public PlanCommand {
 protected:
  explicit PlanByMap(const std::string& map = kNumbers) : PlanByMap(place_for(map), 0) {}

  static constexpr const char* kNumbers =
      "# number\n"
      "+14155550177 +14155550101,sip:desk@phone.plivo.com callerid=called schedule=office "
      "timeout=20 voicemail=on\n"
      "+1415666*    -  plan=sales schedule=office voicemail=off\n"
      "+1415667*    -  plan=sales timeout=7\n"
      "+14155550166 +14155550105 plan=sales\n"
      "from:+4930*  +14155550106\n";

  const std::string& map() const { return map_; }

 private:
  PlanByMap(const std::string& map, int)
      : PlanCommand(output_with(manifest_with(map))), map_(map) {}

  static std::string place_for(const std::string& content) {
    static const TemporaryFiles files;
    return files.write("numbers.txt", content);
  }
  static ConfigManifest manifest_with(const std::string& map) {
    ConfigManifest manifest = sample_manifest();
    ManifestLocation& location = manifest.locations[0];
    location.route_map = map;
    ManifestPlan& own = location.plans.front();
    own.every_dial = "timeout=40 callerName=A";
    own.caller_id = "Plivo's own";
    own.action = "https://pbx.example.com/dialstatus/action";
    ManifestPlan sales = sample_plan_with_stages();
    sales.name = "sales";
    sales.not_reached = "voicemail";
    sales.not_reached_position = "/etc/a.conf:15";
    location.plans.push_back(sales);
    return manifest;
  }

  std::string map_;
};

class PlanByBadMap : public PlanByMap {
 protected:
  PlanByBadMap() : PlanByMap("4155550177 +14155550101\n+1 x\n") {}
};

class PlanOfBrokenConfiguration : public PlanCommand {
 protected:
  PlanOfBrokenConfiguration()
      : PlanCommand("AH00526: Syntax error on line 3 of /etc/x:\nInvalid command 'PlivoX'\n", "1") {
  }
};

class PlanWithoutModule : public PlanCommand {
 protected:
  PlanWithoutModule() : PlanCommand("Syntax OK\n") {}
};

TEST_F(PlanCommand, TellsTheSectionOfTheNumberAndAllThatItDoes) {
  const json plan = told("+14155550199");
  EXPECT_EQ(plan["number"], "+14155550199");
  EXPECT_EQ(plan["found"], true);
  ASSERT_THAT(plan["locations"], SizeIs(2)) << "a flow's Location answers no call";
  const json& first = plan["locations"][0];
  EXPECT_EQ(first["decided_by"], "number");
  EXPECT_EQ(first["server"], "main server");
  EXPECT_EQ(first["answer_url"], "https://pbx.example.com/dialstatus");
  EXPECT_EQ(first["position"], "/etc/a.conf:12");
  EXPECT_THAT(first["prompts"], ElementsAre("speak \"Connecting your call\"", "wait 1 s"));
  ASSERT_THAT(first["stages"], SizeIs(2));
  EXPECT_THAT(first["stages"][0]["targets"],
              ElementsAre("+14155550100", "sip:alice@phone.plivo.com sipHeaders=a=b"));
  EXPECT_EQ(first["stages"][0]["dial"], "timeout=20");
  EXPECT_EQ(first["stages"][1]["position"], "/etc/a.conf:14");
  EXPECT_EQ(first["every_dial"], "timeout=30");
  EXPECT_EQ(first["longest_ringing"], 50);
  EXPECT_EQ(first["not_reached"], "speaks \"Sorry (really)  (no)\" and hangs up");
  EXPECT_EQ(first["action"], "https://pbx.example.com/dialstatus/action#rp=ct");
  const json& second = plan["locations"][1];
  EXPECT_EQ(second["decided_by"], "default");
  EXPECT_EQ(second["answer_url"], "https://sales.example.com/");
}

TEST_F(PlanCommand, TellsPeopleTheSame) {
  const Ran ran = plan({"14155550199"});
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_THAT(
      ran.out,
      AllOf(HasSubstr("A call to +14155550199:\n\nmain server, answer URL "
                      "https://pbx.example.com/dialstatus\n"),
            HasSubstr("<PlivoNumber +14155550199>  (/etc/a.conf:12)\n"),
            HasSubstr("+14155550100 and sip:alice@phone.plivo.com sipHeaders=a=b; timeout=20"),
            HasSubstr("the document of /etc/a.conf:10\n"),
            HasSubstr("<PlivoNumber default>  (/etc/b.conf:5), since no other names this number")));
}

TEST_F(PlanCommand, VoicemailAloneIsAPlan) {
  const json voicemail = told("+14155550188")["locations"][0];
  EXPECT_THAT(voicemail["stages"], IsEmpty());
  EXPECT_EQ(voicemail["not_reached"], "voicemail");
  EXPECT_THAT(voicemail["voicemail"], SizeIs(3));
}

TEST_F(PlanCommand, NumberThatNoSectionNamesGetsTheNearestProposed) {
  const json plan = told("+14155550198");
  EXPECT_EQ(plan["locations"][0]["decided_by"], "location");
  EXPECT_EQ(plan["locations"][0]["nearest"], "+14155550188");
  EXPECT_THAT(
      this->plan({"+442079460000"}).out,
      AllOf(HasSubstr("since no <PlivoNumber> names this number"),
            HasSubstr("an empty document: Plivo hangs up"), Not(HasSubstr("did you mean"))));
  EXPECT_EQ(told("+14155505199")["locations"][0]["nearest"], "+14155550199")
      << "neighbours swapped";
  EXPECT_EQ(told("sip:alice@phone.plivo.com")["locations"][0]["nearest"], nullptr);
}

TEST_F(PlanCommand, NumberThatIsMisspeltIsToldWithTheOneThatWasMeant) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"+1 415 555 0199"},
                                                                 {"+1", "415", "555", "0199"},
                                                                 {"+1 (415) 555-0199"},
                                                                 {"0014155550199"},
                                                                 {"+1\u00a0415\u00a05550199"}}) {
    const Ran ran = plan(words);
    EXPECT_EQ(ran.status, kExitUsage) << words[0];
    EXPECT_THAT(ran.err, HasSubstr("did you mean +14155550199?")) << words[0];
  }
  EXPECT_THAT(plan({"4155550199"}).err, HasSubstr("is not a phone number in E.164"));
  EXPECT_EQ(plan({"+1415555O199"}).status, kExitUsage) << "the letter O";
  EXPECT_EQ(plan({}).status, kExitUsage);
  EXPECT_THAT(plan({"+14155550199", "+14155550188"}).err, HasSubstr("ask for one at a time"));
  EXPECT_EQ(told("tel:+14155550199")["number"], "+14155550199") << "as a link has it";
}

TEST_F(PlanByMap, LineOfTheNumberDecides) {
  const json first = told("+14155550177")["locations"][0];
  EXPECT_EQ(first["decided_by"], "map");
  EXPECT_EQ(first["position"], map() + ":2");
  EXPECT_EQ(first["map"], (json{{"file", map()},
                                {"line", 2},
                                {"key", "+14155550177"},
                                {"schedule", "office"},
                                {"by_caller", 1},
                                {"error", nullptr}}));
  ASSERT_THAT(first["stages"], SizeIs(1));
  EXPECT_THAT(first["stages"][0]["targets"],
              ElementsAre("+14155550101", "sip:desk@phone.plivo.com"));
  EXPECT_EQ(first["stages"][0]["dial"], "timeout=20 when=office");
  EXPECT_EQ(first["caller_id"], "the number that was called");
  EXPECT_EQ(first["not_reached"], "voicemail");
  EXPECT_EQ(first["longest_ringing"], 20);
  EXPECT_EQ(first["action"], "https://pbx.example.com/dialstatus/action");
  EXPECT_EQ(first["nearest"], nullptr);
}

TEST_F(PlanByMap, PlanOfALineIsShownWithWhatTheLineSays) {
  const json whole = told("+14156661234")["locations"][0];
  EXPECT_EQ(whole["map"]["key"], "+1415666*");
  EXPECT_EQ(whole["plan"], "sales");
  ASSERT_THAT(whole["stages"], SizeIs(2));
  EXPECT_EQ(whole["stages"][0]["dial"], "timeout=20 when=office");
  EXPECT_EQ(whole["stages"][1]["dial"], "when=office");
  EXPECT_EQ(whole["not_reached"], "speaks an apology and hangs up");
  EXPECT_EQ(whole["longest_ringing"], 50);
  const json timed = told("+14156671234")["locations"][0];
  EXPECT_EQ(timed["stages"][0]["dial"], "timeout=7");
  EXPECT_EQ(timed["stages"][1]["dial"], "timeout=7");
  EXPECT_EQ(timed["longest_ringing"], 14);
  const json one = told("+14155550166")["locations"][0];
  EXPECT_THAT(one["stages"][0]["targets"], ElementsAre("+14155550105"));
  EXPECT_EQ(one["longest_ringing"], 30) << "every dial of the plan";
  EXPECT_EQ(one["not_reached"], "voicemail");
  EXPECT_THAT(one["prompts"], SizeIs(2));
}

TEST_F(PlanByMap, TellsPeopleLineAndFile) {
  EXPECT_THAT(plan({"+14156661234"}).out,
              AllOf(HasSubstr("+1415666* in the route map  (" + map() + ":3), plan=sales\n"),
                    HasSubstr("1 line of " + map() + " with from: or forwarded: come"),
                    HasSubstr("; timeout=20 when=office  (/etc/a.conf:13)\n")));
}

TEST_F(PlanByMap, NumberWithASectionIsNotLookedUpAndOthersHaveNoLine) {
  const json section = told("+14155550199")["locations"][0];
  EXPECT_EQ(section["decided_by"], "number");
  EXPECT_EQ(section["map"], nullptr);
  const json none = told("+442079460000")["locations"][0];
  EXPECT_EQ(none["decided_by"], "location");
  EXPECT_EQ(none["map"]["line"], nullptr);
  EXPECT_EQ(none["action"], nullptr) << "nobody is dialled";
  EXPECT_EQ(told("sip:alice@phone.plivo.com")["locations"][0]["map"], nullptr);
}

TEST_F(PlanByBadMap, SaysWhyTheMapIsNotAsked) {
  const json first = told("+14155550177")["locations"][0];
  EXPECT_EQ(first["decided_by"], "location");
  EXPECT_THAT(first["map"]["error"].get<std::string>(),
              AllOf(HasSubstr(map() + ":1: "), HasSubstr(" more")));
  EXPECT_THAT(plan({"+14155550177"}).out, HasSubstr("the route map can't be asked: " + map()));
}

TEST_F(PlanOfBrokenConfiguration, SaysWhereItIsBroken) {
  const Ran ran = plan({"+14155550199", "--json"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("/etc/x:3: Invalid command 'PlivoX'"));
}

TEST_F(PlanWithoutModule, SaysThatHttpdDoesNotLoadIt) {
  const Ran ran = plan({"+14155550199"});
  EXPECT_EQ(ran.status, 3);
  EXPECT_THAT(ran.err, HasSubstr("httpd does not load mod_plivo_dial"));
}

TEST(Plans, WithoutAnyLocationNoneIsFound) {
  ConfigManifest config;
  config.used = true;
  EXPECT_THAT(plans_for(config, "+14155550199"), IsEmpty());
  EXPECT_EQ(json::parse(render_plans_json("+14155550199", {}))["found"], false);
}

}  // namespace
}  // namespace plivo_dial::ctl
