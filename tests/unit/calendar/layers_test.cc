// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/calendar/calendar_fixture.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// From Wednesday, 23 December 2026, for five days.
std::vector<std::string> christmas(const std::vector<std::string_view>& words,
                                   const ScheduleFiles& files) {
  return changes_of(
      expand(schedule_of(words), files, utc("2026-12-23T00:00"), utc("2026-12-28T00:00")));
}

TEST(Layers, WeeklyHoursWrapTheWeek) {
  EXPECT_THAT(
      changes_of(expand(schedule_of({"a", "UTC", "Sat-Mon 20:00-01:00"}), {},
                        utc("2026-12-04T00:00"), utc("2026-12-10T00:00"))),
      ElementsAre("2026-12-05T20:00Z open weekly hours", "2026-12-06T01:00Z closed weekly hours",
                  "2026-12-06T20:00Z open weekly hours", "2026-12-07T01:00Z closed weekly hours",
                  "2026-12-07T20:00Z open weekly hours", "2026-12-08T01:00Z closed weekly hours"));
}

TEST(Layers, AreOpenAtOnceWhenThePeriodBeginsWithinHours) {
  const auto openings = expand(schedule_of({"a", "UTC", "Fri 22:00-02:00"}), {},
                               utc("2026-12-05T01:00"), utc("2026-12-06T00:00"));
  ASSERT_TRUE(openings.ok());
  EXPECT_TRUE(openings->changes.front().open);
  EXPECT_EQ(openings->changes.front().at, utc("2026-12-05T01:00"));
  EXPECT_THAT(states_of(openings), ElementsAre("2026-12-05T02:00Z closed"));
}

TEST(Layers, ExceptionsReplaceTheDay) {
  EXPECT_THAT(
      christmas({"a", "UTC", "Mon-Fri 09:00-17:00", "except=/etc/holidays.txt"},
                {"2026-12-24 09:00-13:00\n*-12-25 closed # Christmas\n"
                 "2026-12-27 10:00-11:00,12:00-13:00\n",
                 {},
                 {}}),
      ElementsAre(
          "2026-12-23T09:00Z open weekly hours", "2026-12-23T17:00Z closed weekly hours",
          "2026-12-24T00:00Z closed holidays.txt:1", "2026-12-24T09:00Z open holidays.txt:1",
          "2026-12-24T13:00Z closed holidays.txt:1",
          "2026-12-25T00:00Z closed holidays.txt:2: Christmas",
          "2026-12-26T00:00Z closed weekly hours", "2026-12-27T00:00Z closed holidays.txt:3",
          "2026-12-27T10:00Z open holidays.txt:3", "2026-12-27T11:00Z closed holidays.txt:3",
          "2026-12-27T12:00Z open holidays.txt:3", "2026-12-27T13:00Z closed holidays.txt:3"));
}

TEST(Layers, ANightBelongsToTheDayOnWhichItBegins) {
  EXPECT_THAT(
      christmas({"a", "UTC", "Mon-Sun 22:00-02:00", "except=x"},
                {"2026-12-25 closed\n2026-12-26 23:00-03:00\n2026-12-27 closed", {}, {}}),
      ElementsAre("2026-12-23T02:00Z closed weekly hours", "2026-12-23T22:00Z open weekly hours",
                  "2026-12-24T02:00Z closed weekly hours", "2026-12-24T22:00Z open weekly hours",
                  "2026-12-25T02:00Z closed x:1", "2026-12-26T00:00Z closed x:2",
                  "2026-12-26T23:00Z open x:2", "2026-12-27T03:00Z closed x:3"));
}

