// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/breaker.h"

#include <algorithm>

namespace plivo_dial {

bool Breaker::may_try(std::int64_t now_ms) const {
  return !open_ || (!trying_ && now_ms >= next_try_ms_);
}

void Breaker::begin() {
  trying_ = open_;
}

bool Breaker::succeeded() {
  failed_.clear();
  trying_ = false;
  pause_ = kFirstPause;
  const bool was_open = open_;
  open_ = false;
  return was_open;
}

bool Breaker::failed(std::uint64_t seq, std::int64_t now_ms) {
  if (!open_) {
    failed_.insert(seq);
    if (failed_.size() < kFailures) return false;
    open_ = true;
    pause_ = kFirstPause;
    next_try_ms_ = now_ms + pause_.count();
    return true;
  }
  // Attempts that began before it opened tell nothing new.
  if (!trying_) return false;
  trying_ = false;
  pause_ = std::min(kLastPause, 2 * pause_);
  next_try_ms_ = now_ms + pause_.count();
  return false;
}

void Breaker::abandoned() {
  trying_ = false;
}

}  // namespace plivo_dial
