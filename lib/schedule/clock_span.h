// File: lib/schedule/clock_span.h
//
// Hours of a day as people write them: "09:00-12:30,13:30-18:00". A span belongs to the day on
// which it begins, also when it goes on over midnight ("22:00-02:00"). Times are of 24 hours,
// "9:00" and "09:00" alike; 24:00 is an end only. Errors name the value and the remedy. Pure
// functions.
//
//   const Result<std::vector<ClockSpan>> hours = parse_clock_spans("22:00-02:00");
//   hours->front()     -> from 1320, to 1560
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr int kMinutesOfDay = 24 * 60;

// In minutes since the midnight with which its day begins: 0 <= from < 1440, from < to <= from +
// 1440.
struct ClockSpan {
  int from = 0;
  int to = 0;

  friend bool operator==(const ClockSpan&, const ClockSpan&) = default;
};

// Minutes since midnight of "15:00", from 0 to 1440.
Result<int> parse_clock_time(std::string_view text);

// Spans with commas between them, by their beginning. Blanks around commas and hyphens are allowed;
// a span without length is refused, and so are two that overlap.
Result<std::vector<ClockSpan>> parse_clock_spans(std::string_view text);

// "22:00-02:00".
std::string to_string(const ClockSpan& span);

}  // namespace plivo_dial
