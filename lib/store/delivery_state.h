// File: lib/store/delivery_state.h
//
// How a sink stands to an event, as the store tells it and is told it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace plivo_dial {

// The values are those of the database.
enum class DeliveryState { kWaiting = 0, kDelivered = 1, kDead = 2 };

using SinkId = std::int64_t;

// An event that waits for a sink.
struct WaitingEvent {
  std::uint64_t seq = 0;
  // Events of one lane go one after the other: those of a call have its lane, any other event one
  // of its own.
  std::int64_t lane = 0;
  // The first event of its lane that waits for the sink, as far as it is not one that was given out
  // before: of those that are out of order, and of those that were asked for with it.
  std::uint64_t lane_head = 0;
  // Begun so far; at least 1 where nobody can say that there was none, see
  // DeliveryBook::presume_attempts() and prior_progress.h.
  unsigned attempts = 0;
  unsigned failures = 0;      // since it was taken in, or sent again by an operator
  std::int64_t next_ms = 0;   // not before this time, by the delivery clock; 0: at once
  std::int64_t begun_ms = 0;  // when it was taken in, or sent again by an operator, by the same
  bool was_tried = false;     // or given up; its dead letter may be there
  // Where it stands, as far as that is known without another look; 0: it is not.
  std::uint32_t segment = 0;
  std::uint32_t offset = 0;
  bool late = false;
};

struct DeliveryChange {
  std::uint64_t seq = 0;
  DeliveryState state = DeliveryState::kWaiting;
  unsigned attempts = 0;
  unsigned failures = 0;
  std::int64_t next_ms = 0;
  std::string error;  // why it is not delivered; of one that waits, "" leaves what it was
};

}  // namespace plivo_dial
