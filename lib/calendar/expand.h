// File: lib/calendar/expand.h
//
// Works out when a schedule is open, for the requests to look up. Not for httpd's process: it needs
// the time zone database and libical.
//
//   const auto openings = expand(schedule, {exceptions, {opening_ics}, {}}, now, now + two_years);
//   if (!openings) log(openings.error().faults);
//   const std::string bytes = encode_openings(*openings);
//
// What wins: exceptions of the file over closed calendars, those over open ones, those over the
// weekly hours. An exception takes the whole of its day, but for hours that began the evening
// before: those go on to their end, as on any other night.
//
// Hours are those of the clock on the wall: it is open while that shows a time within them. So on
// the day on which clocks are put forward, "from 02:30" and "to 02:30" are both the instant in
// which 02:00 becomes 03:00; and on the one on which they are put back, hours open when 01:30 is
// shown first and close when it is shown last. A night's hours are then an hour shorter or longer.
// Calendars follow RFC 5545 (find_occurrences.h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/schedule/openings.h"
#include "lib/schedule/schedule.h"

namespace plivo_dial {

inline constexpr Instant kLongestPeriod = 2 * 366 * kSecondsOfDay;

// What stands in the files of a schedule, the calendars in its order; "" of an exceptions file that
// it has not.
struct ScheduleFiles {
  std::string exceptions;
  std::vector<std::string> open_calendars;
  std::vector<std::string> closed_calendars;
};

// All that is wrong, each "file:line: what, and the remedy" as far as it has a place; `message` has
// them one a line.
struct ExpansionError : Error {
  std::vector<std::string> faults;
};

// The openings from `from` up to `until`, at most kLongestPeriod later. Reasons are "weekly hours",
// "<file>:<line>: <its text>" and "calendar <file>: <summary>", the file without its directory.
// Refused are an unknown zone, a faulty exceptions file or calendar, and more than kMostOccurrences
// of all calendars together. Safe from any thread.
Result<Openings, ExpansionError> expand(const Schedule& schedule, const ScheduleFiles& files,
                                        Instant from, Instant until);

}  // namespace plivo_dial
