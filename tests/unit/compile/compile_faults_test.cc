// Thirty faults in files that people write: each is refused with its file, its line where it has
// one, and the remedy, and leaves no tables behind.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <functional>

#include "tests/unit/compile/compile_fixture.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

struct FileFaultCase {
  const char* name;
  const char* kind;  // map, list, except, calendar
  const char* content;
  const char* place;  // behind the file's name
  const char* words;
};

void PrintTo(const FileFaultCase& one, std::ostream* out) {
  *out << one.name;
}

constexpr FileFaultCase kFileFaults[] = {
    {"NumberWithoutPlus", "map", "14155550199 +14155550111\n",
     ":1: ", "did you mean +14155550199?"},
    {"NumberTwice", "map", "+14155550199 +14155550111\n+14155550199 +14155550122\n", ":2: ", "1"},
    {"TargetsMissing", "map", "+14155550199\n", ":1: ", "the targets are missing"},
    {"TargetNoNumber", "map", "+14155550199 desk\n", ":1: ", "\"desk\""},
    {"TargetOfItself", "map", "+14155550199 +14155550199\n", ":1: ", "circle"},
    {"Circle", "map", "+14155550101 +14155550102\n+14155550102 +14155550101\n", ":1: ", "circle"},
    {"UnknownSchedule", "map", "+14155550199 +14155550111 schedule=offic\n",
     ":1: ", "did you mean office?"},
    {"UnknownPlan", "map", "\n+14155550199 - plan=sale\n", ":2: ", "did you mean sales?"},
    {"UnknownKey", "map", "+14155550199 +14155550111 timout=20\n", ":1: ", "timeout"},
    {"TimeoutNoNumber", "map", "+14155550199 +14155550111 timeout=soon\n", ":1: ", "soon"},
    {"CommaSeparated", "map", "+14155550199,+14155550111\n", ":1: ", "comma"},
    {"ControlCharacter", "map",
     "+14155550199 +1415\x01"
     "5550111\n",
     ":1: ", "character"},
    {"NothingToDo", "map", "+14155550199 -\n", ":1: ", "-"},
    {"ListedNoNumber", "list", "# spam\n4155550111\n", ":2: ", "country code"},
    {"ListedTwice", "list", "+14155550111\n+14155550111\n", ":2: ", "1"},
    {"StarInTheMiddle", "list", "+1415*5550111\n", ":1: ", "*"},
    {"TwoOnALine", "list", "+14155550111 +14155550122\n", ":1: ", "line"},
    {"NoDate", "except", "christmas closed\n", ":1: ", "christmas"},
    {"DayThatIsNone", "except", "2027-02-30 closed\n", ":1: ", "2027-02-30"},
    {"DateTwice", "except", "2026-12-25 closed\n2026-12-25 09:00-10:00\n", ":2: ", "2026-12-25"},
    {"HoursThatAreNone", "except", "2026-12-24 9-13\n", ":1: ", "09:00"},
    {"HoursOverlap", "except", "2026-12-24 09:00-13:00,12:00-14:00\n", ":1: ", "overlap"},
    {"RangeBackwards", "except", "2027-01-02..2026-12-27 closed\n", ":1: ", "2027-01-02"},
    {"RangeTooLong", "except", "2026-01-01..2027-06-01 closed\n", ":1: ", "366"},
    {"NoCalendar", "calendar", "hello\n", ":1: ", "NAME:VALUE"},
    {"CalendarCutShort", "calendar", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n", "",
     "END"},
    {"EventWithoutStart", "calendar",
     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     ":3: ", "DTSTART"},
    {"EndBeforeStart", "calendar",
     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261205T100000Z\r\n"
     "DTEND:20261204T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     ":6: ", "DTEND"},
    {"UnknownZone", "calendar",
     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
     "DTSTART;TZID=Europe/Lodnon:20261205T100000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
     "END:VCALENDAR\r\n",
     ":5: ", "Europe/London"},
    {"RepeatsEachSecond", "calendar",
     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261205T100000Z\r\n"
     "DURATION:PT1H\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     ":7: ", "SECONDLY"},
    {"RuleThatIsNone", "calendar",
     "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261205T100000Z\r\n"
     "DURATION:PT1H\r\nRRULE:FREQ=OFTEN\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
     ":7: ", "OFTEN"},
};

class FaultOfAFile : public CompileFixture, public testing::WithParamInterface<FileFaultCase> {};

TEST_P(FaultOfAFile, AreRefusedWithFileLineAndRemedy) {
  const FileFaultCase& row = GetParam();
  const std::string kind = row.kind;
  std::string file;
  std::vector<std::string> office = {"office", "Europe/London", "Mon-Fri 09:00-18:00"};
  if (kind == "except" || kind == "calendar") {
    file = put(kind, row.content);
    office.push_back((kind == "except" ? "except=" : "closed=") + file);
  }
  add_schedule(office);
  if (kind == "map") {
    add_map(row.content, {"sales"});
    file = config_.maps[0].path;
  } else if (kind == "list") {
    add_list(row.content);
    file = config_.lists[0].path;
  }
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr(file + row.place), HasSubstr(row.words))));
}

INSTANTIATE_TEST_SUITE_P(Files, FaultOfAFile, testing::ValuesIn(kFileFaults),
                         [](const auto& one) { return one.param.name; });

using CompileFaults = CompileFixture;

TEST_F(CompileFaults, FileThatIsMissingIsOneOfItsLine) {
  add_schedule({"office", "Europe/London", "except=/nowhere/holidays.txt"});
  config_.maps.push_back({"/nowhere/numbers.txt", {}, "/a.conf:2"});
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr("/a.conf:1: "), HasSubstr("/nowhere/holidays"))));
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr("/a.conf:2: "), HasSubstr("/nowhere/numbers"))));
}

TEST_F(CompileFaults, ZoneThatIsNoneHasTheNearestOne) {
  add_schedule({"office", "Europe/Lodnon", "Mon-Fri 09:00-18:00"});
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr("/a.conf:1: "), HasSubstr("Europe/London"))));
}

TEST_F(CompileFaults, AllAreToldAtOnce) {
  add_schedule({"office", "Europe/Lodnon", "Mon-Fri 09:00-18:00"});
  add_map("+1415 x\nbad\n+14155550199 +14155550111 x\n");
  add_list("bad\n");
  EXPECT_EQ(faults().size(), 7u) << testing::PrintToString(faults());
}

TEST_F(CompileFaults, MessageHasThemOneALine) {
  add_map("bad\nworse\n");
  const auto tables = compile_tables(config_, kCompileNow);
  ASSERT_FALSE(tables);
  std::string all;
  for (const std::string& fault : tables.error().faults) all += (all.empty() ? "" : "\n") + fault;
  EXPECT_EQ(tables.error().message, all);
}

}  // namespace
}  // namespace plivo_dial
