// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/event_finder.h"

#include <utility>

#include "lib/operators/event_walk.h"
#include "lib/store/key_index.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {

std::optional<Event> EventFinder::event(const LogEntry& entry) {
  const auto stored = find_stored_event(database_, files_, entry.seq);
  if (!stored || !*stored) return std::nullopt;
  Result<Event> read = event_of(**stored);
  return read ? std::optional(std::move(*read)) : std::nullopt;
}

std::vector<Event> EventFinder::events_of_call(std::int64_t lane) {
  std::vector<Event> events;
  EventWalk walk(database_);
  for (const std::uint64_t seq :
       KeyIndex::find_in_store(database_, KeyKind::kCall, static_cast<std::uint64_t>(lane))) {
    const std::optional<LogEntry> entry = walk.find(seq);
    std::optional<Event> found = entry ? event(*entry) : std::nullopt;
    if (found) events.push_back(std::move(*found));
  }
  return events;
}

std::optional<LogEntry> EventFinder::find(const std::string& id) {
  EventWalk walk(database_);
  std::vector<std::uint64_t> numbers =
      KeyIndex::find_in_store(database_, KeyKind::kId, hash_of_id(id));
  {
    Query kept = database_.query("SELECT seq FROM kept WHERE id = ?", id);
    while (kept.next()) numbers.push_back(static_cast<std::uint64_t>(kept.number(0)));
  }
  for (const std::uint64_t seq : numbers) {
    std::optional<LogEntry> entry = walk.find(seq);
    if (entry && entry->id() == id) return entry;
  }
  return std::nullopt;
}

}  // namespace plivo_dial
