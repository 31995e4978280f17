// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/when.h"

#include "lib/base/in_quotes.h"
#include "lib/schedule/schedule_name.h"

namespace plivo_dial {

Result<When> parse_when(std::string_view text) {
  When when;
  when.open = !text.starts_with('!');
  const std::string_view name = when.open ? text : text.substr(1);
  if (!is_schedule_name(name)) {
    return Error{"when=" + in_quotes(text) +
                 " is no name of a schedule: it is when=office while PlivoSchedule office is open, "
                 "or when=!office while it is closed"};
  }
  when.schedule = name;
  return when;
}

std::string to_string(const When& when) {
  return (when.open ? "" : "!") + when.schedule;
}

bool holds(const When& when, const Hours* hours) {
  if (when.schedule.empty() || hours == nullptr) return true;
  return hours->is_open(when.schedule) == when.open;
}

}  // namespace plivo_dial
