// File: lib/sink/stop.h
//
// The end of work, as several threads see it: first asked for, with time to finish what is in
// flight, then due. One for each thread that can be ended by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace plivo_dial {

// For waits that a Stop can't wake: how often they look at it.
inline constexpr std::chrono::milliseconds kStopCheck{100};

// Thread-safe.
class Stop {
 public:
  using Clock = std::chrono::steady_clock;

  // Asks for the end; what is in flight has until `deadline`. The first call counts.
  void request(Clock::time_point deadline);

  bool requested() const;

  // Requested, and the deadline has passed.
  bool due() const;

  // The one that was asked for first; nothing before that.
  std::optional<Clock::time_point> deadline() const;

  // Sleeps; false, at once, when the end is requested.
  bool sleep_for(std::chrono::milliseconds time) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool requested_ = false;
  Clock::time_point deadline_;
};

}  // namespace plivo_dial