TEST(Layers, ClosedCalendarsWinOverOpenOnesOverWeeklyHours) {
  const std::string opened =
      calendar_of({"UID:1\nSUMMARY:Open house\nDTSTART:20261223T080000Z\nDTEND:20261223T200000Z"});
  const std::string closed =
      calendar_of({"UID:2\nSUMMARY:Staff meeting\nDTSTART:20261223T100000Z\nDTEND:20261223T110000Z",
                   "UID:3\nDTSTART:20261223T180000Z\nDTEND:20261224T120000Z"});
  EXPECT_THAT(
      christmas({"a", "UTC", "Wed-Thu 09:00-17:00", "closed=/c/off.ics", "open=on.ics"},
                {"", {opened}, {closed}}),
      ElementsAre("2026-12-23T08:00Z open calendar on.ics: Open house",
                  "2026-12-23T10:00Z closed calendar off.ics: Staff meeting",
                  "2026-12-23T11:00Z open calendar on.ics: Open house",
                  "2026-12-23T18:00Z closed calendar off.ics",
                  "2026-12-24T12:00Z open weekly hours", "2026-12-24T17:00Z closed weekly hours"));
}

TEST(Layers, ExceptionsWinOverCalendars) {
  const std::string closed = calendar_of(
      {"UID:1\nSUMMARY:Holidays\nDTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227"});
  EXPECT_THAT(
      christmas({"a", "UTC", "Mon-Fri 09:00-17:00", "closed=h.ics", "except=x"},
                {"2026-12-25 10:00-11:00 # emergency desk", {}, {closed}}),
      ElementsAre("2026-12-23T09:00Z open weekly hours", "2026-12-23T17:00Z closed weekly hours",
                  "2026-12-24T00:00Z closed calendar h.ics: Holidays",
                  "2026-12-25T00:00Z closed x:1: emergency desk",
                  "2026-12-25T10:00Z open x:1: emergency desk",
                  "2026-12-25T11:00Z closed x:1: emergency desk",
                  "2026-12-26T00:00Z closed calendar h.ics: Holidays",
                  "2026-12-27T00:00Z closed weekly hours"));
}

TEST(Layers, ReportTheFaultsOfAllFiles) {
  const auto openings = expand(
      schedule_of({"office", "Europe/Londn", "Mon 09:00-10:00", "except=/etc/x"}),
      {"2026-02-30 closed\nnonsense", {}, {}}, utc("2026-12-23T00:00"), utc("2026-12-28T00:00"));
  ASSERT_FALSE(openings.ok());
  EXPECT_THAT(openings.error().faults,
              ElementsAre("schedule office: time zone \"Europe/Londn\" is unknown; did you mean "
                          "Europe/London?",
                          HasSubstr("/etc/x:1: there is no day \"2026-02-30\""),
                          HasSubstr("/etc/x:2: \"nonsense\" is no date")));
  EXPECT_THAT(openings.error().message, HasSubstr("London?\n/etc/x:1: there"));
  const auto calendars = expand(
      schedule_of({"office", "UTC", "open=a.ics", "closed=b.ics", "closed=c.ics"}),
      {"", {""}, {calendar_of({"UID:1"})}}, utc("2026-12-23T00:00"), utc("2026-12-28T00:00"));
  EXPECT_THAT(calendars.error().faults, ElementsAre(HasSubstr("a.ics: is empty"),
                                                    HasSubstr("b.ics:4: event: DTSTART is missing"),
                                                    HasSubstr("c.ics: is empty")));
}

TEST(Layers, AreOfTwoYearsAtMost) {
  const Schedule schedule = schedule_of({"a", "UTC", "Mon 09:00-10:00"});
  const Instant from = utc("2026-12-23T00:00");
  EXPECT_TRUE(expand(schedule, {}, from, from + kLongestPeriod).ok());
  EXPECT_FALSE(expand(schedule, {}, from, from + kLongestPeriod + 1).ok());
  EXPECT_FALSE(expand(schedule, {}, from, from).ok());
  EXPECT_FALSE(expand(schedule, {}, -1, 10).ok());
  EXPECT_FALSE(expand(schedule, {}, kLatestInstant, kLatestInstant + 1).ok());
}

}  // namespace
}  // namespace plivo_dial::test
