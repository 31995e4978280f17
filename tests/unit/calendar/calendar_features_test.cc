// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/calendar/calendar_fixture.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Calendar, OpensByOneEvent) {
  const std::vector<std::string> expected = {"2026-12-10T09:00Z open", "2026-12-10T17:00Z closed"};
  EXPECT_EQ(opened_by(calendar_of({"DTSTART:20261210T090000Z\nDTEND:20261210T170000Z"})), expected);
  EXPECT_EQ(opened_by(calendar_of({"DTSTART:20261210T090000\nDTEND:20261210T170000"})), expected);
  EXPECT_EQ(opened_by(calendar_of({"DTSTART:20261210T090000\nDURATION:PT8H"})), expected);
  EXPECT_EQ(opened_by(calendar_of({"DTSTART:20261210T090000\nDURATION:PT8H\nTRANSP:TRANSPARENT"})),
            expected)
      << "whether others may book the time is no matter";
}

TEST(Calendar, TakesFloatingTimesInTheZoneOfTheSchedule) {
  EXPECT_THAT(opened_by(calendar_of({"DTSTART:20260710T090000\nDTEND:20260710T170000"}),
                        "2026-07-01T00:00", "2026-08-01T00:00"),
              ElementsAre("2026-07-10T08:00Z open", "2026-07-10T16:00Z closed"));
}

TEST(Calendar, TakesDaysInTheZoneOfTheSchedule) {
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;VALUE=DATE:20260710"}), "2026-07-01T00:00",
                        "2026-08-01T00:00"),
              ElementsAre("2026-07-09T23:00Z open", "2026-07-10T23:00Z closed"));
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330"}),
                        "2026-03-01T00:00", "2026-04-01T00:00"),
              ElementsAre("2026-03-28T00:00Z open", "2026-03-29T23:00Z closed"));
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;VALUE=DATE:20261210\nDURATION:P2D"})),
              ElementsAre("2026-12-10T00:00Z open", "2026-12-12T00:00Z closed"));
}

TEST(Calendar, KnowsZonesByTheirNames) {
  const std::vector<std::string> in_berlin = {"2026-12-10T08:00Z open", "2026-12-10T16:00Z closed"};
  for (const std::string_view name :
       {"Europe/Berlin", "W. Europe Standard Time", "\"W. Europe Standard Time\"",
        "/mozilla.org/20050126_1/Europe/Berlin",
        "/freeassociation.sourceforge.net/Europe/Berlin"}) {
    const std::string zone(name);
    EXPECT_EQ(opened_by(calendar_of({"DTSTART;TZID=" + zone +
                                     ":20261210T090000\nDTEND;TZID=" + zone + ":20261210T170000"})),
              in_berlin)
        << zone;
  }
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;TZID=\"tzone://Microsoft/Utc\":20261210T090000\n"
                                     "DURATION:PT1H"})),
              ElementsAre("2026-12-10T09:00Z open", "2026-12-10T10:00Z closed"));
}

TEST(Calendar, KnowsZonesByThePlaceThatItTells) {
  std::string calendar =
      calendar_of({"DTSTART;TZID=Office:20261210T090000\nDTEND;TZID=Office:20261210T170000"});
  calendar.insert(calendar.find("BEGIN:VEVENT"),
                  "BEGIN:VTIMEZONE\r\nTZID:Office\r\nX-LIC-LOCATION:America/New_York\r\n"
                  "BEGIN:STANDARD\r\nDTSTART:19701101T020000\r\nTZOFFSETFROM:-0400\r\n"
                  "TZOFFSETTO:-0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n");
  EXPECT_THAT(opened_by(calendar),
              ElementsAre("2026-12-10T14:00Z open", "2026-12-10T22:00Z closed"));
}

