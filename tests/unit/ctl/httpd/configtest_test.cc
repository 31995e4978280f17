// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/configtest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

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
  EXPECT_TRUE(is_for_root("PD0106: error: /etc/a.conf:3: PlivoAccount: cannot read it"));
  EXPECT_FALSE(is_for_root("PD0103: error: /etc/a.conf:3: '/x' does not exist"));
  EXPECT_FALSE(is_for_root("PD0102: /etc/a.conf:3: 12345 is not a phone number in E.164"));
}

TEST(DoctorConfigtest, KnowsTheControlProgramOfFedora) {
  EXPECT_TRUE(
      takes_no_arguments("Passing arguments to httpd using apachectl is no longer supported.\n"
                         "You can only start/stop/restart httpd using this script.\n"));
  EXPECT_FALSE(takes_no_arguments("Syntax OK\n"));
  EXPECT_FALSE(takes_no_arguments("AH00526: Syntax error on line 3 of /etc/apachectl.conf:\n"));
  EXPECT_FALSE(takes_no_arguments(""));
}

}  // namespace
}  // namespace plivo_dial::ctl
