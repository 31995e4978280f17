// File: lib/json/plain_run.h
//
// How far a text is itself in JSON: what writes texts copies them by such runs, and what reads them
// passes over them, instead of looking at each character.
//
//   plain_run("USER_BUSY\",\"to\"")    -> 9
//   plain_run("caf\xc3\xa9")           -> 3
//
// A pure function.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace plivo_dial {

// Whether the byte of a text is itself in JSON, in whichever charset.
constexpr bool is_plain_in_json(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value >= 0x20 && value < 0x7F && byte != '"' && byte != '\\';
}

// How many bytes at the front of `text` are plain.
inline std::size_t plain_run(std::string_view text) {
  // Eight at a time. A byte that is not plain sets the highest bit at its place in one of the
  // terms; what it carries into its neighbours may set others, which the loop behind this sorts
  // out.
  constexpr std::uint64_t kEach = 0x0101'0101'0101'0101;
  constexpr std::size_t kStep = sizeof kEach;
  std::size_t length = 0;
  for (; length + kStep <= text.size(); length += kStep) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + length, kStep);
    const std::uint64_t quote = bytes ^ (kEach * '"');
    const std::uint64_t backslash = bytes ^ (kEach * '\\');
    const std::uint64_t low = (bytes - kEach * 0x20) | (quote - kEach) | (backslash - kEach);
    if (((bytes | (bytes + kEach) | low) & (kEach * 0x80)) != 0) break;
  }
  while (length < text.size() && is_plain_in_json(text[length])) ++length;
  return length;
}

}  // namespace plivo_dial