TEST(Calendar, TakesStartAndEndInZonesOfTheirOwn) {
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;TZID=Europe/London:20261210T090000\n"
                                     "DTEND;TZID=America/New_York:20261210T090000"})),
              ElementsAre("2026-12-10T09:00Z open", "2026-12-10T14:00Z closed"));
}

TEST(Calendar, RepeatsByRules) {
  EXPECT_THAT(opened_by(calendar_of({"DTSTART:20261201T090000\nDTEND:20261201T100000\n"
                                     "RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3"})),
              ElementsAre("2026-12-01T09:00Z open", "2026-12-01T10:00Z closed",
                          "2026-12-03T09:00Z open", "2026-12-03T10:00Z closed",
                          "2026-12-08T09:00Z open", "2026-12-08T10:00Z closed"));
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;VALUE=DATE:19501225\nRRULE:FREQ=YEARLY"})),
              ElementsAre("2026-12-25T00:00Z open", "2026-12-26T00:00Z closed"))
      << "begun long ago";
  EXPECT_THAT(
      opened_by(calendar_of({"DTSTART:20260101T090000\nDURATION:PT1H\n"
                             "RRULE:FREQ=MONTHLY;BYDAY=-1MO\nRRULE:FREQ=MONTHLY;BYMONTHDAY=3"})),
      ElementsAre("2026-12-03T09:00Z open", "2026-12-03T10:00Z closed", "2026-12-28T09:00Z open",
                  "2026-12-28T10:00Z closed"));
}

TEST(Calendar, RepeatsByTheClockOfTheEventsZone) {
  EXPECT_THAT(
      opened_by(calendar_of({"DTSTART;TZID=America/New_York:20260306T090000\n"
                             "DTEND;TZID=America/New_York:20260306T100000\n"
                             "RRULE:FREQ=DAILY;COUNT=4"}),
                "2026-03-01T00:00", "2026-04-01T00:00"),
      ElementsAre("2026-03-06T14:00Z open", "2026-03-06T15:00Z closed", "2026-03-07T14:00Z open",
                  "2026-03-07T15:00Z closed", "2026-03-08T13:00Z open", "2026-03-08T14:00Z closed",
                  "2026-03-09T13:00Z open", "2026-03-09T14:00Z closed"));
}

TEST(Calendar, EndsNightsByTheClockOnTheWall) {
  const auto night = [](std::string_view end) {
    return opened_by(calendar_of({"DTSTART:20260328T220000\n" + std::string(end) +
                                  "\nRRULE:FREQ=DAILY;COUNT=1"}),
                     "2026-03-01T00:00", "2026-04-01T00:00");
  };
  EXPECT_THAT(night("DTEND:20260329T060000"),
              ElementsAre("2026-03-28T22:00Z open", "2026-03-29T05:00Z closed"));
  EXPECT_THAT(night("DURATION:P1D"),
              ElementsAre("2026-03-28T22:00Z open", "2026-03-29T21:00Z closed"));
  EXPECT_THAT(night("DURATION:PT8H"),
              ElementsAre("2026-03-28T22:00Z open", "2026-03-29T06:00Z closed"));
}

TEST(Calendar, EndsRulesWhereTheySay) {
  const auto until = [](std::string_view until, std::string_view zone) {
    const std::string rule = "\nRRULE:FREQ=DAILY;UNTIL=" + std::string(until);
    return opened_by(calendar_of({"DTSTART" + std::string(zone) +
                                  ":20261201T200000\nDURATION:PT1H" + rule}))
               .size() /
           2;
  };
  EXPECT_EQ(until("20261203T200000", ""), 3u);
  EXPECT_EQ(until("20261203T195959", ""), 2u);
  EXPECT_EQ(until("20261203", ""), 3u) << "a date is meant with its day";
  EXPECT_EQ(until("20261203T200000Z", ""), 3u);
  EXPECT_EQ(until("20261204T005959Z", ";TZID=America/New_York"), 2u) << "in UTC, by the instant";
  EXPECT_EQ(until("20261204T010000Z", ";TZID=America/New_York"), 3u);
  EXPECT_EQ(until("20261203T110000Z", ";TZID=Asia/Tokyo"), 3u);
  EXPECT_EQ(until("20261203T105959Z", ";TZID=Asia/Tokyo"), 2u);
}

