// SPDX-License-Identifier: Apache-2.0
#include "lib/base/rate_limiter.h"

#include <algorithm>

namespace plivo_dial {
namespace {

constexpr unsigned kLineBits = 24;
constexpr std::uint64_t kMostLines = (std::uint64_t{1} << kLineBits) - 1;
constexpr std::uint64_t kMostSeconds = (std::uint64_t{1} << (64 - kLineBits)) - 1;

bool is_same_second(std::uint64_t second, std::uint64_t now) {
  return now <= second && second - now <= RateLimiter::kMostSecondsBehind;
}

// Takes one of the `bound` lines of this second, if one is left.
bool take_line(RateCounter& counter, std::uint64_t now, std::uint64_t bound) {
  const std::uint64_t most = std::min(bound, kMostLines);
  // Nothing else is published by these numbers, so no order is needed.
  std::uint64_t window = counter.window.load(std::memory_order_relaxed);
  while (true) {
    const bool same = is_same_second(window >> kLineBits, now);
    const std::uint64_t lines = same ? window & kMostLines : 0;
    if (lines >= most) return false;
    const std::uint64_t next = same ? window + 1 : (now << kLineBits) + 1;
    if (counter.window.compare_exchange_weak(window, next, std::memory_order_relaxed)) return true;
  }
}

std::uint64_t take_all(std::atomic<std::uint64_t>& number) {
  // Most of the time it is 0, and writing would take the cache line from the other processors.
  if (number.load(std::memory_order_relaxed) == 0) return 0;
  return number.exchange(0, std::memory_order_relaxed);
}

}  // namespace

RateLimiter::RateLimiter(std::span<RateCounter> counters, std::uint32_t each_per_second,
                         std::uint32_t all_per_second)
    : counters_(counters), each_per_second_(each_per_second), all_per_second_(all_per_second) {}

RateLimiter::Decision RateLimiter::ask(std::size_t kind, std::uint64_t now_seconds) {
  RateCounter& own = counters_[1 + kind];
  const std::uint64_t now = now_seconds & kMostSeconds;
  // The kind first: what its bound refuses must not use up the lines of other kinds.
  const bool write =
      take_line(own, now, each_per_second_) && take_line(counters_[0], now, all_per_second_);
  if (!write) {
    own.suppressed.fetch_add(1, std::memory_order_relaxed);
    return {};
  }
  return {true, take_all(own.suppressed)};
}

void RateLimiter::put_back(std::size_t kind, std::uint64_t suppressed) {
  counters_[1 + kind].suppressed.fetch_add(suppressed, std::memory_order_relaxed);
}

std::uint64_t RateLimiter::take_suppressed(std::size_t kind) {
  return take_all(counters_[1 + kind].suppressed);
}

}  // namespace plivo_dial
