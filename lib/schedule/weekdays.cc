// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/weekdays.h"

#include <string>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

// 0 is Monday; -1: `name` is no day.
int weekday_named(std::string_view name) {
  for (std::size_t i = 0; i < kWeekdays.size(); ++i) {
    if (equals_ignoring_case(name, kWeekdays[i])) return static_cast<int>(i);
  }
  return -1;
}

Result<int> parse_weekday(std::string_view name) {
  const int day = weekday_named(name);
  if (day >= 0) return day;
  if (name.empty()) return Error{"a day is missing; there are: Mon, Tue, Wed, Thu, Fri, Sat, Sun"};
  const int meant = weekday_named(name.substr(0, 3));
  if (meant < 0) {
    return Error{in_quotes(name) + " is no day of the week" + proposal_or_list(name, kWeekdays)};
  }
  return Error{in_quotes(name) + " is no day of the week; did you mean " +
               std::string(kWeekdays[static_cast<std::size_t>(meant)]) + "?"};
}

// "Fri" or "Sat-Mon".
Result<DaySet> parse_day_range(std::string_view text) {
  const std::size_t hyphen = text.find('-');
  const Result<int> first = parse_weekday(trim(text.substr(0, hyphen)));
  if (!first) return first.error();
  int last = *first;
  if (hyphen != std::string_view::npos) {
    const Result<int> named = parse_weekday(trim(text.substr(hyphen + 1)));
    if (!named) return named.error();
    last = *named;
  }
  DaySet days = 0;
  for (int day = *first;; day = (day + 1) % 7) {
    days = static_cast<DaySet>(days | (1 << day));
    if (day == last) return days;
  }
}

}  // namespace

Result<DaySet> parse_weekdays(std::string_view text) {
  DaySet days = 0;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const Result<DaySet> range = parse_day_range(trim(rest.substr(0, comma)));
    if (!range) return range.error();
    days = static_cast<DaySet>(days | *range);
    if (comma == std::string_view::npos) return days;
    rest.remove_prefix(comma + 1);
  }
}

bool begins_with_weekday(std::string_view text) {
  return weekday_named(text.substr(0, 3)) >= 0;
}

}  // namespace plivo_dial
