// File: lib/base/utf8.h
//
// UTF-8 as Unicode 15 table 3-7 defines it: no overlong forms, no surrogates, nothing above
// U+10FFFF. Use it wherever bytes from the network become text for XML, JSON or a log line.
// All functions are pure and safe to call from any thread.
//
//   replace_invalid_utf8("caf\xe9!")    -> "caf\xef\xbf\xbd!"
//   while (!rest.empty()) {
//     const Utf8Step step = decode_utf8(rest);
//     if (!step.valid) ++broken;
//     rest.remove_prefix(step.length);
//   }
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plivo_dial {

// One step of a walk over `text`: `length` bytes (1 to 4) hold `code_point`. Bytes that are not
// UTF-8 give valid = false, code_point = U+FFFD, and the length of the maximal broken prefix, so
// that each broken sequence becomes one replacement character.
struct Utf8Step {
  char32_t code_point;
  std::size_t length;
  bool valid;
};

// Decodes the first character of `text`, which must not be empty.
Utf8Step decode_utf8(std::string_view text);

// Appends `code_point`, which must be a Unicode scalar value, to `out`.
void append_utf8(char32_t code_point, std::string& out);

bool is_valid_utf8(std::string_view text);

// `text` with each broken sequence replaced by U+FFFD; always valid UTF-8.
std::string replace_invalid_utf8(std::string_view text);

}  // namespace plivo_dial
