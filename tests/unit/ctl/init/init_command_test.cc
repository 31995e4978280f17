// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_command.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/command_runner.h"
#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// As long as Plivo's are.
constexpr const char* kInitToken = "NDZjOGQ0YzVhYjE3NDRmNTk4YWJjZGVmMDEyMzQ1";
constexpr const char* kShortInitToken = "NDZjOGQ0YzVhYjE3NDRmNTk4";
constexpr const char* kAuthId = "MAXXXXXXXXXXXXXXXXXX";

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class InitCommand : public testing::Test {
 protected:
  std::vector<std::string> arguments(std::vector<std::string> more = {}) const {
    std::vector<std::string> all = {"+14155550199",
                                    "--to",
                                    "+14155550100,+14155550122",
                                    "--url",
                                    "https://pbx.example.com",
                                    "--config",
                                    configuration_,
                                    "--token-file",
                                    token_file_};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ran run(std::vector<std::string> more, const std::string& input) const {
    return run_subcommand(add_init_command, "init", arguments(std::move(more)), input);
  }

  TemporaryFiles files_;
  std::string directory_ = fs::path(files_.write("other", "")).lexically_normal().parent_path();
  std::string configuration_ = directory_ + "/plivo-calls.conf";
  std::string token_file_ = directory_ + "/plivo/main.token";
};

TEST_F(InitCommand, WritesBothFilesAndTellsWhatIsNext) {
  const Ran ran = run({}, std::string(kAuthId) + "\n" + kInitToken + "\nmore\n");
  ASSERT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_EQ(content(token_file_), std::string(kInitToken) + "\n");
  struct stat status {};
  ASSERT_EQ(stat(token_file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_THAT(content(configuration_),
              AllOf(HasSubstr("PlivoPublicURL https://pbx.example.com\n"),
                    HasSubstr("PlivoAccount main MAXXXXXXXXXXXXXXXXXX \"file:" + token_file_),
                    HasSubstr("<PlivoNumber +14155550199>"),
                    HasSubstr("PlivoDial +14155550100 +14155550122 timeout=20\n")));
  EXPECT_THAT(ran.out, AllOf(HasSubstr("answer URL    https://pbx.example.com/dialstatus\n"),
                             HasSubstr("plivo-dialctl call --url http://127.0.0.1/dialstatus "
                                       "--public-url https://pbx.example.com --token-file " +
                                       token_file_ + " --to +14155550199"),
                             HasSubstr("apachectl configtest")));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(kInitToken)));
  EXPECT_EQ(ran.err, "");
}

TEST_F(InitCommand, RefusesAnswersWithoutShowingThem) {
  for (const std::string& input :
       {std::string(kInitToken) + "\n" + kAuthId + "\n", std::string(kAuthId) + "\n\n",
        std::string(kAuthId) + "\n", std::string(kAuthId) + "\n" + kInitToken + "\x7f\n",
        std::string(kAuthId) + "\n" + std::string(5000, 'x') + kInitToken + "\n", std::string()}) {
    const Ran ran = run({}, input);
    EXPECT_EQ(ran.status, kExitUsage) << input;
    EXPECT_NE(ran.err, "");
    EXPECT_THAT(ran.out + ran.err, Not(HasSubstr(kInitToken)));
    EXPECT_FALSE(fs::exists(configuration_));
    EXPECT_FALSE(fs::exists(directory_ + "/plivo"));
  }
}

TEST_F(InitCommand, WarnsOfATokenOfAnotherLength) {
  for (const std::string& token : {std::string(kShortInitToken), kInitToken + std::string("x")}) {
    const Ran ran = run({"--auth-id", kAuthId, "--force"}, token + "\n");
    EXPECT_EQ(ran.status, kExitOk) << ran.err;
    EXPECT_THAT(ran.err, AllOf(HasSubstr("warning: "),
                               HasSubstr("has " + std::to_string(token.size()) + " characters"),
                               HasSubstr("tokens have 40"), Not(HasSubstr(token))));
    EXPECT_EQ(content(token_file_), token + "\n") << "a script is not asked again";
  }
}

TEST_F(InitCommand, AsksPlivoOnlyByWhatNobodyOverhears) {
  const Ran open = run({"--plivo", "--plivo-api", "http://api.plivo.com"}, "");
  EXPECT_EQ(open.status, kExitUsage);
  EXPECT_THAT(open.err, AllOf(HasSubstr("--plivo-api"), HasSubstr("write https")));
  EXPECT_EQ(run({"--plivo", "--dry-run"}, "").status, kExitUsage) << "it asks nothing";
}

TEST_F(InitCommand, SaysThatPlivoDidNotAnswerAndWritesAllTheSame) {
  const ClosedPort closed;
  const Ran ran = run({"--auth-id", kAuthId, "--plivo", "--plivo-api", closed.url("")},
                      std::string(kInitToken) + "\n");
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("What Plivo has now:\n    not checked"),
                             HasSubstr("look at the firewall"), Not(HasSubstr(kInitToken))));
  EXPECT_TRUE(fs::exists(token_file_));
}

