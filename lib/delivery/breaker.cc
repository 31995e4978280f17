// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/breaker.h"

#include <algorithm>

namespace plivo_dial {

bool Breaker::may_try(std::int64_t now_ms) const {
  return !open_ || (probe_ == 0 && now_ms >= next_try_ms_);
}

std::uint64_t Breaker::begin() {
  ++attempts_;
  if (open_) probe_ = attempts_;
  return attempts_;
}

bool Breaker::succeeded() {
  failed_.clear();
  probe_ = 0;
  pause_ = kFirstPause;
  const bool was_open = open_;
  open_ = false;
  return was_open;
}

bool Breaker::failed(std::uint64_t attempt, std::uint64_t seq, std::int64_t now_ms) {
  if (!open_) {
    failed_.insert(seq);
    if (failed_.size() < kFailures) return false;
    open_ = true;
    pause_ = kFirstPause;
    next_try_ms_ = now_ms + pause_.count();
    return true;
  }
  // Attempts that began before it opened tell nothing new.
  if (attempt != probe_) return false;
  probe_ = 0;
  pause_ = std::min(kLastPause, 2 * pause_);
  next_try_ms_ = now_ms + pause_.count();
  return false;
}

void Breaker::abandoned(std::uint64_t attempt) {
  if (attempt == probe_) probe_ = 0;
}

}  // namespace plivo_dial
