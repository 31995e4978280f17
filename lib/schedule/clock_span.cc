// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/clock_span.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

std::string clock_text(int minutes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02d:%02d", minutes / 60, minutes % 60);
  return text.data();
}

Result<ClockSpan> parse_one_span(std::string_view text) {
  const std::size_t hyphen = text.find('-');
  if (hyphen == std::string_view::npos) {
    return Error{in_quotes(text) +
                 " is no span of hours; write two times with a hyphen between them, such as "
                 "09:00-17:30"};
  }
  const Result<int> from = parse_clock_time(trim(text.substr(0, hyphen)));
  if (!from) return from.error();
  const Result<int> to = parse_clock_time(trim(text.substr(hyphen + 1)));
  if (!to) return to.error();
  if (*from == kMinutesOfDay) {
    return Error{in_quotes(text) +
                 " begins at 24:00, which is an end only; write 00:00 of the next "
                 "day"};
  }
  if (*from == *to) {
    return Error{in_quotes(text) + " has no length; a whole day is 00:00-24:00"};
  }
  return ClockSpan{*from, *to > *from ? *to : *to + kMinutesOfDay};
}

Result<void> check_apart(const std::vector<ClockSpan>& sorted) {
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].from >= sorted[i - 1].to) continue;
    return Error{to_string(sorted[i]) + " overlaps with " + to_string(sorted[i - 1]) +
                 "; join them, or let one end where the other begins"};
  }
  return {};
}

}  // namespace

Result<int> parse_clock_time(std::string_view text) {
  const Error wrong{in_quotes(text) +
                    " is no time; write hours and minutes of 24 hours, such as 09:00 or 17:30"};
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return wrong;
  const std::string_view hours = text.substr(0, colon);
  const std::string_view minutes = text.substr(colon + 1);
  if (!is_all_digits(hours) || hours.size() > 2) return wrong;
  if (!is_all_digits(minutes) || minutes.size() != 2) return wrong;
  const auto number = [](std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = 10 * value + (c - '0');
    return value;
  };
  const int time = 60 * number(hours) + number(minutes);
  if (number(minutes) > 59 || time > kMinutesOfDay) return wrong;
  return time;
}

Result<std::vector<ClockSpan>> parse_clock_spans(std::string_view text) {
  std::vector<ClockSpan> spans;
  for (std::string_view rest = text;;) {
    const std::size_t comma = rest.find(',');
    const Result<ClockSpan> span = parse_one_span(trim(rest.substr(0, comma)));
    if (!span) return span.error();
    spans.push_back(*span);
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  std::ranges::sort(spans, {}, &ClockSpan::from);
  if (const Result<void> apart = check_apart(spans); !apart) return apart.error();
  return spans;
}

std::string to_string(const ClockSpan& span) {
  const int to = span.to > kMinutesOfDay ? span.to - kMinutesOfDay : span.to;
  return clock_text(span.from) + "-" + clock_text(to);
}

}  // namespace plivo_dial
