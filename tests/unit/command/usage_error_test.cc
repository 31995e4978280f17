// What is said of a command line that is not understood.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "mod_plivo_dial/command/command.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using testing::Not;

// What is said of `line` by a program with the commands doctor and events status.
std::string text_for(const std::string& line) {
  Command app("plivo-dialctl", "");
  app.needs_command();
  std::string number;
  bool offline = false;
  Command& doctor = app.subcommand("doctor", "");
  doctor.option("NUMBER", number, "").required();
  doctor.flag("--offline", offline, "");
  Command& events = app.subcommand("events", "");
  events.needs_command();
  events.subcommand("status", "");
  Command& list = events.subcommand("list", "");
  list.option("--since", number, "");
  list.option("--state", number, "").one_of({"waiting", "dead"});
  std::vector<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) words.push_back(word);
  const Result<int, UsageError> ran = app.run(words);
  return ran ? "" : ran.error().message;
}

TEST(UsageError, NamesTheWordAndTheOneThatWasMeant) {
  EXPECT_EQ(text_for("docter"),
            "plivo-dialctl: there is no command \"docter\"; did you mean doctor? See plivo-dialctl "
            "--help.");
  EXPECT_EQ(text_for("events statu"),
            "plivo-dialctl events: there is no command \"statu\"; did you mean status? See "
            "plivo-dialctl events --help.");
  EXPECT_THAT(text_for("nothing"), HasSubstr("; there are: doctor events. See"));
}

TEST(UsageError, NamesTheCommandThatLacksSomething) {
  EXPECT_EQ(text_for("doctor"),
            "plivo-dialctl doctor: NUMBER is required. See plivo-dialctl doctor --help.");
  EXPECT_EQ(text_for("events"),
            "plivo-dialctl events: a command is missing; there are: status list. See plivo-dialctl "
            "events --help.");
  EXPECT_THAT(text_for("doctor 1 --x"), HasSubstr("there is no option --x"));
}

TEST(UsageError, ProposesTheOptionThatWasMeant) {
  EXPECT_EQ(text_for("events list --sicne 2h"),
            "plivo-dialctl events list: there is no option --sicne; did you mean --since? See "
            "plivo-dialctl events list --help.");
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

}  // namespace
}  // namespace plivo_dial
