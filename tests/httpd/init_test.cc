// What plivo-dialctl init writes is a configuration that works.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kToken = "NDZjOGQ0YzVhYjE3NDRmNTk4YWJjZGVmMDEyMzQ1";

class InitOnServer : public testing::Test {
 protected:
  CommandResult dialctl(const std::vector<std::string>& arguments) const {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    return run_command(command);
  }

  // As a script does it.
  CommandResult init(const std::string& url, const std::vector<std::string>& more = {}) const {
    Command command;
    command.arguments = {"/bin/sh",
                         "-c",
                         "printf '%s\\n' MAXXXXXXXXXXXXXXXXXX \"$0\" | exec \"$@\"",
                         kToken,
                         PLIVO_DIALCTL_PROGRAM,
                         "init",
                         "+14155550199",
                         "--to",
                         "+14155550100 sendDigits=ww24,sip:alice@phone.plivo.com",
                         "--to",
                         "+14155550122",
                         "--timeout",
                         "15",
                         "--url",
                         url,
                         "--config",
                         httpd_.root() + "/conf/plivo-calls.conf",
                         "--token-file",
                         token_file()};
    command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    command.environment = {"PATH=/usr/bin:/bin"};
    return run_command(command);
  }

  std::string token_file() const { return httpd_.root() + "/conf/plivo/main.token"; }

  // `to` is the number that is called.
  CommandResult call(const std::string& path, const std::string& to) const {
    return dialctl({"call", "--url", "http://127.0.0.1:" + std::to_string(httpd_.port()) + path,
                    "--public-url", "https://pbx.example.com", "--token-file", token_file(), "--to",
                    to, "--outcome", "+14155550100=busy", "--outcome",
                    "sip:alice@phone.plivo.com=busy", "--outcome", "+14155550122=completed"});
  }

  HttpdServer httpd_;
};

constexpr const char* kInclude =
    "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\nInclude "
    "\"${ROOT}/conf/plivo-calls.conf\"\n";

TEST_F(InitOnServer, CallsAreForwarded) {
  const CommandResult written = init("https://pbx.example.com");
  ASSERT_EQ(written.exit_code, 0) << written.output;
  EXPECT_THAT(written.output, Not(HasSubstr(kToken)));
  const CommandResult judged = httpd_.configtest(kInclude, {"-D", "DUMP_PLIVO"});
  EXPECT_EQ(judged.exit_code, 0) << judged.output;
  EXPECT_THAT(judged.output, AllOf(HasSubstr("Syntax OK"), HasSubstr("dial: timeout=15")));
  httpd_.allow_log("PlivoDispatcher Off");
  ASSERT_TRUE(httpd_.start(kInclude));
  const CommandResult played = call("/dialstatus", "+14155550199");
  EXPECT_EQ(played.exit_code, 0) << played.output;
  EXPECT_THAT(played.output, AllOf(HasSubstr("busy"), HasSubstr("+14155550122")));
  const CommandResult other = call("/dialstatus", "+14155550198");
  EXPECT_EQ(other.exit_code, 0) << other.output;
  EXPECT_THAT(other.output, HasSubstr("This number is not in service."));
}

TEST_F(InitOnServer, WhatItWroteDoesNotKeepHttpdFromStartingWithoutTheModule) {
  HttpdServer bare({.load_plivo_dial = false});
  ASSERT_EQ(init("https://pbx.example.com").exit_code, 0);
  const CommandResult judged =
      bare.configtest("Include \"" + httpd_.root() + "/conf/plivo-calls.conf\"\n");
  EXPECT_EQ(judged.exit_code, 0) << judged.output;
}

TEST_F(InitOnServer, WhomNobodyAnswersLeavesAMessage) {
  ASSERT_EQ(init("https://pbx.example.com", {"--voicemail"}).exit_code, 0);
  httpd_.allow_log("PlivoDispatcher Off");
  ASSERT_TRUE(httpd_.start(kInclude));
  const CommandResult played =
      dialctl({"call", "--url", "http://127.0.0.1:" + std::to_string(httpd_.port()) + "/dialstatus",
               "--public-url", "https://pbx.example.com", "--token-file", token_file(), "--to",
               "+14155550199", "--outcome", "*=busy"});
  EXPECT_EQ(played.exit_code, 0) << played.output;
  EXPECT_THAT(played.output, AllOf(HasSubstr("Please leave a message"), HasSubstr("Record"),
                                   HasSubstr("/dialstatus/recording")));
}

TEST_F(InitOnServer, TheAnswerUrlIsTheOneThatWasGiven) {
  ASSERT_EQ(init("https://pbx.example.com/plivo/voice").exit_code, 0);
  httpd_.allow_log("PlivoDispatcher Off");
  ASSERT_TRUE(httpd_.start(kInclude));
  const CommandResult played = call("/plivo/voice", "+14155550199");
  EXPECT_EQ(played.exit_code, 0) << played.output;
}

TEST_F(InitOnServer, TellsAnOrdinaryUserBeforeAnythingIsAsked) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  // Where that user can reach it.
  httpd_.files().write_file("plivo-dialctl", read_file(PLIVO_DIALCTL_PROGRAM), 0755, true);
  Command command;
  command.arguments = {
      httpd_.root() + "/plivo-dialctl", "init", "+14155550199", "--to", "+14155550100", "--url",
      "https://pbx.example.com"};
  command.user = httpd_.files().user().uid;
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 2) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("run it with sudo"), Not(HasSubstr("Auth"))));
}

}  // namespace
}  // namespace plivo_dial::test
