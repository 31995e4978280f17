// File: tests/data/file_faults.h
//
// Faults in files that people write, each with where it is told and words that must be told.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>

namespace plivo_dial {

struct FileFaultCase {
  const char* name;
  const char* kind;  // map, list, except, calendar, override, xml
  const char* content;
  const char* place;  // behind the file's name
  const char* words;
};

inline void PrintTo(const FileFaultCase& one, std::ostream* out) {
  *out << one.name;
}

inline const std::string kLongText(2000, 'x');
inline const char* const kLongOverride = kLongText.c_str();

inline const FileFaultCase kFileFaults[] = {
    {"NumberWithoutPlus", "map", "14155550199 +14155550111\n",
     ":1: ", "did you mean +14155550199?"},
    {"NumberTwice", "map", "+14155550199 +14155550111\n+14155550199 +14155550122\n",
     ":2: ", "has a line already"},
    {"TargetsMissing", "map", "+14155550199\n", ":1: ", "the targets are missing"},
    {"TargetNoNumber", "map", "+14155550199 desk\n", ":1: ", "desk"},
    {"TargetOfItself", "map", "+14155550199 +14155550199\n", ":1: ", "circle"},
    {"Circle", "map", "+14155550101 +14155550102\n+14155550102 +14155550101\n",
     ":1: ", "(line 2), which calls"},
    {"UnknownSchedule", "map", "+14155550199 +14155550111 schedule=offic\n",
     ":1: ", "did you mean office?"},
    {"UnknownPlan", "map", "\n+14155550199 - plan=sale\n", ":2: ", "did you mean sales?"},
    {"UnknownKey", "map", "+14155550199 +14155550111 timout=20\n", ":1: ", "timeout"},
    {"TimeoutNoNumber", "map", "+14155550199 +14155550111 timeout=soon\n", ":1: ", "soon"},
    {"CommaSeparated", "map", "+14155550199,+14155550111 -\n", ":1: ", "write a blank between"},
    {"ControlCharacter", "map",
     "+14155550199 +1415\x01"
     "5550111\n",
     ":1: ", "character"},
    {"NothingToDo", "map", "+14155550199 -\n", ":1: ", "there is nobody to call"},
    {"ListedNoNumber", "list", "# spam\n4155550111\n", ":2: ", "country code"},
    {"ListedTwice", "list", "+14155550111\n+14155550111\n", ":2: ", "line 1"},
    {"StarInTheMiddle", "list", "+1415*5550111\n", ":1: ", "*"},
    {"TwoOnALine", "list", "+14155550111 +14155550122\n", ":1: ", "line"},
    {"NoDate", "except", "christmas closed\n", ":1: ", "christmas"},
    {"DayThatIsNone", "except", "2027-02-30 closed\n", ":1: ", "2027-02-30"},
    {"DateTwice", "except", "2026-12-25 closed\n2026-12-25 09:00-10:00\n", ":2: ", "2026-12-25"},
    {"HoursThatAreNone", "except", "2026-12-24 9-13\n", ":1: ", "09:00"},
    {"HoursOverlap", "except", "2026-12-24 09:00-13:00,12:00-14:00\n", ":1: ", "overlap"},
    {"RangeBackwards", "except", "2027-01-02..2026-12-27 closed\n", ":1: ", "2027-01-02"},
    {"RangeTooLong", "except", "2026-01-01..2027-06-01 closed\n", ":1: ", "366"},
    {"OverrideUnknown", "override", "clsed\n", ": ", "did you mean closed?"},
    {"OverrideUntilNever", "override", "closed until friday\n", ": ", "2026-12-24T15:00"},
    {"OverrideTooLarge", "override", kLongOverride, "", "1024"},
    {"NoXml", "xml", "hello", ": ", "in front of the first"},
    {"UnknownElement", "xml", "<Response>\n<Speek>Hi</Speek></Response>", ": line 2: ", "Speek"},
    {"PlaceThatIsNone", "xml", "<Response><Speak>{{From</Speak></Response>",
     ": line 1: ", "{{From}}"},
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

}  // namespace plivo_dial
