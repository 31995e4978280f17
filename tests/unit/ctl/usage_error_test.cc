// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/usage_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace plivo_dial::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

// What is said of `line` by a program with the commands doctor and events status.
std::string text_for(const std::string& line) {
  CLI::App app("", "plivo-dialctl");
  app.require_subcommand(1);
  std::string number;
  CLI::App* doctor = app.add_subcommand("doctor");
  doctor->add_option("NUMBER", number)->required();
  doctor->add_flag("--offline");
  CLI::App* events = app.add_subcommand("events");
  events->require_subcommand(1);
  events->add_subcommand("status");
  CLI::App* list = events->add_subcommand("list");
  list->add_option("--since", number);
  list->add_option("--state", number)->check(CLI::IsMember({"waiting", "dead"}));
  try {
    app.parse(line);
  } catch (const CLI::ParseError& error) {
    return usage_error_text(app, error);
  }
  return "";
}

TEST(UsageError, NamesTheWordAndTheOneThatWasMeant) {
  EXPECT_EQ(text_for("docter"),
            "plivo-dialctl: there is no command \"docter\"; did you mean doctor? See plivo-dialctl "
            "--help.\n");
  EXPECT_EQ(text_for("events statu"),
            "plivo-dialctl events: there is no command \"statu\"; did you mean status? See "
            "plivo-dialctl events --help.\n");
  EXPECT_THAT(text_for("nothing"), HasSubstr("; there are: doctor events. See"));
}

TEST(UsageError, NamesTheCommandThatLacksSomething) {
  EXPECT_EQ(text_for("doctor"),
            "plivo-dialctl doctor: NUMBER is required. See plivo-dialctl doctor --help.\n");
  EXPECT_EQ(text_for("events"),
            "plivo-dialctl events: a command is missing; there are: status list. See plivo-dialctl "
            "events --help.\n");
  EXPECT_THAT(text_for("doctor 1 --x\x1b"),
              testing::AllOf(HasSubstr("there is no option --x"), Not(HasSubstr("\x1b"))));
}

TEST(UsageError, ProposesTheOptionThatWasMeant) {
  EXPECT_EQ(text_for("events list --sicne 2h"),
            "plivo-dialctl events list: there is no option --sicne; did you mean --since? See "
            "plivo-dialctl events list --help.\n");
  EXPECT_THAT(text_for("events list --stat=dead"), HasSubstr("did you mean --state?"));
  EXPECT_THAT(text_for("events list --sin 2h"), HasSubstr("did you mean --since?"));
  EXPECT_THAT(text_for("doctor --ofline"), HasSubstr("did you mean --offline?"))
      << "and not of the number that is missing";
  EXPECT_THAT(text_for("events list --nothing-like-it"),
              HasSubstr("there is no option --nothing-like-it. See"));
}

TEST(UsageError, SaysWhereAnOptionBelongs) {
  EXPECT_THAT(text_for("--since 2h events list"),
              HasSubstr("--since belongs behind the command: plivo-dialctl events list --since."));
  EXPECT_THAT(text_for("events --since=2h list"),
              HasSubstr("--since belongs behind the command: plivo-dialctl events list --since."));
}

TEST(UsageError, ProposesTheValueThatWasMeant) {
  EXPECT_THAT(text_for("events list --state waitin"), HasSubstr("did you mean waiting?"));
  EXPECT_THAT(text_for("events list --state nonsense"),
              testing::AllOf(HasSubstr("{waiting,dead}"), Not(HasSubstr("did you mean"))));
}

TEST(UsageError, NamesTheArgumentThatIsTooMuch) {
  EXPECT_THAT(text_for("events status all"),
              HasSubstr("\"all\" is an argument, and this command takes none."));
  EXPECT_THAT(text_for("doctor 1 2"), HasSubstr("\"2\" is one argument too many."));
}

TEST(UsageError, SaysThatACommandIsMissingBeforeItsOptions) {
  EXPECT_THAT(text_for("events stauts --spool /x"),
              HasSubstr("there is no command \"stauts\"; did you mean status?"));
  EXPECT_THAT(text_for("events --since 2h"), HasSubstr("a command is missing; there are: status"));
  EXPECT_THAT(text_for("events --since=2h 01zz"), HasSubstr("a command is missing"));
  EXPECT_THAT(text_for("events --nothing-like-it"), HasSubstr("there is no option"));
}

// The program's own output, of both streams.
std::string output_of(const std::string& arguments) {
  FILE* const program =
      popen((std::string(PLIVO_DIALCTL) + " " + arguments + " 2>&1").c_str(), "r");
  std::string output;
  char part[4096];
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(part, 1, sizeof part, program);
    output.append(part, got);
  }
  pclose(program);
  return output;
}

TEST(UsageError, IsWhatTheProgramSays) {
  EXPECT_THAT(output_of("docter"), HasSubstr("did you mean doctor?"));
  EXPECT_THAT(output_of("doc"), HasSubstr("did you mean doctor?"));
  EXPECT_THAT(output_of("doctor --ofline"), HasSubstr("did you mean --offline?"));
  EXPECT_THAT(output_of("init +14155550199 --too +14155550100"), HasSubstr("did you mean --to?"));
  EXPECT_THAT(output_of(""), HasSubstr("a command is missing; there are: init doctor"));
}

TEST(HelpOfTheProgram, IsACommandToo) {
  EXPECT_EQ(output_of("help"), output_of("--help"));
  EXPECT_EQ(output_of("help events list"), output_of("events list --help"));
  EXPECT_THAT(output_of("help events list"), HasSubstr("Usage: plivo-dialctl events list"));
  EXPECT_THAT(output_of("help evnts"), HasSubstr("did you mean events?"));
  EXPECT_THAT(output_of("help events lst"), HasSubstr("did you mean list?"));
  EXPECT_THAT(output_of("help doctor more"), HasSubstr("doctor has none of its own"));
  EXPECT_EQ(output_of("version"), output_of("--version"));
  EXPECT_EQ(output_of("version"), "plivo-dialctl " PLIVO_DIAL_VERSION "\n");
}

TEST(HelpOfTheProgram, HasTheFooterOfEachCommandAlone) {
  EXPECT_THAT(output_of("--help"), HasSubstr("plivo-dialctl help call"));
  EXPECT_THAT(output_of("events dead --help"), Not(HasSubstr("plivo-dialctl help call")));
}

}  // namespace
}  // namespace plivo_dial::ctl
