// File: lib/schedule/exceptions_file.h
//
// The file of except=: days on which a schedule has other hours than every week. A line a date:
//
//   2026-12-25 closed                      # Christmas
//   2026-12-24 09:00-13:00
//   2026-12-31 22:00-02:00,12:00-15:00
//   2026-12-27..2027-01-02 closed          # on each of these days
//   *-12-25 closed                         # every year
//
// What stands behind # is told where people ask why. Blank lines and lines of # alone are passed
// over. A line takes the place of all hours that begin on its day; hours that began the evening
// before go on to their end, and its own may go on into the next day. A date with its year wins
// over one of every year.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/schedule/clock_span.h"
#include "lib/schedule/file_faults.h"

namespace plivo_dial {

inline constexpr std::size_t kLargestExceptionsFile = 1024 * 1024;
inline constexpr std::size_t kMostExceptionDays = 10'000;

struct ExceptionLine {
  bool every_year = false;            // then the year of both is 2000, which has a 29 February
  std::chrono::year_month_day first;  // the same as `last` but for a range
  std::chrono::year_month_day last;
  std::vector<ClockSpan> hours;  // none: closed
  std::string text;              // valid UTF-8
  int line = 0;
};

// Where there are faults the lines are those without.
struct ExceptionsFile {
  std::vector<ExceptionLine> lines;
  FileFaults faults;
};

// Reads the content of such a file. Each fault names the value and the remedy; a date that stands
// twice is one, a range of more than 366 days another. At most kLargestExceptionsFile bytes and
// kMostExceptionDays days. Pure.
ExceptionsFile parse_exceptions(std::string_view content);

// The line that counts on `date`, or null. Pure.
const ExceptionLine* exception_on(const ExceptionsFile& file, std::chrono::year_month_day date);

}  // namespace plivo_dial
