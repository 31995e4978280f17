// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/recurrence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

WallSeconds wall(const char* text) {
  return *parse_wall_time(text);
}

Result<Recurrences> in_december(const std::string& rule) {
  return find_recurrences(rule, {wall("2026-01-01T09:00"), false}, wall("2026-12-01T00:00"),
                          wall("2026-12-31T00:00"));
}

TEST(Recurrence, IsWithinItsPeriod) {
  EXPECT_THAT(in_december("FREQ=MONTHLY;BYMONTHDAY=15")->walls,
              ElementsAre(wall("2026-12-15T09:00")));
  EXPECT_EQ(in_december("freq=weekly;interval=2;byday=mo")->walls.size(), 2u);
  EXPECT_THAT(in_december("FREQ=DAILY;COUNT=10")->walls, IsEmpty());
}

TEST(Recurrence, EndsForRulesThatNothingFits) {
  for (const char* const rule :
       {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=WEEKLY;BYDAY=MO;BYMONTH=2;INTERVAL=1000",
        "FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYDAY=53MO;BYMONTH=1",
        "FREQ=MONTHLY;BYDAY=5MO,5TU;BYMONTHDAY=1"}) {
    const auto found = in_december(rule);
    EXPECT_TRUE(!found || found->walls.empty()) << rule;
  }
}

TEST(Recurrence, TellsAnEndInUtc) {
  EXPECT_FALSE(in_december("FREQ=DAILY;UNTIL=20261203T090000")->until);
  EXPECT_EQ(in_december("FREQ=DAILY;UNTIL=20261203T090000Z")->until, wall("2026-12-03T09:00"));
}

TEST(Recurrence, IsRefusedWhereItCannotBeMeant) {
  EXPECT_THAT(in_december("FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=31,-31").error().message,
              HasSubstr("names days that no year has; correct BYMONTH or BYMONTHDAY"));
  EXPECT_TRUE(in_december("FREQ=YEARLY;BYMONTH=2,5;BYMONTHDAY=31").ok());
  EXPECT_TRUE(in_december("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29").ok());
  EXPECT_THAT(in_december("FREQ=YEARLY;INTERVAL=1001").error().message,
              HasSubstr("INTERVAL of more than 1000; write the dates as RDATE"));
}

TEST(Recurrence, HasALimit) {
  std::string rule = "FREQ=DAILY;BYHOUR=0";
  for (int hour = 1; hour < 24; ++hour) rule += "," + std::to_string(hour);
  const auto found = find_recurrences(rule, {wall("2026-01-01T00:00"), false},
                                      wall("2026-01-01T00:00"), wall("2028-01-01T00:00"));
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().message, HasSubstr("gives more than 10000 occurrences"));
}

}  // namespace
}  // namespace plivo_dial
