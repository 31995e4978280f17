// File: lib/delivery/breaker.h
//
// Spares a sink that fails for every event, and spares the events: after some failures in a row, of
// different events, only one event is tried now and then until the sink takes one. So an event's
// attempts are not used up while, say, a database is down.
//
//   if (!breaker.may_try(now_ms)) return breaker.next_try_ms();
//   const std::uint64_t attempt = breaker.begin();
//   const bool changed = took(event) ? breaker.succeeded() : breaker.failed(attempt, seq, now_ms);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>

namespace plivo_dial {

// Not thread-safe. Times are of one clock that never goes back.
class Breaker {
 public:
  static constexpr std::size_t kFailures = 5;
  static constexpr std::chrono::milliseconds kFirstPause{5'000};
  static constexpr std::chrono::milliseconds kLastPause{60'000};

  bool is_open() const { return open_; }

  // Whether an event may be tried at `now_ms`.
  bool may_try(std::int64_t now_ms) const;

  // From when on may_try() can be true if nothing is reported.
  std::int64_t next_try_ms() const { return next_try_ms_; }

  // An event is being tried: the number of this attempt, from 1. Exactly one of the reports below
  // must follow. While the sink rests, the attempt that may_try() let through is the probe, and the
  // end of no other one is taken for its.
  std::uint64_t begin();

  // One was taken, or refused for good: the sink works. True when it did not before.
  bool succeeded();

  // Event `seq` was not taken. True when this is the moment at which the sink gets a rest.
  bool failed(std::uint64_t attempt, std::uint64_t seq, std::int64_t now_ms);

  // Neither: it did not take place after all.
  void abandoned(std::uint64_t attempt);

 private:
  bool open_ = false;
  std::uint64_t attempts_ = 0;  // begun
  std::uint64_t probe_ = 0;     // the one that is under way while it is open; 0: none
  std::chrono::milliseconds pause_ = kFirstPause;
  std::int64_t next_try_ms_ = 0;
  std::set<std::uint64_t> failed_;  // different events since the last success
};

}  // namespace plivo_dial
