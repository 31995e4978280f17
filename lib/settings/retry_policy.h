// File: lib/settings/retry_policy.h
//
// When an event that a sink did not take is tried again, and when no more: the `retry=` option of
// PlivoEventSink.
//
//   const Result<RetryPolicy> policy = parse_retry_policy("1,5,30/60");
//   wait_after(*policy, 2, 0.5)     -> 5 s
//   wait_after(*policy, 9, 0.5)     -> 30 s
//   fewest_attempts(*policy)        -> 4
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

struct RetryPolicy {
  // Before the second, third, ... attempt; the last one again and again. At least one.
  std::vector<std::chrono::milliseconds> waits = {
      std::chrono::seconds(1), std::chrono::seconds(5),  std::chrono::seconds(30),
      std::chrono::minutes(2), std::chrono::minutes(10), std::chrono::minutes(30),
      std::chrono::hours(1)};
  // Since the event was taken in, or sent again by an operator: an attempt that fails then is the
  // last one, if it was tried by fewest_attempts().
  std::chrono::milliseconds limit = std::chrono::hours(72);

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

// Reads "1,5,30/86400": the waits in seconds, and behind a slash, which may be missing with it, the
// limit in seconds. At most 16 waits of 1 second to 1 day; the limit is at most 30 days, and 0
// allows a single attempt. Errors name value and remedy. Pure.
Result<RetryPolicy> parse_retry_policy(std::string_view text);

// What parse_retry_policy reads as `policy`. Pure.
std::string to_string(const RetryPolicy& policy);

// How many attempts an event has at least before it is given up, even when the limit is over: one
// after each different wait that fits into the limit. Time in which nobody tried, or by which
// somebody set the clock, is no failure. Pure.
unsigned fewest_attempts(const RetryPolicy& policy);

// The wait after `failures` failed attempts (at least 1), varied by up to a fifth, so that events
// which failed together do not all come back together: `random` is evenly spread over 0 to 1. Pure.
std::chrono::milliseconds wait_after(const RetryPolicy& policy, unsigned failures, double random);

}  // namespace plivo_dial
