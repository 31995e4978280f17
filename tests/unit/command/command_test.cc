// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mod_plivo_dial/command/completion.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// A program with one command, which runs.
class CommandLine : public testing::Test {
 protected:
  CommandLine() {
    program_.needs_command();
    program_.version("example 1");
    greet_.runs([this] { return ++runs_, status_; });
  }

  // The exit status; what is wrong, in its brief form, where there is none.
  std::string run(std::vector<std::string> words) {
    words.insert(words.begin(), "greet");
    const Result<int, UsageError> ran = program_.run(std::move(words));
    return ran ? std::to_string(*ran) : ran.error().brief;
  }

  Command program_{"example", "Greets people."};
  Command& greet_ = program_.subcommand("greet", "Say hello.");
  int status_ = 0;
  int runs_ = 0;
};

TEST_F(CommandLine, GivesTheStatusOfWhatRan) {
  status_ = 3;
  EXPECT_EQ(run({}), "3");
  EXPECT_EQ(run({}), "3") << "and once more";
  EXPECT_EQ(runs_, 2);
  EXPECT_THAT(run({"--unknown"}), HasSubstr("--unknown"));
  EXPECT_EQ(runs_, 2) << "what is not understood does not run";
}

TEST_F(CommandLine, ReadsEachKindOfValue) {
  std::string name;
  std::optional<std::string> title;
  std::optional<std::string> other;
  int times = 1;
  std::size_t limit = 1;
  bool loud = false;
  std::vector<std::string> words;
  std::vector<std::string> rest;
  greet_.option("--name", name, "");
  greet_.option("--title", title, "");
  greet_.option("--other", other, "");
  greet_.option("--times", times, "");
  greet_.option("--limit", limit, "");
  greet_.flag("--loud", loud, "");
  greet_.option("--word", words, "");
  greet_.option("REST", rest, "");
  EXPECT_EQ(run({"--name=a", "--title", "", "--times", "-2", "--limit", "7", "--loud", "--word",
                 "b", "c", "--word", "d", "e"}),
            "0");
  EXPECT_EQ(name, "a");
  EXPECT_EQ(title, "");
  EXPECT_EQ(other, std::nullopt);
  EXPECT_EQ(times, -2);
  EXPECT_EQ(limit, 7U);
  EXPECT_TRUE(loud);
  EXPECT_THAT(words, ElementsAre("b", "d")) << "one value each time";
  EXPECT_THAT(rest, ElementsAre("c", "e"));
}

TEST_F(CommandLine, RefusesWhatWasNotDeclared) {
  std::string name = "me";
  std::string nick;
  int times = 1;
  Option& first = greet_.option("--name", name, "").one_of({"me", "you"});
  greet_.option("--nick", nick, "").excludes(first).check([](const std::string& text) {
    return text.empty() ? std::string("no name") : std::string();
  });
  greet_.option("--times", times, "").range(1, 3).needs(first);
  EXPECT_THAT(run({"--name", "him"}), HasSubstr("him not in {me,you}"));
  EXPECT_THAT(run({"--nick", ""}), HasSubstr("no name"));
  EXPECT_THAT(run({"--nick", "x", "--name", "you"}), HasSubstr("--name excludes --nick"));
  EXPECT_THAT(run({"--times", "2"}), HasSubstr("--times requires --name"));
  EXPECT_THAT(run({"--times", "4", "--name", "you"}),
              AllOf(HasSubstr("--times"), HasSubstr("4 not in range")));
  EXPECT_EQ(runs_, 0);
  EXPECT_EQ(run({"--times", "3", "--name", "you"}), "0");
  EXPECT_TRUE(first.given());
}

TEST_F(CommandLine, TellsAMistakeByMessageAndStatus) {
  const Result<int, UsageError> ran = program_.run({"great"});
  ASSERT_FALSE(ran.ok());
  EXPECT_EQ(ran.error().message,
            "example: there is no command \"great\"; did you mean greet? See example --help.");
  EXPECT_THAT(ran.error().brief, testing::EndsWith("\nRun with --help for more information.\n"));
  EXPECT_GT(ran.error().status, 100);
}

TEST_F(CommandLine, PrintsHelpAndVersion) {
  std::string name = "you";
  greet_.option("--name", name, "To whom").shows_default().type_name("NAME").group("People");
  greet_.footer("Example: example greet");
  testing::internal::CaptureStdout();
  EXPECT_EQ(run({"--help"}), "0");
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_THAT(help, AllOf(HasSubstr("example greet [OPTIONS]"), HasSubstr("People:"),
                          HasSubstr("--name NAME"), HasSubstr("Example: example greet")));
  EXPECT_EQ(greet_.help(), help);
  testing::internal::CaptureStdout();
  EXPECT_TRUE(program_.run({"--version"}).ok());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "example 1\n");
  EXPECT_EQ(runs_, 0);
}

TEST_F(CommandLine, OffersWhatOptionsDeclare) {
  std::string value;
  greet_.option("--name", value, "").one_of({"me", "you"});
  greet_.option("--as", value, "").offers_behind_equals({"boss"});
  greet_.option("--from", value, "").type_name("FILE|-");
  Command& help = program_.subcommand("help", "");
  std::vector<std::string> words;
  help.option("COMMAND", words, "").type_name("").offers_commands();
  EXPECT_THAT(
      bash_completion(program_),
      AllOf(HasSubstr("_example() {\n"), HasSubstr("'greet --name') value=yes offer='me you'"),
            HasSubstr("'greet --as=') value=yes offer='boss'"),
            HasSubstr("'greet --from') value=yes files=-f"), HasSubstr("'help greet')"),
            HasSubstr("complete -F _example example\n")));
}

}  // namespace
}  // namespace plivo_dial
