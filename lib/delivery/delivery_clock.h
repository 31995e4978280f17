// File: lib/delivery/delivery_clock.h
//
// The time by which deliveries are scheduled, which tests turn as they like.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lib/store/store_clock.h"

namespace plivo_dial {

// Thread-safe.
class DeliveryClock {
 public:
  virtual ~DeliveryClock() = default;
  virtual std::int64_t now_ms() const = 0;  // milliseconds since 1970-01-01 UTC, more or less
};

// The delivery clock of a store: it goes on over restarts, and stands while nobody could try.
class StoreDeliveryClock : public DeliveryClock {
 public:
  // `clock` must outlive it.
  explicit StoreDeliveryClock(const StoreClock& clock) : clock_(clock) {}
  std::int64_t now_ms() const override { return clock_.now_ms(); }

 private:
  const StoreClock& clock_;
};

}  // namespace plivo_dial
