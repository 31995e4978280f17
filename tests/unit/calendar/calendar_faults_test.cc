// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/calendar/calendar_fixture.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

struct Faulty {
  std::string_view event;
  int line;  // of the calendar; its event's first line is 5
  std::string_view message;
};

constexpr Faulty kFaultyEvents[] = {
    {"UID:1", 4, "event: DTSTART is missing; give it one such as"},
    {"UID:1\nDTSTART:2026", 6, "DTSTART \"2026\" is not understood; write one such as"},
    {"UID:1\nDTSTART:tomorrow", 6, "is not understood"},
    {"UID:1\nDTSTART:20261340T090000", 6, "DTSTART \"20261340T090000\" is no"},
    {"UID:1\nDTSTART:20260230T090000", 6, "\"20260230T090000\" is no"},
    {"UID:1\nDTSTART:18990101T090000", 6, "is no time of the years 1900 to 9999"},
    {"DTSTART:20261201T090000\nDTSTART:20261202T090000", 5, "DTSTART is given twice"},
    {"DTSTART:20261201T090000\nDTEND:20261201", 6, "are not both dates or both times"},
    {"DTSTART;VALUE=DATE:20261201\nDTEND:20261201T090000", 6, "are not both dates or both times"},
    {"DTSTART:20261201T090000\nDTEND:20261201T080000", 6, "ends before it begins"},
    {"DTSTART:20261201T090000\nDTEND:x", 6, "DTEND \"x\" is not understood"},
    {"DTSTART:20261201T090000\nDTEND:20261201T100000\nDURATION:PT1H", 7, "has DTEND and DURATION"},
    {"DTSTART:20261201T090000\nDURATION:1 hour", 6, "DURATION \"1 hour\" is not understood"},
    {"DTSTART:20261201T090000\nDURATION:-PT1H", 6, "is not within 0 and 4000 days"},
    {"DTSTART:20261201T090000\nDURATION:P9000D", 6, "is not within 0 and 4000 days"},
    {"DTSTART:20261201T090000\nRRULE:EVERY DAY", 6, "RRULE \"EVERY DAY\" is not understood"},
    {"DTSTART:20261201T090000\nRRULE:FREQ=OFTEN", 6, "is not understood"},
    {"DTSTART:20261201T090000\nRRULE:FREQ=DAILY;COUNT=x;BYDAY=99QQ", 6, "is not understood"},
    {"DTSTART:20261201T090000\nDURATION:PT1H\nRRULE:FREQ=HOURLY", 7,
     "repeats within a day; write FREQ=DAILY;BYHOUR=9,14"},
    {"DTSTART:20261201T090000\nDURATION:PT1H\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=28", 7,
     "repeats within a day"},
    {"DTSTART:20261201T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
     7, "repeats more than 24 times a day"},
    {"DTSTART:20261201T090000\nRRULE:FREQ=WEEKLY;BYMONTHDAY=3", 6, "RRULE"},
    {"DTSTART:20261201T090000\nDURATION:PT1H\nRRULE:RSCALE=HEBREW;FREQ=YEARLY", 7, "(RSCALE)"},
    {"DTSTART:20261201T090000\nRDATE:20261205T090000,x", 6, "RDATE"},
    {"DTSTART:20261201T090000\nRDATE;VALUE=PERIOD:20261205T090000Z/PT1H", 6, "RDATE of a PERIOD"},
    {"DTSTART:20261201T090000\nEXDATE:x", 6, "EXDATE \"x\" is not understood"},
    {"DTSTART:20261201T090000\nRECURRENCE-ID:x", 6, "RECURRENCE-ID \"x\" is not understood"},
    {"DTSTART:20261201T090000\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261201T090000", 6,
     "end the series with UNTIL"},
    {"DTSTART:20261201T090000\nEXRULE:FREQ=DAILY", 6, "write EXDATE"},
    {"DTSTART;TZID=Europe/Lodnon:20261201T090000", 5, "did you mean Europe/London?"},
    {"DTSTART;TZID=London:20261201T090000", 5, "did you mean Europe/London?"},
    {"DTSTART;TZID=Customized Time Zone:20261201T090000", 5,
     "DTSTART: time zone \"Customized Time Zone\" is unknown; write an IANA name"},
    {"SUMMARY:Fair\nDTSTART:20261201T090000\nEXDATE;TZID=Nowhere Standard:20261201T090000", 7,
     "event \"Fair\": EXDATE: time zone \"Nowhere Standard\" is unknown"},
    {"DTSTART:20261201T090000\nno colon", 6, "\"no colon\" is no line of a calendar"},
};

TEST(CalendarFaults, NameLineAndRemedy) {
  static_assert(std::size(kFaultyEvents) >= 30);
  for (const Faulty& faulty : kFaultyEvents) {
    const auto faults = faults_of(calendar_of({faulty.event}));
    ASSERT_EQ(faults.size(), 1u) << faulty.event << testing::PrintToString(faults);
    EXPECT_THAT(faults[0], StartsWith("/etc/x.ics:" + std::to_string(faulty.line) + ": "))
        << faulty.event;
    EXPECT_THAT(faults[0], HasSubstr(faulty.message)) << faulty.event;
  }
}

TEST(CalendarFaults, AreAllReported) {
  EXPECT_THAT(faults_of(calendar_of({"UID:1", "DTSTART:20261201T090000", "UID:2\nDTSTART:x"})),
              ElementsAre(HasSubstr("/etc/x.ics:4: "), HasSubstr("/etc/x.ics:12: ")));
}

TEST(CalendarFaults, OfWholeFiles) {
  const std::string good = calendar_of({"DTSTART:20261201T090000"});
  EXPECT_THAT(faults_of(""), ElementsAre(HasSubstr("/etc/x.ics: is empty")));
  EXPECT_THAT(faults_of("<html>\r\n<body>\r\n"),
              ElementsAre(HasSubstr(":1: \"<html>\" is no line of a calendar"), HasSubstr(":2: ")));
  EXPECT_THAT(faults_of("{\"a\": 1}"), ElementsAre(HasSubstr("is outside of a calendar")));
  EXPECT_THAT(faults_of(good.substr(0, good.find("END:VEVENT"))),
              ElementsAre(HasSubstr(":1: VCALENDAR is not closed; is the file cut short?"),
                          HasSubstr(":4: VEVENT is not closed")));
  EXPECT_THAT(faults_of("BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR"),
              ElementsAre(HasSubstr(":2: END:VEVENT closes nothing; VCALENDAR of line 1")));
  EXPECT_THAT(faults_of("BEGIN:VCALENDAR\nBEGIN:VCALENDAR\n"),
              ElementsAre(HasSubstr(":2: a calendar within another")));
  EXPECT_THAT(faults_of("BEGIN:VEVENT\nEND:VEVENT\n"),
              ElementsAre(HasSubstr(":1: \"VEVENT\" is no calendar")));
  EXPECT_THAT(faults_of("BEGIN:VCALENDAR\nX:\xFF\nEND:VCALENDAR"),
              ElementsAre(HasSubstr(":2: is not valid UTF-8")));
  EXPECT_THAT(faults_of(std::string("BEGIN:VCALENDAR\n\0", 17)),
              ElementsAre(HasSubstr(":2: holds a NUL")));
  EXPECT_THAT(faults_of(std::string(16 * 1024 * 1024 + 1, 'x')),
              ElementsAre(HasSubstr("may have 16777216")));
}

}  // namespace
}  // namespace plivo_dial::test
