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
  app.add_subcommand("doctor")->add_option("NUMBER", number)->required();
  CLI::App* events = app.add_subcommand("events");
  events->require_subcommand(1);
  events->add_subcommand("status");
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
  EXPECT_THAT(text_for("events"), HasSubstr("plivo-dialctl events: A subcommand is required."));
  EXPECT_THAT(text_for("doctor 1 --x\x1b"),
              testing::AllOf(HasSubstr("not expected: --x"), Not(HasSubstr("\x1b"))));
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
}

TEST(HelpOfTheProgram, HasTheFooterOfEachCommandAlone) {
  EXPECT_THAT(output_of("--help"), HasSubstr("plivo-dialctl call --help"));
  EXPECT_THAT(output_of("events dead --help"), Not(HasSubstr("plivo-dialctl call --help")));
}

}  // namespace
}  // namespace plivo_dial::ctl
