// File: lib/base/rate_limiter.h
//
// How many log lines a second a kind of refusal may cost, over all processes of a server, and how
// many were left out. Place RateCounters in memory that the processes share; use RateLimiter to
// ask. A flood must not fill the disk with lines that all say the same.
//
//   RateLimiter limiter(counters, 10, 50);  // of each kind 10 lines a second, of all 50
//   const RateLimiter::Decision decision = limiter.ask(kind, now_seconds);
//   if (decision.write) write_line(text, decision.suppressed);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace plivo_dial {

// The state of one kind of line. Zero bytes are its initial state, so that it may be placed in
// memory fresh from mmap. Lock-free, so that a process that dies in the middle blocks nobody.
struct RateCounter {
  std::atomic<std::uint64_t> window;      // second since the epoch in the upper 40 bits, lines in
                                          // that second in the lower 24
  std::atomic<std::uint64_t> suppressed;  // lines left out and not yet reported
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

// Judges lines of several kinds: each kind has its own bound, and all kinds together have one.
// Holds no state of its own: cheap to make, safe from any thread and process.
class RateLimiter {
 public:
  // counters[0] is for all kinds together, counters[1 + kind] for each; a `kind` that has none must
  // not be asked for. They must outlive this. A bound of 0 refuses every line; one that does not
  // fit into 24 bits counts as the largest that does.
  RateLimiter(std::span<RateCounter> counters, std::uint32_t each_per_second,
              std::uint32_t all_per_second);

  struct Decision {
    bool write = false;
    std::uint64_t suppressed = 0;  // lines of this kind left out since the last one written: say so
  };
  // Whether a line of `kind` may be written at `now_seconds` (since the epoch). A line refused by
  // either bound is counted as one of its kind, and reported with the next written one: written and
  // reported lines together are the lines asked for. Times that are up to kMostSecondsBehind
  // before the newest count as the newest, since threads race; one further back is a clock that was
  // set back, and starts a new second.
  Decision ask(std::size_t kind, std::uint64_t now_seconds);

  // Takes the number of lines of `kind` that were left out and not yet reported, so that a summary
  // comes also when no more lines of that kind do.
  std::uint64_t take_suppressed(std::size_t kind);

  // Gives a number that was taken back to be reported later.
  void put_back(std::size_t kind, std::uint64_t suppressed);

  static constexpr std::uint64_t kMostSecondsBehind = 2;

 private:
  std::span<RateCounter> counters_;
  std::uint32_t each_per_second_;
  std::uint32_t all_per_second_;
};

}  // namespace plivo_dial