TEST(Calendar, AddsAndLeavesOutDates) {
  EXPECT_THAT(
      opened_by(calendar_of(
          {"DTSTART:20261201T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
           "RDATE:20261210T120000,20261211T120000\nRDATE;TZID=America/New_York:20261212T120000\n"
           "EXDATE:20261202T090000\nEXDATE:20261203T100000"})),
      ElementsAre("2026-12-01T09:00Z open", "2026-12-01T10:00Z closed", "2026-12-03T09:00Z open",
                  "2026-12-03T10:00Z closed", "2026-12-10T12:00Z open", "2026-12-10T13:00Z closed",
                  "2026-12-11T12:00Z open", "2026-12-11T13:00Z closed", "2026-12-12T17:00Z open",
                  "2026-12-12T18:00Z closed"))
      << "an EXDATE of another time leaves nothing out";
  EXPECT_THAT(
      opened_by(calendar_of({"DTSTART:20261201T090000\nDURATION:PT1H\nRDATE:20261210T120000"})),
      ElementsAre("2026-12-01T09:00Z open", "2026-12-01T10:00Z closed", "2026-12-10T12:00Z open",
                  "2026-12-10T13:00Z closed"));
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;TZID=Europe/Berlin:20261201T090000\nDURATION:PT1H\n"
                                     "RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261201T080000Z\n"
                                     "EXDATE;VALUE=DATE:20261203"})),
              ElementsAre("2026-12-02T08:00Z open", "2026-12-02T09:00Z closed"))
      << "by the instant, or by the day";
  EXPECT_THAT(opened_by(calendar_of({"DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=3\n"
                                     "EXDATE;VALUE=DATE:20261201\nEXDATE:20261203T000000"})),
              ElementsAre("2026-12-02T00:00Z open", "2026-12-03T00:00Z closed"));
}

TEST(Calendar, ReplacesInstances) {
  EXPECT_THAT(
      opened_by(calendar_of(
          {"UID:1\nDTSTART:20261201T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4",
           "UID:1\nRECURRENCE-ID:20261202T090000\nDTSTART:20261205T120000\nDURATION:PT2H",
           "UID:1\nRECURRENCE-ID:20261203T090000\nDTSTART:20261203T090000\n"
           "DURATION:PT1H\nSTATUS:CANCELLED",
           "UID:2\nRECURRENCE-ID:20261204T090000\nDTSTART:20261220T090000\nDURATION:PT1H"})),
      ElementsAre("2026-12-01T09:00Z open", "2026-12-01T10:00Z closed", "2026-12-04T09:00Z open",
                  "2026-12-04T10:00Z closed", "2026-12-05T12:00Z open", "2026-12-05T14:00Z closed",
                  "2026-12-20T09:00Z open", "2026-12-20T10:00Z closed"))
      << "another event's instances stay";
}

TEST(Calendar, LeavesOutWhatIsCancelled) {
  EXPECT_THAT(opened_by(calendar_of(
                  {"DTSTART:20261201T090000\nDURATION:PT1H\nSTATUS:CANCELLED\nRRULE:FREQ=DAILY",
                   "DTSTART:20261202T090000\nDURATION:PT1H\nSTATUS:TENTATIVE"})),
              ElementsAre("2026-12-02T09:00Z open", "2026-12-02T10:00Z closed"));
}

