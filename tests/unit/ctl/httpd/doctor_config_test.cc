// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/doctor_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ctl/httpd/dump_sample.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kDump = R"(Plivo configuration:
  user www-data
  spool /var/lib/plivo-dial, keeps 100 bytes free, waits 5 s for the disk, failure serve  (built in)
  status file /run/apache2/plivo-dial.0a1b2c3d.status
  dispatcher On /usr/sbin/plivo-diald  (built in)
  sink syslog: syslog at /dev/log  (built in)
  main server <Location "/dialstatus">  (/etc/apache2/conf-enabled/plivo-calls.conf:9)
    endpoint answer, public URL https://pbx.example.com, signature Require, largest body 65536 bytes
    reached at 127.0.0.1:80, [::1]:8080
    account main MAXXXXXXXXXXXXXXXXXX, token in /etc/apache2/plivo/main.token  (/etc/a.conf:7)
    account shop SAXXXXXXXXXXXXXXXXXX, token in /etc/shop, previous token in /etc/old  (/etc/a.conf:8)
    plan /dialstatus  (/etc/apache2/conf-enabled/plivo-calls.conf:11)
      stage 1  (/etc/apache2/conf-enabled/plivo-calls.conf:11)
        +14155550100
        dial: timeout=20 action=https://pbx.example.com/own/action#rc=1 callerName=A callbackUrl=x
    plan +14155550199  (/etc/apache2/conf-enabled/plivo-calls.conf:14)
      speak "Write action=https://pbx.example.com/no down."
      every dial: action=https://pbx.example.com/own/action confirmSound=https://a.example.com/c
      nobody reached: voicemail  (/etc/a.conf:15)
        record action=https://pbx.example.com/own/action maxLength=20
    plan +442071838750  (/etc/apache2/conf-enabled/plivo-calls.conf:20)
    plan /dialstatus default  (/etc/apache2/conf-enabled/plivo-calls.conf:22)
  pbx.example.com:443 <Location "/flow">  (/etc/a.conf:20)
    endpoint event, public URL none, signature Off, largest body 65536 bytes
    reached at no address
    no SetHandler plivo-dial: requests do not reach the module
    event secret in /etc/flow.secret, sent as bearer token or basic password  (/etc/a.conf:22)
Syntax OK
)";

TEST(DoctorDump, IsRead) {
  const DumpedConfig config = parse_dump(kDump);
  EXPECT_TRUE(config.used);
  EXPECT_EQ(config.user, "www-data");
  EXPECT_EQ(config.spool, "/var/lib/plivo-dial");
  EXPECT_EQ(config.dispatcher, "On");
  EXPECT_EQ(config.status_file, "/run/apache2/plivo-dial.0a1b2c3d.status");
  EXPECT_THAT(config.syslog_sockets, ElementsAre("/dev/log"));
  ASSERT_EQ(config.locations.size(), 2U);
  const DumpedLocation& first = config.locations[0];
  EXPECT_TRUE(first.served);
  EXPECT_EQ(first.server, "main server");
  EXPECT_EQ(first.path, "/dialstatus");
  EXPECT_EQ(first.endpoint, "answer");
  EXPECT_THAT(first.places, ElementsAre("127.0.0.1:80", "[::1]:8080"));
  EXPECT_EQ(first.public_url, "https://pbx.example.com");
  EXPECT_EQ(first.signature, "Require");
  EXPECT_THAT(first.token_files, ElementsAre("/etc/apache2/plivo/main.token", "/etc/shop"));
  EXPECT_THAT(first.previous_files, ElementsAre("/etc/old"));
  EXPECT_THAT(first.auth_ids, ElementsAre("MAXXXXXXXXXXXXXXXXXX", "SAXXXXXXXXXXXXXXXXXX"));
  EXPECT_THAT(first.numbers, ElementsAre("+14155550199", "+442071838750"));
  std::vector<std::string> urls;
  for (const DumpedUrl& url : first.own_urls) {
    urls.push_back(url.attribute + " " + url.endpoint + " " + url.url);
  }
  EXPECT_THAT(urls,
              ElementsAre("action action https://pbx.example.com/own/action",
                          "callbackUrl callback x", "confirmSound confirm https://a.example.com/c",
                          "action recording https://pbx.example.com/own/action"));
  const DumpedLocation& second = config.locations[1];
  EXPECT_FALSE(second.served);
  EXPECT_EQ(second.server, "pbx.example.com:443");
  EXPECT_TRUE(second.reach_is_known);
  EXPECT_THAT(second.places, IsEmpty());
  EXPECT_EQ(second.public_url, "");
  EXPECT_EQ(second.signature, "Off");
  EXPECT_EQ(second.secret_file, "/etc/flow.secret");
}

