// What the program says of itself, and of a command line that it does not understand.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace plivo_dial::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

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

TEST(HelpOfTheProgram, IsGivenForWhatItDoesNotUnderstand) {
  EXPECT_THAT(output_of("docter"), HasSubstr("did you mean doctor?"));
  EXPECT_THAT(output_of("doc"), HasSubstr("did you mean doctor?"));
  EXPECT_THAT(output_of("doctor --ofline"), HasSubstr("did you mean --offline?"));
  EXPECT_THAT(output_of("init +14155550199 --too +14155550100"), HasSubstr("did you mean --to?"));
  EXPECT_THAT(output_of(""), HasSubstr("a command is missing; there are: init doctor"));
  EXPECT_THAT(output_of("plan 1 \"$(printf '%s\\033' --x)\""),
              HasSubstr("no option --x\\x1b. See"));
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
