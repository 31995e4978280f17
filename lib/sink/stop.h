// File: lib/sink/stop.h
//
// The end of work, as several threads see it: first asked for, with time to finish what is in
// flight, then due. One for each thread that can be ended by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "lib/base/mutex.h"

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
  mutable Mutex mutex_;
  mutable ConditionVariable changed_;
  bool requested_ PLIVO_GUARDED_BY(mutex_) = false;
  Clock::time_point deadline_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
