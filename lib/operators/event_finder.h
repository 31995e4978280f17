// File: lib/operators/event_finder.h
//
// Finds events by their ids and by their calls, and reads them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/event/event.h"
#include "lib/store/database.h"
#include "lib/store/event_log.h"
#include "lib/store/frame_files.h"

namespace plivo_dial {

// Each call belongs into a transaction of the database.
class EventFinder {
 public:
  // Both must outlive it.
  EventFinder(Database& database, FrameFiles& files) : database_(database), files_(files) {}

  // The event with this id, if it is kept.
  std::optional<LogEntry> find(const std::string& id);

  // Its fields; nothing where it cannot be read any more.
  std::optional<Event> event(const LogEntry& entry);

  // The kept events in the lane of a call, in their order.
  std::vector<Event> events_of_call(std::int64_t lane);

 private:
  Database& database_;
  FrameFiles& files_;
};

}  // namespace plivo_dial
