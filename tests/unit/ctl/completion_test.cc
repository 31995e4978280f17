// Completion, in the shells for which it is.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/commands.h"
#include "mod_plivo_dial/ctl/completion_command.h"
#include "tests/unit/ctl/command_runner.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

// Both outputs of a shell command, line by line, without blanks at their ends.
std::vector<std::string> lines_of(const std::string& command) {
  FILE* const program = popen((command + " 2>&1").c_str(), "r");
  std::string output;
  char part[4096];
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(part, 1, sizeof part, program);
    output.append(part, got);
  }
  pclose(program);
  std::vector<std::string> lines;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);) {
    while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

class Completion : public testing::Test {
 public:
  // What bash offers behind `words`, each of which is quoted; the last one is what is typed.
  std::vector<std::string> offered(const std::string& words) const {
    const std::string script = files_.write("plivo-dialctl", bash_completion(*app_));
    const std::string trial = files_.write(
        "trial", "cd /; . " + script + "\nCOMP_WORDS=(plivo-dialctl " + words +
                     ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_plivo_dialctl\n"
                     "((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    return lines_of("bash --norc " + trial);
  }

  // What zsh makes of `line`.
  std::vector<std::string> completed(const std::string& line) const {
    const std::string script = files_.write("_plivo-dialctl", zsh_completion(*app_));
    const std::string directory = script.substr(0, script.rfind('/'));
    return lines_of("timeout 60 zsh -f '" ZSH_COMPLETION_TRIAL "' '" + directory + "' '" + line +
                    "'");
  }

 protected:
  void SetUp() override { app_ = make_application(); }

  std::unique_ptr<Command> app_;
  TemporaryFiles files_;
};

class CompletionOfZsh : public Completion {
 protected:
  void SetUp() override {
    Completion::SetUp();
    if (access("/usr/bin/zsh", X_OK) != 0) GTEST_SKIP() << "there is no zsh";
  }
};

TEST_F(Completion, OffersEachCommandAndEachOption) {
  struct Walk {
    const Completion& test;
    std::size_t commands = 0;
    void visit(const Command& command, const std::string& path) {
      ++commands;
      const auto below = command.commands();
      if (!below.empty()) {
        std::vector<std::string> names;
        for (const Command* sub : below) names.push_back(sub->name());
        EXPECT_THAT(test.offered(path + " ''"), testing::UnorderedElementsAreArray(names));
      }
      std::vector<std::string> options;
      for (const Option* option : command.options()) {
        for (const std::string& name : option->long_names()) options.push_back(name);
      }
      EXPECT_THAT(test.offered(path + " --"), testing::UnorderedElementsAreArray(options)) << path;
      for (const Command* sub : below) visit(*sub, path + " " + sub->name());
    }
  } walk{*this};
  walk.visit(*app_, "");
  EXPECT_GT(walk.commands, 18U);
}

TEST_F(Completion, OffersWhatIsBegun) {
  EXPECT_THAT(offered("ev"), ElementsAre("events"));
  EXPECT_THAT(offered("events l"), ElementsAre("list"));
  EXPECT_THAT(offered("events dead re"), ElementsAre("retry"));
  EXPECT_THAT(offered("call --ou"), ElementsAre("--outcome"));
  EXPECT_THAT(offered("compile --dr"), ElementsAre("--dry-run"));
  EXPECT_THAT(offered("map ch"), ElementsAre("check"));
  EXPECT_THAT(offered("call --ch"), ElementsAre("--chaos"));
  EXPECT_THAT(offered("nothing-like-it"), IsEmpty());
  EXPECT_THAT(offered("nothing-like-it ''"), IsEmpty()) << "nothing is behind it";
  EXPECT_THAT(offered("events lits ''"), IsEmpty());
}

TEST_F(Completion, OffersTheValuesOfAnOption) {
  EXPECT_THAT(offered("events list --state ''"),
              UnorderedElementsAre("waiting", "delivered", "dead"));
  EXPECT_THAT(offered("events list --state = wa"), ElementsAre("waiting")) << "bash's three words";
  EXPECT_THAT(offered("events list --state ="), IsSupersetOf({"waiting", "dead"}));
  EXPECT_THAT(offered("events list --state=wa"), ElementsAre("--state=waiting"))
      << "without = in COMP_WORDBREAKS";
  EXPECT_THAT(offered("call --direction in"), ElementsAre("inbound"));
  EXPECT_THAT(offered("call --report han"), ElementsAre("hangup"));
  EXPECT_THAT(offered("call --report hangup = ht"), IsEmpty()) << "a URL that only the user knows";
  EXPECT_THAT(offered("call --outcome '*' = bu"), ElementsAre("busy"));
  EXPECT_THAT(offered("call --outcome +14155550100 ="), IsSupersetOf({"busy", "no-answer"}));
  EXPECT_THAT(offered("call --outcome +14155550100=bu"), ElementsAre("+14155550100=busy"));
  EXPECT_THAT(offered("doctor --httpd /bin/ech"), Contains("/bin/echo"));
  EXPECT_THAT(offered("events status --spool /us"), Contains("/usr"));
  EXPECT_THAT(offered("map check /bin/ech"), Contains("/bin/echo"));
  EXPECT_THAT(offered("events list --sink ''"), IsEmpty()) << "a name that only the user knows";
}

TEST_F(Completion, KnowsACommandFromAValue) {
  EXPECT_THAT(offered("events list --sink dead --st"), ElementsAre("--state"));
  EXPECT_THAT(offered("call --to doctor --ou"), ElementsAre("--outcome"));
  EXPECT_THAT(offered("events hook-test -- /bin/ech"), Contains("/bin/echo"));
  EXPECT_THAT(offered("help events"), AllOf(Contains("events"), Not(Contains("--version"))));
  EXPECT_THAT(offered("help events l"), ElementsAre("list"));
  EXPECT_THAT(offered("help events dead ''"), UnorderedElementsAre("list", "retry", "drop"));
  EXPECT_THAT(offered("help doctor ''"), IsEmpty());
  EXPECT_THAT(offered("completion ''"), UnorderedElementsAre("bash", "zsh"));
}

TEST_F(Completion, IsPrintedByTheProgram) {
  const Ran bash = run_subcommand(add_completion_command, "completion", {"bash"});
  EXPECT_EQ(bash.status, 0);
  EXPECT_THAT(bash.out, testing::HasSubstr("complete -F _plivo_dialctl plivo-dialctl\n"));
  EXPECT_THAT(lines_of(PLIVO_DIALCTL " completion zsh"), Contains("#compdef plivo-dialctl"));
  EXPECT_THAT(run_subcommand(add_completion_command, "completion", {"fish"}).err,
              testing::HasSubstr("fish not in {bash,zsh}"));
}

// A zsh of its own for each line takes its time: few to a test.
TEST_F(CompletionOfZsh, CompletesCommands) {
  EXPECT_THAT(completed("plivo-dialctl ev"), ElementsAre("plivo-dialctl events"));
  EXPECT_THAT(completed("plivo-dialctl events dead re"),
              ElementsAre("plivo-dialctl events dead retry"));
  EXPECT_THAT(completed("plivo-dialctl help doc"), ElementsAre("plivo-dialctl help doctor"));
  EXPECT_THAT(completed("plivo-dialctl help events dead re"),
              ElementsAre("plivo-dialctl help events dead retry"));
}

TEST_F(CompletionOfZsh, CompletesOptionsAndFiles) {
  EXPECT_THAT(completed("plivo-dialctl events list --sta"),
              ElementsAre("plivo-dialctl events list --state"));
  EXPECT_THAT(completed("plivo-dialctl doctor --httpd /bin/fals"),
              ElementsAre("plivo-dialctl doctor --httpd /bin/false"));
}

TEST_F(CompletionOfZsh, CompletesValues) {
  EXPECT_THAT(completed("plivo-dialctl events list --state wa"),
              ElementsAre("plivo-dialctl events list --state waiting"));
  EXPECT_THAT(completed("plivo-dialctl events list --state=wa"),
              ElementsAre("plivo-dialctl events list --state=waiting"));
  EXPECT_THAT(completed("plivo-dialctl completion z"), ElementsAre("plivo-dialctl completion zsh"));
}

}  // namespace
}  // namespace plivo_dial::ctl
