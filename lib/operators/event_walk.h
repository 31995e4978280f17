// File: lib/operators/event_walk.h
//
// The store's events for who does not take part: all that are kept, in the log or as those of dead
// letters; and how each sink stands to one of them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/store/database.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/event_log.h"
#include "lib/store/event_names.h"
#include "lib/store/sink_book.h"

namespace plivo_dial {

// Goes from one event to the next, newest or oldest first. Lives within one transaction.
class EventWalk {
 public:
  explicit EventWalk(Database& database);

  // The next one before or behind `seq`; nothing at the end.
  std::optional<LogEntry> before(std::uint64_t seq);
  std::optional<LogEntry> behind(std::uint64_t seq);

  // Whether its segment is to be removed at any moment, and nothing keeps the event itself.
  bool is_about_to_go(const LogEntry& entry);

  // The number of an event before all that may have been accepted at `us` or later.
  std::uint64_t last_before(std::int64_t us);

  // That one, if it is kept.
  std::optional<LogEntry> find(std::uint64_t seq);

 private:
  bool is_kept(const LogEntry& entry) const;

  Database& database_;
  EventLog log_;
  std::map<std::int64_t, bool> segments_;  // that are there, and whether they are about to go
  std::vector<LogEntry> block_;            // that was read last
};

// How one sink stands to an event.
struct SinkStanding {
  SinkId sink = 0;
  std::string sink_name;
  DeliveryState state = DeliveryState::kWaiting;
  unsigned attempts = 0;
  std::int64_t next_ms = 0;  // by the delivery clock
  std::string error;
  bool has_row = false;
};

// Of one sink; nothing where it was not given the event.
std::optional<SinkStanding> standing_of(Database& database, const SinkState& sink,
                                        const LogEntry& entry, const std::string& name);

// Of all, in the order of `sinks`.
std::vector<SinkStanding> standings_of(Database& database, const std::vector<SinkState>& sinks,
                                       const LogEntry& entry, const std::string& name);

}  // namespace plivo_dial
