// File: lib/delivery/store_age.h
//
// How long a store has been in use, for what is to be kept for so many days: a time that only goes
// on while a dispatcher runs, by a clock that nobody sets. Whatever becomes of the wall clock, and
// however long the machine was off, what is kept by it is kept for long enough.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <cstdint>

namespace plivo_dial {

// Microseconds since the machine was started, also while it slept.
inline std::int64_t boot_time_us() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

class StoreAge {
 public:
  using Clock = std::int64_t (*)();  // monotonic, in microseconds

  explicit StoreAge(Clock clock = &boot_time_us) : clock_(clock), begun_us_(clock()) {}

  // Goes on from `us`, to which it had come when its store was used last.
  void go_on_from(std::int64_t us) {
    before_us_ = us;
    begun_us_ = clock_();
  }
  std::int64_t us() const { return before_us_ + clock_() - begun_us_; }

 private:
  Clock clock_;
  std::int64_t begun_us_;
  std::int64_t before_us_ = 0;
};

}  // namespace plivo_dial
