// SPDX-License-Identifier: Apache-2.0
#include "lib/status/status_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

TEST(RefusedEventsText, NamesTheUser) {
  EXPECT_EQ(user_text(0), "user root");
  EXPECT_EQ(user_text(4294967290u), "user id 4294967290");
}

TEST(RefusedEventsText, SaysWhatSinceWhenWhyAndHowMany) {
  RefusedEventsReport report;
  report.user = 4294967290u;
  report.refused = 7;
  report.logged = 2;
  report.since_us = 1'700'000'000'000'000;
  report.last_us = 1'700'000'060'000'000;
  report.reason = "cannot create 'x': Read-only file system";
  EXPECT_EQ(refused_events_text(report),
            "events are refused by httpd's processes of user id 4294967290 since "
            "2023-11-14T22:13:20Z, the last time 2023-11-14T22:14:20Z (7 refused with 503 so far, "
            "2 of callers on the line in the error log (PD0512), 0 failed trials): cannot create "
            "'x': Read-only file system");
  report.since_us = 0;
  EXPECT_THAT(refused_events_text(report), HasSubstr("and none since: 7 refused"));
  EXPECT_THAT(refused_events_text(report), HasSubstr("the last reason: cannot create 'x'"));
  report.reason = "";
  EXPECT_THAT(refused_events_text(report), HasSubstr("see PD0511 in the error log"));
}

}  // namespace
}  // namespace plivo_dial
