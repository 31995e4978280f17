// File: lib/calendar/calendar_outline.h
//
// Where in a calendar (RFC 5545) which line of which event stands. libical reads what lines mean
// and forgets where they stood; people who have to mend a file need both.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/schedule/file_faults.h"

namespace plivo_dial {

inline constexpr std::size_t kLargestCalendar = 16 * 1024 * 1024;
inline constexpr std::size_t kMostEvents = 20'000;

struct PropertyLine {
  std::string name;  // in large letters
  int line = 0;
  std::size_t values = 1;  // those with commas between them
  std::string text;        // the beginning of its value, for people
};

struct EventLines {
  int line = 0;  // of its BEGIN:VEVENT
  std::vector<PropertyLine> properties;

  // The line of the first property `name`, or of the event when it has none.
  int line_of(std::string_view name) const;
  // How many lines `name` it has, and how many values these have.
  std::size_t lines(std::string_view name) const;
  std::size_t values(std::string_view name) const;
  // What its first line `name` says.
  std::string_view text_of(std::string_view name) const;
};

struct CalendarOutline {
  std::vector<EventLines> events;  // in the order of the file
  FileFaults faults;
};

// Walks over `content`. Refused is what is no calendar: other bytes than UTF-8 without NUL, lines
// that are no properties, components that are not closed, at most kLargestCalendar bytes and
// kMostEvents events. Pure.
CalendarOutline outline_calendar(std::string_view content);

}  // namespace plivo_dial
