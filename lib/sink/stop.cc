// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/stop.h"

namespace plivo_dial {

void Stop::request(Clock::time_point deadline) {
  const MutexLock guard(mutex_);
  if (requested_) return;
  requested_ = true;
  deadline_ = deadline;
  changed_.notify_all();
}

bool Stop::requested() const {
  const MutexLock guard(mutex_);
  return requested_;
}

bool Stop::due() const {
  const MutexLock guard(mutex_);
  return requested_ && Clock::now() >= deadline_;
}

std::optional<Stop::Clock::time_point> Stop::deadline() const {
  const MutexLock guard(mutex_);
  return requested_ ? std::optional(deadline_) : std::nullopt;
}

bool Stop::sleep_for(std::chrono::milliseconds time) const {
  const Clock::time_point end = Clock::now() + time;
  const MutexLock lock(mutex_);
  while (!requested_ && changed_.wait_until(mutex_, end)) {
  }
  return !requested_;
}

}  // namespace plivo_dial
