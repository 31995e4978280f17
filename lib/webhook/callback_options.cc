// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/callback_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"

namespace plivo_dial {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 5> kRetryPolicies = {"4xx", "5xx", "ct", "rt", "all"};
constexpr std::array<std::string_view, 7> kEdges = {
    "nearest", "local", "n_california", "n_virginia", "frankfurt", "singapore", "mumbai"};

struct Range {
  std::string_view key;
  int low;
  int high;
  std::string_view unit;
};
constexpr std::array<Range, 4> kRanges = {{{"ct", 100, 10000, " milliseconds"},
                                           {"rt", 100, 40000, " milliseconds"},
                                           {"tt", 100, 55000, " milliseconds"},
                                           {"rc", 0, 5, " retries"}}};
constexpr std::array<std::string_view, 6> kKeys = {"ct", "rt", "tt", "rc", "rp", "er"};

std::string listed(Words words) {
  std::string out;
  for (const std::string_view word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

std::string did_you_mean(std::string_view word, Words known) {
  const auto nearest = nearest_word(word, known);
  return nearest ? "; did you mean " + std::string(*nearest) + "?" : "";
}

std::optional<Error> check_number(std::string_view value, const Range& range) {
  int number = 0;
  const char* const end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && stopped == end && number >= range.low && number <= range.high) {
    return std::nullopt;
  }
  return Error{std::string(range.key) + "=" + in_quotes(value) + " is out of range: give " +
               std::to_string(range.low) + " to " + std::to_string(range.high) +
               std::string(range.unit)};
}

std::optional<Error> check_word(std::string_view key, std::string_view word, Words known) {
  if (std::ranges::find(known, word) != known.end()) return std::nullopt;
  return Error{std::string(key) + " does not know the word " + in_quotes(word) + ": give " +
               listed(known) + did_you_mean(word, known)};
}

std::optional<Error> check_retry_policies(std::string_view value) {
  std::array<bool, kRetryPolicies.size()> seen{};
  for (std::size_t start = 0; start <= value.size();) {
    const std::size_t end = std::min(value.find(',', start), value.size());
    const std::string_view word = value.substr(start, end - start);
    start = end + 1;
    if (auto error = check_word("rp", word, kRetryPolicies)) return error;
    const auto index =
        static_cast<std::size_t>(std::ranges::find(kRetryPolicies, word) - kRetryPolicies.begin());
    if (seen[index]) return Error{"rp names " + in_quotes(word) + " twice: name it once"};
    seen[index] = true;
  }
  return std::nullopt;
}

std::optional<Error> check_value(std::string_view key, std::string_view value) {
  if (key == "rp") return check_retry_policies(value);
  if (key == "er") return check_word("er", value, kEdges);
  return check_number(value, *std::ranges::find(kRanges, key, &Range::key));
}

}  // namespace

Result<std::string> parse_callback_options(std::span<const std::string_view> arguments) {
  if (arguments.empty()) {
    return Error{"no option given: write some of " + listed(kKeys) + " as key=value, or none"};
  }
  if (arguments.size() == 1 && arguments[0] == "none") return std::string();

  std::string fragment;
  std::array<bool, kKeys.size()> seen{};
  for (const std::string_view argument : arguments) {
    if (argument == "none") return Error{"\"none\" stands alone: leave out the other options"};
    const std::size_t equals = argument.find('=');
    const std::string_view key = argument.substr(0, equals);
    const auto found = std::ranges::find(kKeys, key);
    if (found == kKeys.end()) {
      return Error{"unknown option " + in_quotes(argument) + ": the options are " + listed(kKeys) +
                   did_you_mean(key, kKeys)};
    }
    if (equals == std::string_view::npos) {
      return Error{"option " + in_quotes(argument) + " has no value: write " + std::string(key) +
                   "=value"};
    }
    bool& repeated = seen[static_cast<std::size_t>(found - kKeys.begin())];
    if (repeated) return Error{"option " + in_quotes(key) + " is given twice: give it once"};
    repeated = true;
    if (auto error = check_value(key, argument.substr(equals + 1))) return *std::move(error);
    if (!fragment.empty()) fragment.push_back('&');
    fragment += argument;
  }
  return fragment;
}

}  // namespace plivo_dial
