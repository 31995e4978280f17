// File: lib/schedule/schedule.h
//
// A schedule: when somebody takes calls.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/base/position.h"
#include "lib/schedule/clock_span.h"
#include "lib/schedule/weekdays.h"

namespace plivo_dial {

// The same hours on each of the days.
struct WeeklyHours {
  DaySet days = 0;
  ClockSpan hours;

  friend bool operator==(const WeeklyHours&, const WeeklyHours&) = default;
};

// Paths are as they were written. What wins over what: the override file, then the exceptions, then
// the closed calendars, then the open ones, then the weekly hours.
struct Schedule {
  std::string name;
  std::string zone;  // an IANA name
  std::vector<WeeklyHours> weekly;
  std::string exceptions_file;  // "": none
  std::vector<std::string> open_calendars;
  std::vector<std::string> closed_calendars;
  std::string override_file;  // "": none
  Position position;

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

}  // namespace plivo_dial
