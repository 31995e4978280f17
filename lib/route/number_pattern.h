// File: lib/route/number_pattern.h
//
// Which numbers a line of a map or list is about: one number, all that begin alike, or callers who
// hide theirs. Pure functions.
//
//   parse_caller_pattern("+14155550199")     -> one number
//   parse_caller_pattern("+1415*")           -> all that begin with +1415
//   parse_caller_pattern("anonymous")        -> callers without a number
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::string_view kAnonymous = "anonymous";

struct NumberPattern {
  std::string digits;      // without '+'; kAnonymous for those callers
  bool is_prefix = false;  // of 1 to 15 digits

  friend bool operator==(const NumberPattern&, const NumberPattern&) = default;
};

// Reads a number in E.164, or its first digits and a star. The error names the word and, where one
// can be told, the pattern that was meant.
Result<NumberPattern> parse_number_pattern(std::string_view word);

// The same, or `anonymous`.
Result<NumberPattern> parse_caller_pattern(std::string_view word);

// As it is written: "+1415*".
std::string to_string(const NumberPattern& pattern);

}  // namespace plivo_dial
