// File: lib/calendar/read_calendar.h
//
// Reads a calendar (iCalendar, RFC 5545) by libical: its events, with the line of each. To-dos,
// journals, busy times and alarms are passed over, and so is whether an event is TRANSParent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "lib/calendar/calendar_event.h"
#include "lib/schedule/file_faults.h"

namespace plivo_dial {

struct CalendarFile {
  std::vector<CalendarEvent> events;
  FileFaults faults;
};

// The events of `content`, one calendar or several behind each other. Refused, each with its line
// and the remedy: what outline_calendar() refuses; an event without DTSTART; times, rules and
// durations that are none, or before 1900; an end before the start; both DTEND and DURATION; a TZID
// that no zone has; and what would give wrong hours if it were passed over: EXRULE, RANGE of
// RECURRENCE-ID, periods in RDATE. Rules are read by find_recurrences(). Safe from any thread.
CalendarFile read_calendar(std::string_view content);

}  // namespace plivo_dial
