// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl map`: a map judged with and without a configuration, and asked for a call.
#include "mod_plivo_dial/ctl/tables/map_command.h"

#include <gmock/gmock.h>

#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/tables/tables_program.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* kGood =
    "# number       targets\n"
    "+14155550199\t+14155550111,+14155550122  schedule=always timeout=20\n"
    "+1415777*      -                        plan=sales\n"
    "from:+4930*    +14155550133\n"
    "from:anonymous -                        voicemail=on\n"
    "forwarded:+442079460000  +14155550144\n";

class MapCommand : public TablesProgram {
 protected:
  Ran map(std::vector<std::string> arguments, std::string_view input = "") const {
    return run_subcommand(add_map_command, "map", std::move(arguments), input);
  }
  Ran check(const std::string& text, const std::string& httpd = "/bin/false") const {
    return map({"check", "-", "--httpd", httpd}, text);
  }
  Ran find_line(const std::string& text, std::vector<std::string> options) const {
    options.insert(options.begin(), {"find", "-"});
    return map(std::move(options), text);
  }
};

TEST_F(MapCommand, GoodMapIsOneLineWithItsNumbers) {
  const Ran ran = check(kGood);
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_TRUE(ran.out.starts_with(
      "standard input: no fault in 1 number, 1 prefix, 2 from: and 1 forwarded: lines. "))
      << ran.out;
  EXPECT_EQ(ran.out.find('\n'), ran.out.size() - 1) << ran.out;
}

TEST_F(MapCommand, FileIsNamedAsItWasTyped) {
  const std::string path = files_.write("numbers.new", kGood);
  EXPECT_THAT(map({"check", path, "--httpd", "/bin/false"}).out,
              testing::StartsWith(path + ": no fault in "));
  const Ran missing = map({"check", "/gone/numbers.txt"});
  EXPECT_EQ(missing.status, kExitUsage);
  EXPECT_THAT(missing.err, HasSubstr("/gone/numbers.txt"));
}

TEST_F(MapCommand, EveryFaultHasItsLineAndRemedy) {
  const Ran ran = check(
      "4155550199 +14155550101\n\n+14155550188 +14155550102 timeot=20\n"
      "+14155550101 +14155550102\n+14155550102 +14155550101\n");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("standard input:1: \"4155550199\""),
                             HasSubstr("standard input:3: "), HasSubstr("timeout"),
                             HasSubstr("standard input:4: +14155550101 calls +14155550102"),
                             HasSubstr("standard input: 3 faults. ")));
}

TEST_F(MapCommand, NamesAreCheckedByTheConfiguration) {
  add_schedules();
  add_map("", {"sales", "support"});
  manifest_.locations[0].plans.push_back(empty_plan("sales", "/etc/a.conf:30"));
  const std::string httpd = program();
  const Ran good = check(kGood, httpd);
  EXPECT_EQ(good.status, kExitOk) << good.out;
  EXPECT_THAT(good.out, HasSubstr("Known schedules: always, seldom; known plans: sales\n"));
  const Ran bad = check("+14155550199 +14155550101 schedule=alwys plan=support\n", httpd);
  EXPECT_EQ(bad.status, 1);
  EXPECT_THAT(bad.out, AllOf(HasSubstr("did you mean always?"), HasSubstr("support")));
}

TEST_F(MapCommand, PlansAreThoseOfTheMapThatTheConfigurationNames) {
  const std::string path =
      add_map("+14155550199 - plan=support\n+14155550188 - plan=sales\n", {"support"});
  manifest_.locations[0].plans.push_back(empty_plan("sales", "/etc/a.conf:30"));
  const Ran ran = map({"check", path, "--httpd", program(), "--json"});
  EXPECT_EQ(ran.status, 1);
  const json told = json::parse(ran.out, nullptr, false);
  EXPECT_THAT(told["plans"], ElementsAre("support"));
  EXPECT_THAT(told["faults"], SizeIs(1));
  EXPECT_EQ(told["fault_count"], 1);
}

TEST_F(MapCommand, WithoutAConfigurationItSaysThatNamesWereNotChecked) {
  const Ran ran = map({"check", "-", "--httpd", "/bin/false", "--json"}, kGood);
  EXPECT_EQ(ran.status, kExitOk);
  const json told = json::parse(ran.out, nullptr, false);
  EXPECT_EQ(told["good"], true);
  EXPECT_EQ(told["names_checked"], false);
  EXPECT_THAT(told["reason"].get<std::string>(), HasSubstr("/bin/false"));
  EXPECT_THAT(check(kGood).out, HasSubstr("Names of schedules and plans were not checked: "));
}

TEST_F(MapCommand, RemarksAreToldAndAreNoFaults) {
  const Ran ran = check("\xEF\xBB\xBF+14155550199 +14155550101\n");
  EXPECT_EQ(ran.status, kExitOk);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("standard input: "), HasSubstr("byte order mark")));
}

TEST_F(MapCommand, LineOfACallIsPrintedWithItsPlace) {
  EXPECT_EQ(find_line(kGood, {"--to", "14155550199"}).out,
            "standard input:2: +14155550199 +14155550111,+14155550122  schedule=always "
            "timeout=20\n");
  EXPECT_THAT(find_line(kGood, {"--to", "+14157771234"}).out, HasSubstr("input:3: +1415777*"));
  EXPECT_THAT(find_line(kGood, {"--to", "+14157771234", "--from", "493012"}).out,
              HasSubstr("input:4: from:+4930*"));
  EXPECT_THAT(find_line(kGood, {"--to", "+14157771234", "--from", "anonymous"}).out,
              HasSubstr("input:5: from:anonymous"));
  EXPECT_THAT(find_line(kGood, {"--to", "+14157771234", "--forwarded", "+442079460000"}).out,
              HasSubstr("input:6: forwarded:+442079460000"));
}

TEST_F(MapCommand, CallWithoutALineIsToldAsSuch) {
  const Ran none = find_line(kGood, {"--to", "+442079460000"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.out, HasSubstr("No line of standard input is for this call."));
  const Ran faulty = find_line("4155550199 +14155550101\n", {"--to", "+14155550199"});
  EXPECT_EQ(faulty.status, 1);
  EXPECT_THAT(faulty.err, HasSubstr("standard input:1: "));
  EXPECT_EQ(find_line(kGood, {"--to", "alice"}).status, kExitUsage);
  EXPECT_EQ(find_line(kGood, {}).status, kExitUsage);
}

TEST_F(MapCommand, WhatComesFromAFileIsSafeForATerminal) {
  EXPECT_THAT(check("\x1b[31m +14155550101\n").out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(find_line("+14155550199 +14155550101 # \x1b[31m\n", {"--to", "+14155550199"}).out,
              Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace plivo_dial::ctl
