// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/schedule_arguments.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/schedule/schedule_name.h"

namespace plivo_dial {
namespace {

using Words = std::span<const std::string_view>;

constexpr int kMinutesOfWeek = 7 * kMinutesOfDay;
constexpr std::array<std::string_view, 4> kFileOptions = {"except", "open", "closed", "override"};
constexpr std::string_view kScheduleForm =
    "the form is: name zone \"Mon-Fri 09:00-18:00\"... [except=FILE] [open=FILE.ics] "
    "[closed=FILE.ics] [override=FILE]";

Result<void> check_schedule_name(std::string_view name) {
  if (is_schedule_name(name)) return {};
  return Error{"schedule name " + in_quotes(name) +
               " is not 1 to 64 letters, digits, '.', '_' or '-'; " + std::string(kScheduleForm)};
}

// Whether it looks like hours, so that the zone before them was forgotten.
bool looks_like_hours(std::string_view word) {
  return (begins_with_weekday(word) && word.find('/') == std::string_view::npos) ||
         word.find(':') != std::string_view::npos || word.find('=') != std::string_view::npos;
}

Result<void> check_zone_form(std::string_view zone) {
  constexpr std::size_t kLongestZone = 64;
  if (looks_like_hours(zone)) {
    return Error{"the time zone is missing before " + in_quotes(zone) +
                 "; name it behind the schedule's name, such as Europe/London"};
  }
  const auto fits = [](char c) {
    return is_letter_or_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
  };
  if (!zone.empty() && zone.size() <= kLongestZone && is_letter(zone.front()) &&
      std::ranges::all_of(zone, fits)) {
    return {};
  }
  return Error{"zone " + in_quotes(zone) +
               " is no name of a time zone; write one such as Europe/London or America/New_York"};
}

// --- Weekly hours.

std::string day_and_hours(int minute_of_week, const ClockSpan& hours) {
  const int day = minute_of_week / kMinutesOfDay;
  return std::string(kWeekdays[static_cast<std::size_t>(day)]) + " " + to_string(hours);
}

Result<void> check_weekly_apart(const std::vector<WeeklyHours>& weekly) {
  struct OnDay {
    int from;
    ClockSpan hours;
    int to() const { return from + hours.to - hours.from; }
  };
  std::vector<OnDay> all;
  for (const WeeklyHours& one : weekly) {
    for (int day = 0; day < 7; ++day) {
      if (has_day(one.days, day)) all.push_back({day * kMinutesOfDay + one.hours.from, one.hours});
    }
  }
  std::ranges::stable_sort(all, {}, &OnDay::from);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool last = i + 1 == all.size();
    const OnDay& next = all[last ? 0 : i + 1];
    if (all[i].to() <= next.from + (last ? kMinutesOfWeek : 0)) continue;
    return Error{day_and_hours(next.from, next.hours) + " overlaps with " +
                 day_and_hours(all[i].from, all[i].hours) +
                 "; join them, or let one end where the other begins"};
  }
  return {};
}

// The error for an argument that has days and no hours: `next` may be what was meant to be within
// the quotes.
Error no_hours(std::string_view days, std::string_view next) {
  if (!next.empty() && is_digit(next.front())) {
    return Error{"put quotes around days and hours: \"" + std::string(days) + " " +
                 std::string(next) + "\""};
  }
  return Error{in_quotes(days) + " has no hours; write for example " +
               in_quotes(std::string(days) + " 09:00-17:00")};
}

// Where in `hours` the name of another day begins, or npos.
std::size_t second_days(std::string_view hours) {
  for (std::size_t i = hours.find(' '); i < hours.size(); i = hours.find(' ', i + 1)) {
    if (begins_with_weekday(trim(hours.substr(i)))) return i;
  }
  return std::string_view::npos;
}

Result<void> take_weekly(std::string_view word, std::string_view next, Schedule& schedule) {
  if (const std::string plain = without_odd_characters(word); plain != word) {
    return Error{in_quotes(word) +
                 " holds a character that only looks like a hyphen or a blank; write " +
                 in_quotes(plain)};
  }
  const auto* const digit = std::ranges::find_if(word, is_digit);
  const auto length = static_cast<std::size_t>(digit - word.begin());
  const std::string_view days = trim(word.substr(0, length));
  const std::string_view hours = trim(word.substr(length));
  if (days.empty()) {
    return Error{in_quotes(word) + " names no day; write for example " +
                 in_quotes("Mon-Sun " + std::string(hours))};
  }
  const Result<DaySet> set = parse_weekdays(days);
  if (!set) return set.error();
  if (hours.empty()) return no_hours(days, next);
  if (const std::size_t other = second_days(hours); other != std::string_view::npos) {
    return Error{in_quotes(word) + " has days twice; write two arguments: " +
                 in_quotes(std::string(days) + " " + std::string(trim(hours.substr(0, other)))) +
                 " " + in_quotes(trim(hours.substr(other)))};
  }
  const Result<std::vector<ClockSpan>> spans = parse_clock_spans(hours);
  if (!spans) return spans.error();
  for (const ClockSpan& span : *spans) schedule.weekly.push_back({*set, span});
  return {};
}

// --- Files.

Result<void> check_file_name(std::string_view option, std::string_view path) {
  constexpr std::size_t kLongestPath = 4095;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (!path.empty() && path.size() <= kLongestPath && std::ranges::none_of(path, is_control)) {
    return {};
  }
  return Error{std::string(option) + "=" + in_quotes(path) + " names no file; write " +
               std::string(option) + "=/path/to/file"};
}

Result<void> take_single(std::string_view option, std::string_view path, std::string& file) {
  if (!file.empty()) {
    return Error{std::string(option) + "= is given twice, as " + in_quotes(file) + " and " +
                 in_quotes(path) + "; write it once"};
  }
  file = path;
  return {};
}

Result<void> take_calendar(std::string_view option, std::string_view path, Schedule& schedule) {
  for (const auto* calendars : {&schedule.open_calendars, &schedule.closed_calendars}) {
    if (std::ranges::find(*calendars, path) == calendars->end()) continue;
    return Error{"calendar " + in_quotes(path) + " is given twice; write it once"};
  }
  (option == "open" ? schedule.open_calendars : schedule.closed_calendars).emplace_back(path);
  return {};
}

Result<void> take_file(std::string_view word, Schedule& schedule) {
  const std::size_t equals = word.find('=');
  const std::string_view option = word.substr(0, equals);
  const std::string_view path = word.substr(equals + 1);
  if (!is_schedule_file(option)) {
    return Error{"option " + in_quotes(word) + " is unknown" +
                 proposal_or_list(option, kFileOptions)};
  }
  if (Result<void> named = check_file_name(option, path); !named) return named;
  if (option == "except") return take_single(option, path, schedule.exceptions_file);
  if (option == "override") return take_single(option, path, schedule.override_file);
  return take_calendar(option, path, schedule);
}

// Whether `word` is name=value rather than days and hours.
bool is_option(std::string_view word) {
  const std::size_t equals = word.find('=');
  return equals != std::string_view::npos &&
         word.substr(0, equals).find(' ') == std::string_view::npos;
}

}  // namespace

