// File: lib/operators/unfinished_events.h
//
// The events that wait for a sink, or are dead letters of one: what has rows, and what lies behind
// a sink's position in the log.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/operators/event_walk.h"
#include "lib/store/database.h"
#include "lib/store/event_names.h"
#include "lib/store/sink_book.h"

namespace plivo_dial {

// All within a transaction. When the event was accepted that waits for the sink first.
std::optional<std::int64_t> oldest_waiting(Database& database, const SinkState& sink,
                                           const EventNames& names);

// Numbers before `seq` of events that may be in that state at a sink, the highest first; none is
// left out, and there are none left where none is given.
std::vector<std::uint64_t> unfinished_before(Database& database, DeliveryState state,
                                             std::uint64_t seq, EventWalk& walk);

}  // namespace plivo_dial
