// File: lib/base/wall_clock.h
//
// The time of day, by which events are accepted. Somebody may set it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace plivo_dial {

// Nanoseconds since 1970-01-01 UTC.
inline std::uint64_t wall_clock_ns() {
  const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(now.count());
}

// The same in microseconds.
inline std::int64_t wall_clock_us() {
  return static_cast<std::int64_t>(wall_clock_ns() / 1000);
}

}  // namespace plivo_dial
