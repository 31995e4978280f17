// File: lib/delivery/clock_watch.h
//
// Notices that somebody has set the machine's wall clock: NTP when a machine has started, or
// whoever errs. Nothing in the dispatcher goes by it, but what people read does.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lib/log/log.h"

namespace plivo_dial {

// Of one thread.
class ClockWatch {
 public:
  explicit ClockWatch(Log& log);

  // Says once (PD0528) when the clock has jumped by a second or more since the last look.
  void look();

 private:
  Log& log_;
  std::int64_t ahead_us_;  // of the time since the machine's boot, at the last look
};

}  // namespace plivo_dial
