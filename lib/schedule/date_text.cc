// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/date_text.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "lib/base/text.h"
#include "lib/schedule/clock_span.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kDateLength = 10;

int number_in(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace

std::optional<std::chrono::year_month_day> parse_date(std::string_view text) {
  if (text.size() != kDateLength || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::string_view year = text.substr(0, 4);
  const std::string_view month = text.substr(5, 2);
  const std::string_view day = text.substr(8, 2);
  if (!is_all_digits(year) || !is_all_digits(month) || !is_all_digits(day)) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(number_in(year)),
      std::chrono::month(static_cast<unsigned>(number_in(month))),
      std::chrono::day(static_cast<unsigned>(number_in(day)))};
  if (!date.ok() || number_in(year) < 1970) return std::nullopt;
  return date;
}

std::optional<WallSeconds> parse_wall_time(std::string_view text) {
  const auto date = parse_date(text.substr(0, kDateLength));
  if (!date || text.size() <= kDateLength) return std::nullopt;
  if (text[kDateLength] != 'T' && text[kDateLength] != ' ') return std::nullopt;
  const Result<int> minutes = parse_clock_time(text.substr(kDateLength + 1));
  if (!minutes) return std::nullopt;
  return std::chrono::sys_days(*date).time_since_epoch().count() * kSecondsOfDay + *minutes * 60;
}

std::optional<AskedTime> parse_asked_time(std::string_view text) {
  const bool is_utc = text.ends_with('Z');
  if (is_utc) text.remove_suffix(1);
  const auto wall = parse_wall_time(text);
  if (!wall) return std::nullopt;
  return AskedTime{*wall, is_utc};
}

std::string wall_time_text(WallSeconds wall) {
  const std::chrono::sys_days day =
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(wall)));
  const auto second = static_cast<int>(wall - day.time_since_epoch().count() * kSecondsOfDay);
  std::array<char, 48> clock{};
  std::snprintf(clock.data(), clock.size(), "T%02d:%02d", second / 3600, second / 60 % 60);
  std::string text = date_text(day) + clock.data();
  if (second % 60 == 0) return text;
  std::snprintf(clock.data(), clock.size(), ":%02d", second % 60);
  return text + clock.data();
}

std::string date_text(std::chrono::year_month_day date) {
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

}  // namespace plivo_dial
