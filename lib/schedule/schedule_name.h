// File: lib/schedule/schedule_name.h
//
// What a schedule may be called.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include "lib/base/text.h"

namespace plivo_dial {

// 1 to 64 letters, digits, '.', '_' and '-'. Pure.
inline bool is_schedule_name(std::string_view name) {
  constexpr std::size_t kLongestName = 64;
  const auto fits = [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kLongestName && std::ranges::all_of(name, fits);
}

}  // namespace plivo_dial
