// What the program shows on a terminal: colours, and help as wide as it is.
// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "mod_plivo_dial/ctl/findings.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// What the program writes to a terminal of so many columns.
std::string on_terminal(const std::vector<std::string>& arguments, unsigned short columns,
                        const std::vector<std::string>& environment = {}) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = columns;
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), PLIVO_DIALCTL);
    std::vector<char*> argv, envp;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::vector<std::string> variables = environment;
    variables.emplace_back("PATH=/usr/bin:/bin");
    for (std::string& variable : variables) envp.push_back(variable.data());
    envp.push_back(nullptr);
    execve(PLIVO_DIALCTL, argv.data(), envp.data());
    _exit(127);
  }
  std::string output;
  char part[4096];
  for (ssize_t got = 1; got > 0;) {
    got = read(terminal, part, sizeof part);  // EIO when the other end is closed
    if (got > 0) output.append(part, static_cast<std::size_t>(got));
  }
  close(terminal);
  int status = 0;
  waitpid(child, &status, 0);
  std::erase(output, '\r');
  return output;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST(Help, IsAsWideAsTheTerminal) {
  for (const unsigned short columns : std::initializer_list<unsigned short>{50, 79, 132}) {
    const std::string help = on_terminal({"call", "--help"}, columns);
    EXPECT_THAT(help, AllOf(HasSubstr("--outcome"), HasSubstr("Exit status")));
    EXPECT_LE(longest_line(help), columns);
    EXPECT_GT(longest_line(help), columns - 12U) << "and uses it";
  }
  EXPECT_LE(longest_line(on_terminal({"help", "events", "list"}, 200, {"COLUMNS=60"})), 60U);
  EXPECT_LE(longest_line(on_terminal({"--help"}, 0, {"COLUMNS=x"})), 80U);
}

TEST(Colours, AreForATerminalThatWantsThem) {
  const std::vector<std::string> doctor = {"doctor", "--httpd", "/bin/false"};
  EXPECT_THAT(on_terminal(doctor, 80, {"TERM=xterm"}), HasSubstr("\033[31mproblem"));
  EXPECT_THAT(on_terminal(doctor, 80, {"TERM=xterm", "NO_COLOR="}), HasSubstr("\033[31mproblem"));
  for (const char* plain : {"NO_COLOR=1", "TERM=dumb"}) {
    EXPECT_THAT(on_terminal(doctor, 80, {plain}),
                AllOf(HasSubstr("problem"), Not(HasSubstr("\033"))));
  }
  EXPECT_THAT(on_terminal({"doctor", "--httpd", "/bin/false", "--json"}, 80, {"TERM=xterm"}),
              Not(HasSubstr("\033")));
}

TEST(Colours, LeaveTheTextAsItIs) {
  Findings findings;
  add(findings, "module", Health::kOk, "good");
  add(findings, "spool", Health::kWarning, "open");
  add(findings, "handler", Health::kProblem, "none");
  add(findings, "rest", Health::kNotChecked, "later");
  std::string coloured = render_findings(findings, true);
  for (const Colour colour :
       {Colour::kGreen, Colour::kYellow, Colour::kRed, Colour::kCyan, Colour::kRed}) {
    const std::string start = painted(colour, "").substr(0, 5);
    EXPECT_TRUE(colour == Colour::kRed || coloured.find(start) != std::string::npos);
    for (const std::string& mark : {start, std::string("\033[0m")}) {
      for (std::size_t at = 0; (at = coloured.find(mark)) != std::string::npos;) {
        coloured.erase(at, mark.size());
      }
    }
  }
  EXPECT_EQ(coloured, render_findings(findings, false));
}

}  // namespace
}  // namespace plivo_dial::ctl