TEST(Calendar, PassesOverWhatTakesNoTimeAndOtherComponents) {
  EXPECT_THAT(opened_by(calendar_of({"DTSTART:20261201T090000",
                                     "DTSTART:20261201T090000\n"
                                     "DTEND:20261201T090000"})),
              IsEmpty());
  std::string calendar =
      calendar_of({"DTSTART:20261202T090000\nDURATION:PT1H\nBEGIN:VALARM\n"
                   "ACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:soon\nEND:VALARM\n"
                   "LOCATION:\nX-OWN;X-P=1:a\\, b"});
  calendar.insert(
      calendar.find("BEGIN:VEVENT"),
      "BEGIN:VTODO\r\nUID:9\r\nDTSTART:20261203T090000\r\nDURATION:PT1H\r\nEND:VTODO\r\n");
  EXPECT_THAT(opened_by(calendar),
              ElementsAre("2026-12-02T09:00Z open", "2026-12-02T10:00Z closed"));
}

TEST(Calendar, TakesSeveralCalendarsAndFoldedLines) {
  const std::string one = calendar_of({"DTSTART:20261202T\n 090000\nDURATION\n :PT1H"});
  const std::string two = calendar_of({"DTSTART:20261203T090000\nDURATION:PT1H"});
  EXPECT_THAT(opened_by("\xEF\xBB\xBF" + one + "\r\n" + two),
              ElementsAre("2026-12-02T09:00Z open", "2026-12-02T10:00Z closed",
                          "2026-12-03T09:00Z open", "2026-12-03T10:00Z closed"));
}

TEST(Calendar, KeepsWhatReachesIntoThePeriod) {
  EXPECT_THAT(opened_by(calendar_of({"DTSTART:20261125T090000\nDTEND:20261202T090000\n"
                                     "RRULE:FREQ=YEARLY",
                                     "DTSTART:20261231T090000\nDTEND:20270131T090000"})),
              ElementsAre("2026-12-02T09:00Z closed", "2026-12-31T09:00Z open"));
}

TEST(Calendar, ShowsSummariesThatFitIntoALine) {
  const auto openings =
      expand(schedule_of({"a", "UTC", "open=x.ics"}),
             {"",
              {calendar_of({"DTSTART:20261202T090000\nDURATION:PT1H\nSUMMARY:A\\nB\\, " +
                            std::string(200, 'c')})},
              {}},
             utc("2026-12-01T00:00"), utc("2027-01-01T00:00"));
  ASSERT_TRUE(openings.ok());
  EXPECT_EQ(openings->reasons[1], "calendar x.ics: A B, " + std::string(95, 'c'));
}

TEST(Calendar, HasALimitOfOccurrences) {
  // 24 an hour apart, for two years: more than 10,000.
  const std::string hourly =
      "DTSTART:20260101T000000\nDURATION:PT5M\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,"
      "12,"
      "13,14,15,16,17,18,19,20,21,22,23";
  const Schedule schedule = schedule_of({"a", "UTC", "open=x.ics", "closed=y.ics"});
  const auto run = [&](const std::string& opened, const std::string& closed,
                       std::string_view until) {
    const auto openings =
        expand(schedule, {"", {opened}, {closed}}, utc("2026-01-01T00:00"), utc(until));
    return openings ? std::vector<std::string>() : openings.error().faults;
  };
  const std::string none = calendar_of({"DTSTART:20200101T000000\nDURATION:PT5M"});
  EXPECT_THAT(run(calendar_of({hourly}), none, "2027-02-15T00:00"), IsEmpty());
  EXPECT_THAT(run(calendar_of({hourly}), none, "2027-03-01T00:00"),
              ElementsAre(HasSubstr("more than 10000 occurrences")));
  EXPECT_THAT(run(calendar_of({hourly, hourly}), none, "2026-12-01T00:00"),
              ElementsAre(HasSubstr("more than 10000 occurrences")));
  EXPECT_THAT(run(calendar_of({hourly}), calendar_of({hourly}), "2026-12-01T00:00"),
              ElementsAre(HasSubstr("its calendars have 16032 occurrences, and may have 10000")));
}

}  // namespace
}  // namespace plivo_dial::test