bool is_schedule_file(std::string_view option) {
  return std::ranges::find(kFileOptions, option) != kFileOptions.end();
}

Result<Schedule> parse_schedule(Words arguments) {
  if (arguments.size() < 2) {
    return Error{"name or time zone is missing; " + std::string(kScheduleForm)};
  }
  Schedule schedule;
  schedule.name = arguments[0];
  schedule.zone = arguments[1];
  if (const Result<void> good = check_schedule_name(schedule.name); !good) return good.error();
  if (const Result<void> good = check_zone_form(schedule.zone); !good) return good.error();
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    const std::string_view next = i + 1 < arguments.size() ? arguments[i + 1] : "";
    const std::string_view word = trim(arguments[i]);
    const Result<void> taken =
        is_option(word) ? take_file(word, schedule) : take_weekly(word, next, schedule);
    if (!taken) return taken.error();
  }
  if (const Result<void> apart = check_weekly_apart(schedule.weekly); !apart) return apart.error();
  if (schedule.weekly.empty() && schedule.open_calendars.empty() &&
      schedule.exceptions_file.empty()) {
    return Error{"schedule " + in_quotes(schedule.name) +
                 " never opens; give it hours such as \"Mon-Fri 09:00-17:00\", or open=FILE.ics"};
  }
  return schedule;
}

}  // namespace plivo_dial
