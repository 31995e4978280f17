// SPDX-License-Identifier: Apache-2.0
#include "lib/route/number_pattern.h"

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/base/without_plus.h"
#include "lib/image/image.h"
#include "lib/plan/target.h"

namespace plivo_dial {
namespace {

bool is_prefix_digits(std::string_view digits) {
  return is_all_digits(digits) && digits.size() <= kMostPrefix && digits.front() != '0';
}

Error bad_prefix(std::string_view word) {
  const std::string_view before = word.substr(0, word.find('*'));
  if (word.find_first_not_of("+*") == std::string_view::npos) {
    return Error{in_quotes(word) +
                 " stands for every number; write the digits that they begin with, such as +1415*"};
  }
  if (before.size() + 1 < word.size()) {
    return Error{in_quotes(word) +
                 " has a star that is not at its end; write the first digits "
                 "and one star, such as +1415*"};
  }
  std::string_view digits = without_plus(before);
  if (digits.starts_with("00")) digits.remove_prefix(2);
  const std::string proposal =
      is_prefix_digits(digits) ? "; did you mean +" + std::string(digits) + "*?" : "";
  return Error{in_quotes(word) +
               " is not the beginning of a number in E.164: '+', then 1 to 15 digits, the first "
               "not 0, and a star" +
               proposal};
}

}  // namespace

Result<NumberPattern> parse_number_pattern(std::string_view word) {
  if (word.find('*') != std::string_view::npos) {
    const std::string_view start = word.substr(0, word.size() - 1);
    const bool good =
        word.ends_with('*') && start.starts_with('+') && is_prefix_digits(without_plus(start));
    if (!good) return bad_prefix(word);
    return NumberPattern{std::string(without_plus(start)), true};
  }
  Result<void> number = check_e164(word);
  if (number) return NumberPattern{std::string(without_plus(word)), false};
  const bool is_short = word.starts_with('+') && is_prefix_digits(without_plus(word));
  if (!is_short) return number.error();
  return Error{in_quotes(word) + " is too short for a number in E.164; write " + std::string(word) +
               "* for all numbers that begin so"};
}

Result<NumberPattern> parse_caller_pattern(std::string_view word) {
  if (equals_ignoring_case(word, kAnonymous)) return NumberPattern{std::string(kAnonymous), false};
  Result<NumberPattern> pattern = parse_number_pattern(word);
  if (pattern || word.empty() || !is_letter(word.front())) return pattern;
  constexpr std::string_view kWords[] = {kAnonymous};
  constexpr std::string_view kOthers[] = {"anonym",  "restricted",  "private", "withheld",
                                          "unknown", "unavailable", "blocked", "hidden"};
  const bool meant = nearest_word(word, kWords) || nearest_word(word, kOthers);
  return Error{in_quotes(word) +
               " is neither a number such as +14155550199, nor the beginning of "
               "numbers such as +1415*, nor the word anonymous" +
               (meant ? "; did you mean anonymous?" : "")};
}

std::string to_string(const NumberPattern& pattern) {
  if (pattern.digits == kAnonymous) return pattern.digits;
  return "+" + pattern.digits + (pattern.is_prefix ? "*" : "");
}

}  // namespace plivo_dial
