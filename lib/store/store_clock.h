// File: lib/store/store_clock.h
//
// The times by which a store works. Somebody may set the wall clock at any moment, and it may be
// wrong until a time server was asked: a wrong one may lengthen what is counted in time, and never
// shorten it, and never put events out of order. So nothing here follows it, once begun. (What was
// accepted in earlier boots of the machine, or by a httpd that sees no /proc, has the wall clock
// alone.)
//
//   age       how long dispatchers have used the store, for what is kept for so many days
//   delivery  the same as milliseconds since 1970, for retries
//   even      of acceptance, as microseconds since 1970: what all processes of this machine's boot
//             have in common (CLOCK_BOOTTIME), from the wall clock at the boot's first look
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "lib/base/wall_clock.h"

namespace plivo_dial {

// Microseconds since the machine was started, also while it slept.
inline std::int64_t boot_time_us() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

// What a store remembers of it; 0: nothing yet.
struct StoreTime {
  std::int64_t age_us = 0;
  std::int64_t base_ms = 0;       // of the delivery clock
  std::int64_t lag_ms = 0;        // how far that was behind the wall clock at that age
  std::int64_t boot = 0;          // which one it was used in
  std::int64_t boot_base_us = 0;  // of the even clock in that boot
};

// Thread-safe once go_on_from() was called.
class StoreClock {
 public:
  using Source = std::int64_t (*)();  // in microseconds

  explicit StoreClock(Source boot = &boot_time_us, Source wall = &wall_clock_us)
      : boot_(boot), wall_(wall), begun_us_(boot()) {}

  // Goes on from what the store had come to. `boot` is not 0.
  void go_on_from(const StoreTime& saved, std::int64_t boot) {
    begun_us_ = boot_();
    begin_ = saved;
    if (begin_.base_ms == 0) begin_.base_ms = wall_() / 1000 - begin_.age_us / 1000;
    unused_ms_ = std::max<std::int64_t>(0, wall_() / 1000 - begin_.lag_ms - now_ms());
    if (begin_.boot == boot) return;
    begin_.boot = boot;
    begin_.boot_base_us = wall_() - begun_us_;
  }
  StoreTime time() const {
    StoreTime now = begin_;
    now.age_us = age_us();
    now.lag_ms = wall_() / 1000 - now_ms();
    return now;
  }

  std::int64_t age_us() const { return begin_.age_us + boot_() - begun_us_; }
  std::int64_t now_ms() const { return ms_at_age(age_us() / 1000); }
  std::int64_t ms_at_age(std::int64_t age_ms) const { return begin_.base_ms + age_ms; }
  std::int64_t even_us() const { return even_us_at(boot_()); }
  std::int64_t even_us_at(std::int64_t boot_time_us) const {
    return begin_.boot_base_us + boot_time_us;
  }

  // The delivery clock stood while nobody used the store; from here on it goes as if it had not.
  // What is counted by the store's age is counted on without that time.
  void skip_unused() { begin_.base_ms += std::exchange(unused_ms_, 0); }

 private:
  Source boot_;
  Source wall_;
  std::int64_t begun_us_;
  StoreTime begin_;
  std::int64_t unused_ms_ = 0;
};

}  // namespace plivo_dial
