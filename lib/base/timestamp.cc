// SPDX-License-Identifier: Apache-2.0
#include "lib/base/timestamp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace plivo_dial {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kLastMicrosecond = 253'402'300'799'999'999;  // end of the year 9999

// The number that `text` is made of, digits only.
std::optional<int> digits(std::string_view text) {
  int value = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// ".184467" as microseconds; "" is none.
std::optional<int> fraction(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != '.' || text.size() > 7) return std::nullopt;
  std::optional<int> value = digits(text.substr(1));
  for (std::size_t length = text.size(); value && length < 7; ++length) *value *= 10;
  return value;
}

}  // namespace

std::string format_timestamp(std::int64_t time) {
  const microseconds since_epoch(std::clamp<std::int64_t>(time, 0, kLastMicrosecond));
  const days day = floor<days>(since_epoch);
  const year_month_day date{sys_days(day)};
  const std::chrono::hh_mm_ss clock(since_epoch - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (!text.ends_with('Z')) return std::nullopt;
  text.remove_suffix(1);
  if (text.size() < kForm.size()) return std::nullopt;
  for (const std::size_t i : {4U, 7U, 10U, 13U, 16U}) {
    if (text[i] != kForm[i]) return std::nullopt;
  }
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = digits(text.substr(17, 2));
  const auto micros = fraction(text.substr(kForm.size()));
  if (!year || !month || !day || !hour || !minute || !second || !micros) return std::nullopt;
  const year_month_day date{std::chrono::year(*year),
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok() || *year < 1970 || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  const auto time = sys_days(date).time_since_epoch() + std::chrono::hours(*hour) +
                    std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                    microseconds(*micros);
  return microseconds(time).count();
}

}  // namespace plivo_dial
