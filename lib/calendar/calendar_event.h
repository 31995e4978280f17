// File: lib/calendar/calendar_event.h
//
// An event of a calendar (VEVENT of RFC 5545), as far as opening hours need it: when it is, how it
// repeats, whether it takes place. Plain data, without libical.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/schedule/date_text.h"

namespace plivo_dial {

// A DATE, or a DATE-TIME by the clocks of a zone.
struct CalendarTime {
  WallSeconds wall = 0;  // of a date: its midnight
  bool is_date = false;
  std::string zone;  // an IANA name; "": the schedule's, as of a floating time
};

// DURATION: days by the calendar, then seconds by the clock.
struct CalendarDuration {
  std::int64_t days = 0;
  std::int64_t seconds = 0;
};

struct CalendarEvent {
  int line = 0;
  std::string uid;
  std::string summary;  // fit to be shown: valid UTF-8 of at most 100 bytes, no control characters
  bool cancelled = false;
  CalendarTime start;
  std::optional<CalendarTime> end;
  std::optional<CalendarDuration> duration;  // never beside `end`
  std::vector<std::string> rules;            // RRULE as it stands
  int rule_line = 0;
  std::vector<CalendarTime> added;       // RDATE
  std::vector<CalendarTime> excluded;    // EXDATE
  std::optional<CalendarTime> replaces;  // RECURRENCE-ID
};

}  // namespace plivo_dial
