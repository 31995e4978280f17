// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/stop.h"

namespace plivo_dial {

void Stop::request(Clock::time_point deadline) {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (requested_) return;
  requested_ = true;
  deadline_ = deadline;
  changed_.notify_all();
}

bool Stop::requested() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return requested_;
}

bool Stop::due() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return requested_ && Clock::now() >= deadline_;
}

std::optional<Stop::Clock::time_point> Stop::deadline() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return requested_ ? std::optional(deadline_) : std::nullopt;
}

bool Stop::sleep_for(std::chrono::milliseconds time) const {
  std::unique_lock<std::mutex> lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return requested_; });
}

}  // namespace plivo_dial
