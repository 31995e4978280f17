// File: lib/store/delivery_rows.h
//
// The table `delivery`: how a sink stands to an event that is out of order, since it is being
// tried, comes again, is a dead letter, or took more than one attempt. Everything else follows from
// how far the sink is in the log (sink_progress.h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/store/database.h"
#include "lib/store/delivery_state.h"
#include "lib/store/event_log.h"

namespace plivo_dial {

// Of a dead letter that an operator removed: the sink does not have the event, and nobody sees this
// row any more. A value of the database's beside those of DeliveryState.
inline constexpr int kDroppedState = 3;

struct DeliveryRowState {
  DeliveryState state = DeliveryState::kWaiting;
  unsigned attempts = 0;
  unsigned failures = 0;
  std::int64_t next_ms = 0;   // by the delivery clock
  std::int64_t begun_ms = 0;  // by the store's age
  std::string error;
};

// All within a transaction. The entry's number must be settled in the sink's progress as well.
void insert_delivery_row(Database& database, SinkId sink, const LogEntry& entry,
                         const DeliveryRowState& row);

// What became of an event that has a row. False when it has none.
bool change_delivery_row(Database& database, SinkId sink, const DeliveryChange& change);

// Of a row "state, attempts, failures, next_ms, begun_ms, error".
DeliveryRowState delivery_row_in(const Query& row);

std::optional<DeliveryRowState> find_delivery_row(Database& database, SinkId sink,
                                                  std::uint64_t seq);

}  // namespace plivo_dial
