// SPDX-License-Identifier: Apache-2.0
// What apachectl configtest lets pass in lines of PlivoOn, but warns of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/configuration_mistake.h"
#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string said_of_plan(const std::string& directives) {
  HttpdServer server;
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n" + in_location(directives));
  EXPECT_EQ(result.exit_code, 0) << result.output;
  return result.output;
}

TEST(FollowUpWarning, LinesThatNobodyAsksFor) {
  const std::string line = "\nPlivoOn busy hangup";
  EXPECT_THAT(said_of_plan("PlivoDial +14155550100 action=https://elsewhere.example.com/a" + line),
              HasSubstr("Plivo asks action=https://elsewhere.example.com/a what follows"));
  EXPECT_THAT(said_of_plan(
                  "PlivoDial +14155550100 action=https://pbx.example.com/dialstatus/action" + line),
              Not(HasSubstr("Plivo asks")));
  EXPECT_THAT(said_of_plan("PlivoDial +14155550100 action=https://elsewhere.example.com/a"),
              Not(HasSubstr("Plivo asks")));
}

TEST(FollowUpWarning, RedirectToTheStartOfThePlan) {
  const std::string dial = "PlivoDial +14155550100\nPlivoOn any redirect=https://";
  EXPECT_THAT(said_of_plan(dial + "pbx.example.com/dialstatus"), HasSubstr("again and again"));
  EXPECT_THAT(said_of_plan(dial + "elsewhere.example.com/dialstatus"), Not(HasSubstr("again")));
}

TEST(FollowUpWarning, NoneOfLinesThatNumbersInherit) {
  EXPECT_THAT(said_of_plan("PlivoOn busy hangup\n"
                           "<PlivoNumber +14155550199>\nPlivoDial +14155550100\n</PlivoNumber>\n"
                           "<PlivoNumber +14155550198>\nPlivoSpeak Closed\n</PlivoNumber>"),
              Not(HasSubstr("PlivoOn")));
}

}  // namespace
}  // namespace plivo_dial::test
