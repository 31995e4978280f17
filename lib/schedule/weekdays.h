// File: lib/schedule/weekdays.h
//
// Sets of days of the week as people write them: "Mon-Fri", "Sat-Mon", "Mon,Wed-Fri". Large and
// small letters are alike. Errors name the value and propose the nearest day. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// Monday first, as ISO 8601 counts them.
inline constexpr std::array<std::string_view, 7> kWeekdays = {"Mon", "Tue", "Wed", "Thu",
                                                              "Fri", "Sat", "Sun"};

// Bit 0 is Monday.
using DaySet = std::uint8_t;

constexpr bool has_day(DaySet days, int weekday) {
  return ((days >> weekday) & 1) != 0;
}

Result<DaySet> parse_weekdays(std::string_view text);

// Whether `text` begins with the name of a day.
bool begins_with_weekday(std::string_view text);

}  // namespace plivo_dial