TEST(DoctorDump, HasThePlansAndTheSinks) {
  const DumpedConfig config = parse_dump(kDumpWithNumbers);
  ASSERT_EQ(config.locations.size(), 3U);
  EXPECT_EQ(config.locations[0].fallback, "/etc/a.conf:10");
  ASSERT_EQ(config.locations[0].plans.size(), 3U);
  EXPECT_EQ(config.locations[0].plans[2].name, "+14155550199");
  EXPECT_EQ(config.locations[0].plans[2].stages.size(), 2U);
  ASSERT_EQ(config.sinks.size(), 3U);
  EXPECT_THAT(config.sinks[1], ElementsAre("crm", "exec:/bin/cat 'two words'",
                                           "events=call.hangup,dial.result", "timeout=10"));
}

TEST(DoctorDump, MayHoldNothing) {
  EXPECT_FALSE(
      parse_dump("Plivo configuration:\n  no Plivo directives: the module does nothing\n").used);
  EXPECT_FALSE(parse_dump("").used);
}

TEST(DoctorModules, AreLookedThrough) {
  EXPECT_TRUE(
      lists_module("Loaded Modules:\n core_module (static)\n plivo_dial_module (shared)\n"));
  EXPECT_FALSE(lists_module("Loaded Modules:\n core_module (static)\n"));
}

TEST(DoctorConfigtest, IsSaidWithoutItsPrefix) {
  constexpr const char* kOutput =
      "AH00558: apache2: Could not reliably determine the server's fully qualified domain name\n"
      "[Tue Nov 24 10:35:26.1 2026] [plivo_dial:error] [pid 7] PD0103: error: no such thing\n"
      "PD0104: warning: not https\n"
      "AH00526: Syntax error on line 3 of /etc/x:\n"
      "Invalid command 'PlivoX'\n"
      "Action '-t' failed.\nThe Apache error log may have more information.\nSyntax OK\n";
  EXPECT_THAT(errors_of_configtest(kOutput),
              ElementsAre("PD0103: error: no such thing", "/etc/x:3: Invalid command 'PlivoX'"));
  EXPECT_THAT(warnings_of_configtest(kOutput), ElementsAre("PD0104: warning: not https"));
  EXPECT_THAT(errors_of_configtest("Syntax OK\n"), IsEmpty());
}

TEST(DoctorConfigtest, TellsWhatAnOrdinaryUserCannotJudge) {
  EXPECT_TRUE(
      is_for_root("PD0103: /etc/a.conf:3: PlivoAccount: \"/t\": cannot read it as this user "
                  "(uid 7): do it as the user who starts httpd, usually root"));
  EXPECT_TRUE(is_for_root("PD0103: this user (uid 7) can't use it: run configtest as root"));
  EXPECT_FALSE(is_for_root("PD0102: /etc/a.conf:3: 12345 is not a phone number in E.164"));
}

TEST(DoctorConfigtest, KnowsTheControlProgramOfFedora) {
  EXPECT_TRUE(
      takes_no_arguments("Passing arguments to httpd using apachectl is no longer supported.\n"
                         "You can only start/stop/restart httpd using this script.\n"));
  EXPECT_FALSE(takes_no_arguments("Syntax OK\n"));
}

}  // namespace
}  // namespace plivo_dial::ctl
