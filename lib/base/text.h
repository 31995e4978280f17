// File: lib/base/text.h
//
// The small things that are done with text everywhere: blanks around it, large and small letters,
// the directory of a path. ASCII only, no locale. Pure functions.
//
//   trim("  a b ")                                -> "a b"
//   equals_ignoring_case("Hangup", "HANGUP")      -> true
//   directory_of("/var/log/plivo-dial/events")    -> "/var/log/plivo-dial"
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace plivo_dial {

// What may stand around a header's value (OWS of RFC 9110, 5.6.3), and around a word in a line.
inline constexpr std::string_view kBlanks = " \t";
// The same, for lines of files that may have been written with CR LF.
inline constexpr std::string_view kLineBlanks = " \t\r";
// White space of XML (S of XML 1.0, 2.3).
inline constexpr std::string_view kXmlBlanks = " \t\r\n";

// `text` without the bytes of `blanks` at both its ends; "" when it has no others.
constexpr std::string_view trim(std::string_view text, std::string_view blanks = kBlanks) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr bool is_letter_or_digit(char c) {
  return is_letter(c) || is_digit(c);
}

// At least one, and nothing else.
constexpr bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

constexpr char to_small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char to_large(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// `text` in small letters.
inline std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = to_small(c);
  return small;
}

inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_small(x) == to_small(y); });
}

// The directory in which the file or directory `path` lies; "/" of what lies there, "." of a name
// without a slash.
inline std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, std::max<std::size_t>(1, slash)));
}

}  // namespace plivo_dial
