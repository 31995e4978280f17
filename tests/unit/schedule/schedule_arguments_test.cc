// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/schedule_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Words = std::vector<std::string_view>;

TEST(ScheduleArguments, AreReadWhole) {
  const Result<Schedule> schedule = parse_schedule(Words{
      "office", "Europe/London", "Mon-Fri 09:00-12:30,13:30-18:00", "except=holidays.txt",
      "Sat 10:00-14:00", "open=a.ics", "closed=b.ics", "open=c d.ics", "override=/run/office"});
  ASSERT_TRUE(schedule.ok()) << schedule.error().message;
  EXPECT_EQ(schedule->name, "office");
  EXPECT_EQ(schedule->zone, "Europe/London");
  EXPECT_THAT(schedule->weekly,
              ElementsAre(WeeklyHours{0b0011111, {540, 750}}, WeeklyHours{0b0011111, {810, 1080}},
                          WeeklyHours{0b0100000, {600, 840}}));
  EXPECT_EQ(schedule->exceptions_file, "holidays.txt");
  EXPECT_THAT(schedule->open_calendars, ElementsAre("a.ics", "c d.ics"));
  EXPECT_THAT(schedule->closed_calendars, ElementsAre("b.ics"));
  EXPECT_EQ(schedule->override_file, "/run/office");
}

TEST(ScheduleArguments, TakeListsWithBlanks) {
  const auto schedule = parse_schedule(
      Words{"a", "UTC", "Mon, Wed-Fri 9:00-12:00, 13:00 - 17:00", "Sat-Sun\t0:00-24:00"});
  ASSERT_TRUE(schedule.ok()) << schedule.error().message;
  EXPECT_THAT(schedule->weekly,
              ElementsAre(WeeklyHours{0b0011101, {540, 720}}, WeeklyHours{0b0011101, {780, 1020}},
                          WeeklyHours{0b1100000, {0, 1440}}));
}

TEST(ScheduleArguments, NeedNoHoursBesideFilesThatMayOpen) {
  EXPECT_TRUE(parse_schedule(Words{"a", "UTC", "open=x.ics"}).ok());
  EXPECT_TRUE(parse_schedule(Words{"a", "UTC", "except=x"}).ok());
  EXPECT_FALSE(parse_schedule(Words{"a", "UTC", "closed=x.ics", "override=x"}).ok());
}

TEST(ScheduleArguments, MayTouchEachOther) {
  EXPECT_TRUE(parse_schedule(Words{"a", "UTC", "Mon 09:00-12:00", "Mon 12:00-13:00"}).ok());
  EXPECT_TRUE(parse_schedule(Words{"a", "UTC", "Sun 22:00-02:00", "Mon 02:00-13:00"}).ok());
  EXPECT_TRUE(parse_schedule(Words{"a", "UTC", "Mon-Sun 06:00-05:59"}).ok());
}

struct Refusal {
  Words words;
  const char* message;
};

TEST(ScheduleArguments, AreRefusedWithValueAndRemedy) {
  const Refusal refusals[] = {
      {{}, "name or time zone is missing; the form is: name zone"},
      {{"a"}, "name or time zone is missing"},
      {{"my office", "UTC", "Mon 9:00-10:00"}, "schedule name \"my office\" is not 1 to 64"},
      {{"", "UTC", "Mon 9:00-10:00"}, "schedule name \"\""},
      {{"a", "Mon-Fri 09:00-18:00"}, "the time zone is missing before \"Mon-Fri 09:00-18:00\""},
      {{"a", "except=x", "UTC"}, "the time zone is missing before \"except=x\""},
      {{"a", "09:00-18:00"}, "the time zone is missing"},
      {{"a", "", "Mon 9:00-10:00"}, "such as Europe/London"},
      {{"a", "../etc/passwd", "Mon 9:00-10:00"}, "is no name of a time zone"},
      {{"a", "/etc/passwd", "Mon 9:00-10:00"}, "is no name of a time zone"},
      {{"a", "Europe London", "Mon 9:00-10:00"}, "is no name of a time zone"},
      {{"a", "UTC"}, "schedule \"a\" never opens; give it hours such as"},
      {{"a", "UTC", "Mon-Fri", "09:00-18:00"},
       "put quotes around days and hours: \"Mon-Fri 09:00-18:00\""},
      {{"a", "UTC", "Mon-Fri"},
       "\"Mon-Fri\" has no hours; write for example \"Mon-Fri 09:00-17:00\""},
      {{"a", "UTC", "09:00-18:00"}, "names no day; write for example \"Mon-Sun 09:00-18:00\""},
      {{"a", "UTC", "Mon-Fri 09:00-18:00 Sat 10:00-14:00"},
       "write two arguments: \"Mon-Fri 09:00-18:00\" \"Sat 10:00-14:00\""},
      {{"a", "UTC", "Mom-Fri 09:00-18:00"}, "\"Mom\" is no day of the week; did you mean Mon?"},
      {{"a", "UTC", "Mon 9am-5pm"}, "\"9am\" is no time; write hours and minutes of 24 hours"},
      {{"a", "UTC",
        "Mon 09:00\xE2\x80\x93"
        "18:00"},
       "only looks like a hyphen or a blank; write \"Mon 09:00-18:00\""},
      {{"a", "UTC", "Mon 09:00-09:00"}, "has no length; a whole day is 00:00-24:00"},
      {{"a", "UTC", "Mon-Fri 09:00-12:00", "Wed 11:00-13:00"},
       "Wed 11:00-13:00 overlaps with Wed 09:00-12:00"},
      {{"a", "UTC", "Fri 22:00-02:00", "Sat 01:00-05:00"},
       "Sat 01:00-05:00 overlaps with Fri 22:00-02:00"},
      {{"a", "UTC", "Sun 22:00-02:00", "Mon 01:00-05:00"},
       "Mon 01:00-05:00 overlaps with Sun 22:00-02:00"},
      {{"a", "UTC", "Mon 09:00-12:00", "Mon 09:00-12:00"}, "overlaps with Mon 09:00-12:00"},
      {{"a", "UTC", "exept=x"}, "option \"exept=x\" is unknown; did you mean except?"},
      {{"a", "UTC", "timeout=5"}, "there are: except, open, closed, override"},
      {{"a", "UTC", "except="}, "except=\"\" names no file; write except=/path/to/file"},
      {{"a", "UTC", "except=x", "except=y"}, "except= is given twice, as \"x\" and \"y\""},
      {{"a", "UTC", "open=a", "override=x", "override=y"}, "override= is given twice"},
      {{"a", "UTC", "open=x.ics", "closed=x.ics"}, "calendar \"x.ics\" is given twice"},
      {{"a", "UTC", "open=a\nb"}, "names no file"},
      {{"a", "UTC", ""}, "names no day"},
  };
  for (const Refusal& refusal : refusals) {
    const Result<Schedule> schedule = parse_schedule(refusal.words);
    ASSERT_FALSE(schedule.ok()) << refusal.message;
    EXPECT_THAT(schedule.error().message, HasSubstr(refusal.message));
  }
}

}  // namespace
}  // namespace plivo_dial
