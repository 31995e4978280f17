// File: lib/log/log_level.h
//
// How severe a line of the dispatcher's log is, and which lines are wanted, in httpd's words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace plivo_dial {

enum class LogLevel { kError, kWarning, kNotice, kInfo };  // most severe first

inline constexpr std::array<std::string_view, 4> kLogLevelNames = {"error", "warn", "notice",
                                                                   "info"};

constexpr std::string_view to_string(LogLevel level) {
  return kLogLevelNames[static_cast<std::size_t>(level)];
}

constexpr std::optional<LogLevel> parse_log_level(std::string_view name) {
  for (std::size_t i = 0; i < kLogLevelNames.size(); ++i) {
    if (kLogLevelNames[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

}  // namespace plivo_dial
