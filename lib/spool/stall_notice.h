// File: lib/spool/stall_notice.h
//
// What the processes of a server tell each other about a disk that does not answer. Use one for all
// SpoolWriters of a spool, in memory that their processes share: where each process has a single
// thread, each would otherwise find out for itself, with a caller waiting.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace plivo_dial {

// Zeroed memory is one that nobody has written to. Thread-safe; a process may die at any moment.
class StallNotice {
 public:
  static constexpr int kVersion = 1;

  void write() { seen_ms_.store(now_ms(), std::memory_order_relaxed); }

  // Whether somebody has written less than a second ago.
  bool is_fresh() const {
    const std::int64_t seen = seen_ms_.load(std::memory_order_relaxed);
    return seen != 0 && now_ms() - seen < kFreshMs;
  }

 private:
  static constexpr std::int64_t kFreshMs = 1000;

  // CLOCK_MONOTONIC, which all processes of a machine share.
  static std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  std::atomic<std::int64_t> seen_ms_{0};
  static_assert(std::atomic<std::int64_t>::is_always_lock_free, "processes share it");
};

}  // namespace plivo_dial
