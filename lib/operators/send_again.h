// File: lib/operators/send_again.h
//
// What an operator wants sinks to get once more: each event waits for the sink again, as one that
// was just taken in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "lib/operators/event_walk.h"
#include "lib/store/database.h"
#include "lib/store/event_names.h"
#include "lib/store/sink_book.h"

namespace plivo_dial {

// When events were accepted: at `since_us` or later, and before `until_us`.
struct AcceptedBetween {
  std::int64_t since_us = 0;
  std::int64_t until_us = std::numeric_limits<std::int64_t>::max();
};

// A sink and an event that it is to get, or not.
struct SendTarget {
  SinkStanding standing;
  LogEntry entry;
  bool was_given = true;
};

// All within a transaction that changes. The number of events that wait now; `begun_ms` is when,
// by the store's age.
std::int64_t make_wait(Database& database, const SendTarget& target, std::int64_t begun_ms);

// The store's age at a time of the wall clock, as the present dispatcher or the last one counted
// it.
std::int64_t age_ms_at(Database& database, std::int64_t wall_us);

// The next events behind *after that the sink takes now and that do not wait for it, out of some
// hundreds; *after is set to where that stopped, to 0 at the end. Not of segments that are about to
// go.
std::vector<SendTarget> next_to_replay(Database& database, const SinkState& sink,
                                       const AcceptedBetween& when, const EventNames& names,
                                       std::uint64_t* after, EventWalk& walk);

}  // namespace plivo_dial
