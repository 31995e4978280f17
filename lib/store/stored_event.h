// File: lib/store/stored_event.h
//
// An event as the store finds it: its JSON as it was spooled, and what was settled when it was
// taken in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/store/database.h"
#include "lib/store/event_log.h"
#include "lib/store/frame_files.h"

namespace plivo_dial {

struct StoredEvent {
  std::string json;  // of event/json.h, with seq 0
  std::uint64_t seq = 0;
  bool late = false;
  bool is_spooled = false;  // these are the very bytes of the spool
};

// The name of a segment by its number; "" where it is forgotten. Within a transaction.
std::string segment_name_of(Database& database, std::int64_t number);

// Its fields, with its number. Fails where the JSON is none of an event.
Result<Event> event_of(const StoredEvent& stored);

// The event in a frame's payload; nothing where that is none.
std::optional<StoredEvent> stored_event_in(std::string payload, std::uint64_t seq, bool late);

// Within a transaction: the event of an entry; nothing when its segment is forgotten or removed, or
// it cannot be read any more.
Result<std::optional<StoredEvent>> read_stored_event(Database& database, FrameFiles& files,
                                                     const LogEntry& entry);

// The event of a number, from the log or from those that are kept. Within a transaction.
Result<std::optional<StoredEvent>> find_stored_event(Database& database, FrameFiles& files,
                                                     std::uint64_t seq);

}  // namespace plivo_dial
