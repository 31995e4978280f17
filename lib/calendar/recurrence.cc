// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/recurrence.h"

#include <libical/ical.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <span>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/calendar/libical_lock.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kMostTimesADay = 24;
constexpr std::size_t kMostSteps = 2'000'000;
// Behind some millions of years libical's calendar stands still, and its search for the next time
// with it.
constexpr short kLongestInterval = 1000;
constexpr WallSeconds kEndMargin = 2 * kSecondsOfDay;

struct IteratorEnd {
  void operator()(icalrecur_iterator* iterator) const { icalrecur_iterator_free(iterator); }
};
struct TextEnd {
  void operator()(char* text) const { std::free(text); }
};

icaltimetype ical_time(WallSeconds wall, bool is_date) {
  const auto time = std::chrono::sys_seconds(std::chrono::seconds(wall));
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto second = static_cast<int>((time - day).count());
  icaltimetype result = icaltime_null_time();
  result.year = static_cast<int>(date.year());
  result.month = static_cast<int>(static_cast<unsigned>(date.month()));
  result.day = static_cast<int>(static_cast<unsigned>(date.day()));
  result.is_date = is_date ? 1 : 0;
  if (is_date) return result;
  result.hour = second / 3600;
  result.minute = second / 60 % 60;
  result.second = second % 60;
  return result;
}

WallSeconds wall_in(const icaltimetype& time) {
  const std::chrono::year_month_day date{std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  const WallSeconds midnight =
      std::chrono::sys_days(date).time_since_epoch().count() * kSecondsOfDay;
  return time.is_date != 0 ? midnight
                           : midnight + time.hour * 3600 + time.minute * 60 + time.second;
}

std::size_t length_of(std::span<const short> list) {
  const auto end = std::ranges::find(list, static_cast<short>(ICAL_RECURRENCE_ARRAY_MAX));
  return std::max<std::size_t>(1, static_cast<std::size_t>(end - list.begin()));
}

// Whether all days of BYMONTHDAY are behind the end of all months of BYMONTH, such as 30 February.
bool names_no_day(const icalrecurrencetype& rule) {
  constexpr int kLengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  constexpr short kEnd = ICAL_RECURRENCE_ARRAY_MAX;
  if (rule.by_month[0] == kEnd || rule.by_month_day[0] == kEnd) return false;
  for (const short* month = rule.by_month; *month != kEnd; ++month) {
    if (*month < 1 || *month > 12) return false;
    for (const short* day = rule.by_month_day; *day != kEnd; ++day) {
      if (std::abs(*day) <= kLengths[*month - 1]) return false;
    }
  }
  return true;
}

Result<void> check_rule(const icalrecurrencetype& rule, const std::string& text) {
  const std::string start = "RRULE " + in_quotes(text);
  if (text.find("RSCALE") != std::string::npos) {
    return Error{start + " is of another calendar (RSCALE); write the dates as RDATE"};
  }
  if (rule.freq == ICAL_NO_RECURRENCE || rule.interval < 1) {
    return Error{start + " is not understood; write a rule such as FREQ=WEEKLY;BYDAY=MO,FR"};
  }
  if (rule.interval > kLongestInterval) {
    return Error{start + " has an INTERVAL of more than " + std::to_string(kLongestInterval) +
                 "; write the dates as RDATE"};
  }
  if (names_no_day(rule)) {
    return Error{start + " names days that no year has; correct BYMONTH or BYMONTHDAY"};
  }
  if (rule.freq == ICAL_HOURLY_RECURRENCE || rule.freq == ICAL_MINUTELY_RECURRENCE ||
      rule.freq == ICAL_SECONDLY_RECURRENCE) {
    return Error{start + " repeats within a day; write FREQ=DAILY;BYHOUR=9,14 or two events"};
  }
  if (length_of(rule.by_hour) * length_of(rule.by_minute) * length_of(rule.by_second) >
      kMostTimesADay) {
    return Error{start + " repeats more than " + std::to_string(kMostTimesADay) +
                 " times a day; write events that last longer"};
  }
  return {};
}

// Sets where the rule ends for its iterator: at what it says itself, with a margin for its zone
// where that is in UTC, and behind `to` at the latest.
void bound_rule(icalrecurrencetype& rule, WallSeconds to, Recurrences& found) {
  WallSeconds end = to + kEndMargin;
  if (icaltime_is_null_time(rule.until) == 0) {
    // A date is meant with all of its day.
    const WallSeconds until =
        wall_in(rule.until) + (rule.until.is_date != 0 ? kSecondsOfDay - 1 : 0);
    const bool in_utc = rule.until.is_date == 0 && icaltime_is_utc(rule.until) != 0;
    if (in_utc) found.until = until;
    end = std::min(end, in_utc ? until + kEndMargin : until);
  }
  rule.until = ical_time(end, false);
}

}  // namespace

Result<Recurrences> find_recurrences(const std::string& text, const RecurrenceStart& start,
                                     WallSeconds from, WallSeconds to) {
  const MutexLock lock(libical_mutex());
  prepare_libical();
  std::string rule_text = text;
  for (char& c : rule_text) c = to_large(c);
  icalrecurrencetype rule = icalrecurrencetype_from_string(rule_text.c_str());
  // The one member that is allocated, for whoever has the rule to free.
  const std::unique_ptr<char, TextEnd> calendar_system(rule.rscale);
  if (const Result<void> good = check_rule(rule, rule_text); !good) return good.error();
  Recurrences found;
  bound_rule(rule, to, found);
  const std::unique_ptr<icalrecur_iterator, IteratorEnd> iterator(
      icalrecur_iterator_new(rule, ical_time(start.wall, start.is_date)));
  if (!iterator) {
    return Error{
        "RRULE " + in_quotes(text) +
        " has parts that do not go together; write a rule such as FREQ=WEEKLY;BYDAY=MO,FR"};
  }
  for (std::size_t step = 0;; ++step) {
    const icaltimetype next = icalrecur_iterator_next(iterator.get());
    if (icaltime_is_null_time(next) != 0) break;
    const WallSeconds wall = wall_in(next);
    if (wall > to) break;
    if (wall >= from) found.walls.push_back(wall);
    if (found.walls.size() > kMostOccurrences || step > kMostSteps) {
      return Error{"RRULE " + in_quotes(text) + " gives more than " +
                   std::to_string(kMostOccurrences) +
                   " occurrences; let it repeat more seldom, by events that last longer"};
    }
  }
  std::ranges::sort(found.walls);
  return found;
}

}  // namespace plivo_dial