TEST_F(InitCommand, WritesNothingWithATokenThatPlivoRefuses) {
  LoopbackServer plivo(
      "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  const Ran ran = run({"--auth-id", kAuthId, "--plivo", "--plivo-api", plivo.url("")},
                      std::string(kInitToken) + "\n");
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("refuses the Auth Token"), HasSubstr("nothing was changed")));
  EXPECT_FALSE(fs::exists(token_file_));
  EXPECT_THAT(plivo.request(),
              AllOf(HasSubstr("GET /v1/Account/MAXXXXXXXXXXXXXXXXXX/Number/14155550199/ HTTP"),
                    HasSubstr("Authorization: Basic "), Not(HasSubstr(kInitToken))));
}

TEST_F(InitCommand, ReplacesNothingUnlessForced) {
  files_.write("plivo-calls.conf", "mine\n");
  const std::string input = std::string(kInitToken) + "\n";
  const Ran refused = run({"--auth-id", kAuthId}, input);
  EXPECT_EQ(refused.status, kExitNotWritten);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(configuration_), HasSubstr("--force")));
  EXPECT_EQ(content(configuration_), "mine\n");
  EXPECT_FALSE(fs::exists(token_file_));
  const Ran forced = run({"--auth-id", kAuthId, "--force"}, input);
  EXPECT_EQ(forced.status, kExitOk) << forced.err;
  EXPECT_THAT(content(configuration_), HasSubstr("PlivoDial"));
  EXPECT_THAT(forced.out, HasSubstr(configuration_ + ".bak"));
  EXPECT_EQ(content(configuration_ + ".bak"), "mine\n");
  const Ran again = run({"--auth-id", kAuthId, "--force"}, input);
  EXPECT_EQ(again.status, kExitOk) << again.err;
  EXPECT_FALSE(fs::exists(token_file_ + ".bak")) << "a token has no copies";
}

TEST_F(InitCommand, LeavesNoTokenWhereTheConfigurationCannotBeWritten) {
  configuration_ = directory_ + "/no/such/directory.conf";
  const Ran ran = run({"--auth-id", kAuthId}, std::string(kInitToken) + "\n");
  EXPECT_EQ(ran.status, kExitNotWritten);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("\"" + directory_ + "/no\" does not exist"),
                             HasSubstr("nothing was written")));
  EXPECT_FALSE(fs::exists(directory_ + "/plivo"));
}

TEST_F(InitCommand, LeavesNoTokenWhereOthersCouldReplaceIt) {
  ASSERT_EQ(chmod(directory_.c_str(), 0777), 0);
  const Ran ran = run({"--auth-id", kAuthId}, std::string(kInitToken) + "\n");
  EXPECT_EQ(ran.status, kExitNotWritten);
  EXPECT_THAT(ran.err, HasSubstr("can be replaced by others"));
  EXPECT_FALSE(fs::exists(directory_ + "/plivo"));
  EXPECT_FALSE(fs::exists(configuration_));
}

