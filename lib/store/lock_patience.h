// File: lib/store/lock_patience.h
//
// How long the store waits for locks of other programs, and whether it waits now. Outlives the
// store, so that those may ask who do not know whether there is one at the moment.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

namespace plivo_dial {

// Thread-safe.
class LockPatience {
 public:
  // From now on no lock is waited for; else that goes on for ever.
  void end() { ended_ = true; }
  bool has_ended() const { return ended_; }

  // Somebody waits at this moment.
  void note_wait() { last_wait_ = Clock::now(); }

  // Whether somebody has waited in the last second.
  bool is_in_use() const {
    const Clock::time_point last = last_wait_;
    return last != Clock::time_point() && Clock::now() < last + std::chrono::seconds(1);
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::atomic<bool> ended_{false};
  std::atomic<Clock::time_point> last_wait_{};
};

}  // namespace plivo_dial
