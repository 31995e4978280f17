// File: lib/store/kept_events.h
//
// The table `kept`: events of dead letters, which outlive their segments.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/store/database.h"
#include "lib/store/event_log.h"

namespace plivo_dial {

struct KeptEvent {
  LogEntry entry;    // of a segment that may be gone; of none where a dead letter was all there was
  std::string json;  // as the spool had it
};

// All within a transaction. Keeps an event, unless it is kept already.
void keep_event(Database& database, const LogEntry& entry, const std::string& json);

std::optional<KeptEvent> find_kept_event(Database& database, std::uint64_t seq);

// Those with numbers before `seq`, the highest first, at most `limit`.
std::vector<KeptEvent> kept_events_before(Database& database, std::uint64_t seq, std::size_t limit);

// Those with numbers behind `seq`, the lowest first, at most `limit`.
std::vector<std::uint64_t> kept_numbers_behind(Database& database, std::uint64_t seq,
                                               std::size_t limit);

}  // namespace plivo_dial
