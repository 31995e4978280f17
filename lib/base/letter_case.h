// File: lib/base/letter_case.h
//
// Comparison of words whose letters may be large or small. Use it for ASCII words of a protocol or
// of the configuration; it knows no locale.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace plivo_dial {

// Both are pure.
inline char to_small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_small(x) == to_small(y); });
}

}  // namespace plivo_dial
