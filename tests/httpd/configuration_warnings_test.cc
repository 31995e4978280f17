// SPDX-License-Identifier: Apache-2.0
// What apachectl configtest lets pass, but warns of: each row is a configuration, and the words
// that must be in the warning, with the line that has to change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/httpd_server.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kServer = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
PlivoSignature Off
)";

std::string warnings_of(const std::string& configuration) {
  HttpdServer server;
  const CommandResult result = server.configtest(kServer + configuration);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  return result.output;
}

TEST(ConfigurationWarning, RedirectFalseBeforeAnotherStage) {
  const std::string stages = "PlivoDial +14155550100 redirect=false\nPlivoDial +14155550122\n";
  const std::string open = "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n";
  EXPECT_THAT(warnings_of(open + stages + "</Location>\n"),
              HasSubstr("redirect=false and a stage"));
  EXPECT_THAT(
      warnings_of(open + "<PlivoNumber +14155550199>\n" + stages + "</PlivoNumber>\n</Location>\n"),
      HasSubstr("redirect=false and a stage"));
}

TEST(ConfigurationWarning, NumberThatIsForwardedToItself) {
  const std::string open =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "<PlivoNumber default>\nPlivoDial +14155550199\n</PlivoNumber>\n";
  const std::string itself = "calls the number again";
  EXPECT_THAT(warnings_of(open + "<PlivoNumber +14155550198 +14155550199>\nPlivoDial +14155550100 "
                                 "+14155550199\n</PlivoNumber>\n</Location>\n"),
              HasSubstr("PlivoDial +14155550199 in <PlivoNumber +14155550199>: each call"));
  EXPECT_THAT(warnings_of(open + "<PlivoNumber +14155550198>\nPlivoDial +14155550199\n"
                                 "</PlivoNumber>\n</Location>\n"),
              Not(HasSubstr(itself)));
}

TEST(ConfigurationWarning, WhatTheUnitOfAnExternalDispatcherMayNotWrite) {
  const std::string location =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "PlivoDial +14155550100\n</Location>\n";
  const std::string sink = "PlivoEventSink archive \"file:${ROOT}/events/all.json\"\n" + location;
  EXPECT_THAT(warnings_of("PlivoDispatcher External\n" + sink),
              AllOf(HasSubstr("PlivoEventSink archive: with PlivoDispatcher External"),
                    HasSubstr("/events\n"), HasSubstr("PlivoSpool: with")));
  const std::string words = "ReadWritePaths";
  EXPECT_THAT(warnings_of("PlivoDispatcher External \"${ROOT}/run/own.json\"\n" + sink),
              Not(HasSubstr(words)));
  EXPECT_THAT(warnings_of(sink), Not(HasSubstr(words)));
  EXPECT_THAT(warnings_of("PlivoDispatcher External\n"
                          "PlivoEventSink archive file:/var/log/plivo-dial/all.json\n"
                          "PlivoEventSink log syslog:local0\n" +
                          location),
              Not(HasSubstr("PlivoEventSink")));
}

TEST(ConfigurationWarning, RedirectFalseBeforeVoicemail) {
  EXPECT_THAT(
      warnings_of("PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
                  "PlivoDial +14155550100 redirect=false\nPlivoVoicemail On\n</Location>\n"),
      HasSubstr("PlivoVoicemail is never reached"));
}

TEST(ConfigurationWarning, VoicemailAloneIsAPlan) {
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
                          "PlivoVoicemail On\n</Location>\n"),
              testing::Not(HasSubstr("no plan")));
}

TEST(ConfigurationWarning, PublicUrlWithoutTlsNamesItsOwnLine) {
  const std::string location =
      "<Location \"/d\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n";
  HttpdServer server;
  const CommandResult result =
      server.configtest(kServer + ("PlivoPublicURL http://pbx.example.com\n" + location));
  const std::string text = read_file(server.root() + "/conf/httpd.conf");
  const auto line =
      1 +
      std::count(text.begin(), text.begin() + static_cast<long>(text.find("PlivoPublicURL")), '\n');
  EXPECT_THAT(result.output, HasSubstr("httpd.conf:" + std::to_string(line) +
                                       ": PlivoPublicURL http://pbx.example.com is not https"));
  EXPECT_THAT(warnings_of("PlivoPublicURL http://127.0.0.1:8080\n" + location),
              Not(HasSubstr("is not https")));
}

TEST(ConfigurationWarning, PublicUrlWithThePathOfTheLocation) {
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h/dial\n<Location \"/dial\">\n"
                          "SetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n"),
              HasSubstr("warning: "));
  EXPECT_THAT(warnings_of("PlivoPublicURL https://h/dial\n<Location \"/dial\">\n"
                          "SetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n"),
              HasSubstr("https://h/dial/dial/action; write https://h"));
}

TEST(ConfigurationWarning, PlanWithoutHandler) {
  const std::string plan = "PlivoPublicURL https://h\n<Location \"/d\">\nPlivoDial +14155550100\n";
  const char* const words = "has a plan, but no SetHandler plivo-dial";
  EXPECT_THAT(warnings_of(plan + "</Location>\n"), HasSubstr(words));
  EXPECT_THAT(warnings_of(plan + "SetHandler plivo_dial\n</Location>\n"), HasSubstr(words));
  EXPECT_THAT(warnings_of(plan + "SetHandler plivo-dial\n</Location>\n"), Not(HasSubstr(words)));
}

TEST(ConfigurationWarning, NoPlanForOtherNumbers) {
  const std::string numbers =
      "PlivoPublicURL https://h\n<Location \"/d\">\nSetHandler plivo-dial\n"
      "<PlivoNumber +14155550199>\nPlivoDial +14155550100\n</PlivoNumber>\n";
  EXPECT_THAT(warnings_of(numbers + "</Location>\n"), HasSubstr("add <PlivoNumber default>"));
  EXPECT_THAT(warnings_of(numbers + "<PlivoNumber Default>\nPlivoSpeak \"Not in service\"\n"
                                    "</PlivoNumber>\n</Location>\n"),
              Not(HasSubstr("no plan")));
}

TEST(ConfigurationWarning, HandlerWithoutPlan) {
  EXPECT_THAT(warnings_of("<Location \"/d\">\nSetHandler plivo-dial\n</Location>\n"),
              HasSubstr("<Location \"/d\"> has SetHandler plivo-dial and no plan"));
  EXPECT_THAT(warnings_of("<Location \"/d\">\nSetHandler plivo-dial\nPlivoEndpoint hangup\n"
                          "</Location>\n"),
              Not(HasSubstr("no plan")));
  EXPECT_THAT(warnings_of("<Location \"/d\">\nPlivoSpeak Hello\n</Location>\n"
                          "<Location \"/d/e\">\nSetHandler plivo-dial\n</Location>\n"),
              Not(HasSubstr("no plan")));
}

}  // namespace
}  // namespace plivo_dial::test