TEST_F(InitCommand, OnlyTellsInADryRun) {
  const Ran ran = run({"--dry-run"}, "");
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("Would write"), HasSubstr("PlivoDial +14155550100")));
  EXPECT_FALSE(fs::exists(configuration_));
  EXPECT_FALSE(fs::exists(directory_ + "/plivo"));
}

TEST_F(InitCommand, TellsInADryRunThatFilesAreThere) {
  files_.write("plivo-calls.conf", "mine\n");
  const Ran ran = run({"--dry-run"}, "");
  EXPECT_EQ(ran.status, kExitNotWritten);
  EXPECT_THAT(ran.out, HasSubstr("Would write"));
  EXPECT_THAT(ran.err, AllOf(HasSubstr(configuration_), HasSubstr("is there already")));
  EXPECT_EQ(run({"--dry-run", "--force"}, "").status, kExitOk);
}

TEST_F(InitCommand, RefusesOneFileForTokenAndConfiguration) {
  token_file_ = directory_ + "/plivo/../plivo-calls.conf";
  const Ran ran = run({"--auth-id", kAuthId, "--force"}, std::string(kInitToken) + "\n");
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("--config and --token-file both name"));
  EXPECT_FALSE(fs::exists(configuration_));
}

TEST_F(InitCommand, WarnsOfAnotherConfigurationBesideIt) {
  EXPECT_EQ(run({"--dry-run"}, "").err, "");
  files_.write("shop.conf", "<IfModule x>\n    PlivoAccount main MAX file:/t\n</IfModule>\n");
  EXPECT_THAT(run({"--dry-run"}, "").err, HasSubstr(directory_ + "/shop.conf"));
}

TEST_F(InitCommand, RefusesToForwardANumberToItself) {
  const Ran ran = run({"--to", "+14155550111,+14155550199", "--dry-run"}, "");
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--to"), HasSubstr("is the number that is called")));
}

TEST_F(InitCommand, HasVoicemailWhereItIsAskedFor) {
  EXPECT_THAT(run({"--dry-run"}, "").out, Not(HasSubstr("PlivoVoicemail")));
  EXPECT_THAT(run({"--dry-run", "--voicemail"}, "").out,
              HasSubstr("            PlivoVoicemail On\n"));
}

TEST_F(InitCommand, WarnsOfHttp) {
  std::vector<std::string> words = arguments({"--dry-run"});
  words[4] = "http://pbx.example.com";
  EXPECT_THAT(run_subcommand(add_init_command, "init", words).err, HasSubstr("is not https"));
}

