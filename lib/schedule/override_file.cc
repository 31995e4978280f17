// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/override_file.h"

#include <string>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kOverrideForms =
    "write closed, open, \"closed until 2026-12-24T15:00\", \"open until 2026-12-24T15:00\" or "
    "auto";

// The one line that says something; an error when there are two.
Result<std::string_view> said_in(std::string_view content) {
  std::string_view said;
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    const std::string_view line = content.substr(0, end);
    const std::string_view words = trim(line.substr(0, line.find('#')), kLineBlanks);
    if (!words.empty() && !said.empty()) {
      return Error{"two lines say something, " + in_quotes(said) + " and " + in_quotes(words) +
                   "; leave one of them"};
    }
    if (!words.empty()) said = words;
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
  return said;
}

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = rest.find_first_of(kBlanks);
  const std::string_view word = rest.substr(0, end);
  rest = trim(rest.substr(word.size()));
  return word;
}

Result<WallSeconds> parse_until(std::string_view rest) {
  std::string_view time = rest;
  const std::string_view word = take_word(time);
  if (!equals_ignoring_case(word, "until") || time.empty()) {
    return Error{in_quotes(rest) +
                 " does not say until when; write until 2026-12-24T15:00, or nothing"};
  }
  if (const auto wall = parse_wall_time(time)) return *wall;
  return Error{in_quotes(time) +
               " is no time; write date, T, hours and minutes of the schedule's zone, without "
               "seconds and without an offset, such as 2026-12-24T15:00"};
}

}  // namespace

Result<Override> parse_override(std::string_view content) {
  constexpr std::string_view kWords[] = {"closed", "open", "auto"};
  if (content.size() > kLargestOverrideFile) {
    return Error{"it has more than " + std::to_string(kLargestOverrideFile) + " bytes; " +
                 std::string(kOverrideForms)};
  }
  const Result<std::string_view> said = said_in(content);
  if (!said) return said.error();
  std::string_view rest = *said;
  const std::string_view word = take_word(rest);
  Override override;
  if (equals_ignoring_case(word, "open")) override.open = true;
  if (equals_ignoring_case(word, "closed")) override.open = false;
  const bool is_auto = word.empty() || equals_ignoring_case(word, "auto");
  if (!override.open && (!is_auto || !rest.empty())) {
    const auto meant = nearest_word(word, kWords);
    return Error{in_quotes(*said) + " is unknown; " +
                 (meant && !is_auto ? "did you mean " + std::string(*meant) + "? Else " : "") +
                 std::string(kOverrideForms)};
  }
  if (rest.empty()) return override;
  const Result<WallSeconds> until = parse_until(rest);
  if (!until) return until.error();
  override.until = *until;
  return override;
}

std::string to_string(const Override& override) {
  if (!override.open) return "auto";
  const std::string word = *override.open ? "open" : "closed";
  return override.until ? word + " until " + wall_time_text(*override.until) : word;
}

std::optional<bool> overridden(const Override& override, const OpeningsView& openings,
                               Instant instant) {
  if (!override.open || !override.until) return override.open;
  if (instant >= openings.instant_at(*override.until, WallMeaning::kClosing)) return std::nullopt;
  return override.open;
}

}  // namespace plivo_dial
