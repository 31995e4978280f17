// File: lib/delivery/delivery_clock.h
//
// The time by which deliveries are scheduled. It begins with the wall clock, so that times can be
// kept over restarts, and then goes on evenly, whatever becomes of the wall clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace plivo_dial {

// Thread-safe.
class DeliveryClock {
 public:
  virtual ~DeliveryClock() = default;
  virtual std::int64_t now_ms() const = 0;  // milliseconds since 1970-01-01 UTC
};

class SteadyDeliveryClock : public DeliveryClock {
 public:
  std::int64_t now_ms() const override {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    return duration_cast<milliseconds>(wall_start_.time_since_epoch()).count() +
           duration_cast<milliseconds>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  const std::chrono::system_clock::time_point wall_start_ = std::chrono::system_clock::now();
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace plivo_dial