// The program at a terminal of its own.
class AtTerminal : public InitCommand {
 protected:
  void SetUp() override {
    start({"--auth-id", kAuthId});
    ASSERT_TRUE(read_until("Auth Token"));
  }
  void start(const std::vector<std::string>& more) {
    std::vector<std::string> words = arguments(more);
    words.insert(words.begin(), {PLIVO_DIALCTL, "init"});
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
    ASSERT_GE(pid_, 0);
    if (pid_ == 0) {
      execv(pointers[0], pointers.data());
      _exit(127);
    }
    // Our side keeps the terminal when the program has ended, to look at its state.
    slave_ = open(ptsname(terminal_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_GE(slave_, 0);
  }
  void TearDown() override {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(terminal_);
    close(slave_);
  }

  bool shows_input() const {
    termios state = {};
    EXPECT_EQ(tcgetattr(slave_, &state), 0);
    return (state.c_lflag & ECHO) != 0;
  }
  // Collects what the terminal shows until `text` is in it; false after ten silent seconds.
  bool read_until(const std::string& text) {
    while (shown_.find(text) == std::string::npos) {
      pollfd ready{terminal_, POLLIN, 0};
      if (poll(&ready, 1, 10'000) <= 0) return false;
      char part[512];
      const ssize_t got = read(terminal_, part, sizeof part);
      if (got <= 0) return false;
      shown_.append(part, static_cast<std::size_t>(got));
    }
    return true;
  }
  void type(const std::string& text) const {
    ASSERT_EQ(write(terminal_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  int wait_for_end() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return status;
  }

  pid_t pid_ = -1;
  int terminal_ = -1;
  int slave_ = -1;
  std::string shown_;
};

TEST_F(AtTerminal, TheTokenIsNotShown) {
  EXPECT_FALSE(shows_input());
  type(std::string(kInitToken) + "\n");
  EXPECT_TRUE(read_until("LoadModule plivo_dial_module."));
  const int status = wait_for_end();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << shown_;
  EXPECT_THAT(shown_, Not(HasSubstr(kInitToken)));
  EXPECT_TRUE(shows_input());
  EXPECT_EQ(content(token_file_), std::string(kInitToken) + "\n");
}

TEST_F(AtTerminal, ATokenOfAnotherLengthIsAskedForAgain) {
  type(std::string(kShortInitToken) + "\n");
  ASSERT_TRUE(read_until("or Enter to keep")) << shown_;
  EXPECT_THAT(shown_, HasSubstr("has 24 characters"));
  EXPECT_FALSE(shows_input());
  type(std::string(kInitToken) + "\n");
  EXPECT_TRUE(read_until("LoadModule plivo_dial_module."));
  EXPECT_EQ(wait_for_end(), 0) << shown_;
  EXPECT_EQ(content(token_file_), std::string(kInitToken) + "\n");
  EXPECT_THAT(shown_, AllOf(Not(HasSubstr(kInitToken)), Not(HasSubstr(kShortInitToken))));
}

TEST_F(AtTerminal, ATokenOfAnotherLengthIsKeptByEnter) {
  type(std::string(kShortInitToken) + "\n");
  ASSERT_TRUE(read_until("or Enter to keep")) << shown_;
  type("\n");
  EXPECT_TRUE(read_until("LoadModule plivo_dial_module."));
  EXPECT_EQ(wait_for_end(), 0) << shown_;
  EXPECT_EQ(content(token_file_), std::string(kShortInitToken) + "\n");
}

TEST_F(AtTerminal, WhatCanBeNoTokenIsAskedForThreeTimes) {
  type(std::string(kAuthId) + "\n");
  ASSERT_TRUE(read_until("is the same as the Auth ID")) << shown_;
  ASSERT_TRUE(read_until("console\r\nAuth Token (")) << shown_;
  type("\"" + std::string(kInitToken) + "\"\n");
  ASSERT_TRUE(read_until("has quotes around the token")) << shown_;
  ASSERT_TRUE(read_until("leave them out\r\nAuth Token (")) << shown_;
  type("\n");
  const int status = wait_for_end();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == kExitUsage) << status;
  EXPECT_FALSE(fs::exists(token_file_));
}

class AtTerminalWithoutAuthId : public AtTerminal {
 protected:
  void SetUp() override { start({}); }
};

TEST_F(AtTerminalWithoutAuthId, IsAskedForItAgainAndToldOfItsLength) {
  ASSERT_TRUE(read_until("Auth ID (on")) << shown_;
  type("my account\n");
  ASSERT_TRUE(read_until("is no Auth ID")) << shown_;
  ASSERT_TRUE(read_until("first page\r\nAuth ID (on")) << shown_;
  type("MAXXXXXXX\n");
  ASSERT_TRUE(read_until("the Auth ID has 9 characters, and Plivo's have 20")) << shown_;
  EXPECT_TRUE(read_until("Auth Token (")) << shown_;
}

TEST_F(AtTerminal, IsItselfAgainAfterAnInterruption) {
  type(std::string(kInitToken) + "\x03");  // Ctrl-C
  const int status = wait_for_end();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
  EXPECT_TRUE(shows_input());
  EXPECT_FALSE(fs::exists(token_file_));
}

TEST_F(AtTerminal, IsItselfAgainAfterATermination) {
  ASSERT_EQ(kill(pid_, SIGTERM), 0);
  const int status = wait_for_end();
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM) << status;
  EXPECT_TRUE(shows_input());
}

}  // namespace
}  // namespace plivo_dial::ctl
