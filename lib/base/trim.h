// File: lib/base/trim.h
//
// A text without the blanks around it: header values, lines of files, answers at a prompt.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

// What may stand around a header's value (OWS of RFC 9110, 5.6.3), and around a word in a line.
inline constexpr std::string_view kBlanks = " \t";
// The same, for lines of files that may have been written with CR LF.
inline constexpr std::string_view kLineBlanks = " \t\r";

// `text` without the bytes of `blanks` at both its ends; "" when it has no others. Pure.
constexpr std::string_view trim(std::string_view text, std::string_view blanks = kBlanks) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace plivo_dial
