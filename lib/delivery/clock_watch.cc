// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/clock_watch.h"

#include <cstdlib>
#include <string>
#include <utility>

#include "lib/base/wall_clock.h"
#include "lib/store/store_clock.h"

namespace plivo_dial {
namespace {

constexpr std::int64_t kJumpUs = 1'000'000;

// "3.4 s"
std::string readable_seconds(std::int64_t us) {
  constexpr std::int64_t kTenth = 100'000;
  return std::to_string(us / kTenth / 10) + "." + std::to_string(us / kTenth % 10) + " s";
}

}  // namespace

ClockWatch::ClockWatch(Log& log) : log_(log), ahead_us_(wall_clock_us() - boot_time_us()) {}

void ClockWatch::look() {
  const std::int64_t ahead_us = wall_clock_us() - boot_time_us();
  const std::int64_t jump_us = ahead_us - std::exchange(ahead_us_, ahead_us);
  if (std::abs(jump_us) < kJumpUs) return;
  log_.write(LogLevel::kWarning, log_id::kClockSet,
             "the clock of this machine was set " + std::string(jump_us < 0 ? "back" : "ahead") +
                 " by " + readable_seconds(std::abs(jump_us)) +
                 ": events keep their order, retries and the memory for duplicates go on as if it "
                 "had not been, and the times in events and logs are what it shows");
}

}  // namespace plivo_dial
