// File: tests/httpd/dates.h
//
// Dates that schedules know of, which are worked out for two years from now.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace plivo_dial::test {

// The next Monday's date.
inline std::string monday_next() {
  using std::chrono::days;
  const auto today = std::chrono::floor<days>(std::chrono::system_clock::now());
  const auto monday =
      today + days(1) + (std::chrono::Monday - std::chrono::weekday(today + days(1)));
  const std::chrono::year_month_day date(monday);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

}  // namespace plivo_dial::test
