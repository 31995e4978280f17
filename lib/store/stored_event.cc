// SPDX-License-Identifier: Apache-2.0
#include "lib/store/stored_event.h"

#include <utility>

#include "lib/event/json.h"
#include "lib/event/spooled_event.h"
#include "lib/store/kept_events.h"

namespace plivo_dial {

std::string segment_name_of(Database& database, std::int64_t number) {
  Query row = database.query("SELECT name FROM segment WHERE number = ? AND leaving < 2", number);
  return row.next() ? row.text(0) : std::string();
}

Result<Event> event_of(const StoredEvent& stored) {
  Result<Event> event = event_from_json(stored.json);
  if (!event) return event;
  event->seq = stored.seq;
  event->late = stored.late;
  return event;
}

std::optional<StoredEvent> stored_event_in(std::string payload, std::uint64_t seq, bool late) {
  const std::string_view json = json_of_spooled_event(payload);
  if (json.empty()) return std::nullopt;
  payload.erase(0, payload.size() - json.size());
  return StoredEvent{std::move(payload), seq, late, true};
}

Result<std::optional<StoredEvent>> read_stored_event(Database& database, FrameFiles& files,
                                                     const LogEntry& entry) {
  const std::optional<StoredEvent> nothing;
  if (entry.segment == 0) return nothing;
  const std::string segment = segment_name_of(database, entry.segment);
  if (segment.empty()) return nothing;
  files.learn(entry.segment, segment);
  Result<std::optional<std::string>> payload = files.payload(segment, entry.offset);
  if (!payload) return payload.error();
  if (!*payload) return nothing;
  return stored_event_in(std::move(**payload), entry.seq, entry.late);
}

Result<std::optional<StoredEvent>> find_stored_event(Database& database, FrameFiles& files,
                                                     std::uint64_t seq) {
  if (const std::optional<LogEntry> entry = EventLog(database).find(seq)) {
    Result<std::optional<StoredEvent>> stored = read_stored_event(database, files, *entry);
    if (!stored || *stored) return stored;
  }
  std::optional<KeptEvent> kept = find_kept_event(database, seq);
  if (!kept) return std::optional<StoredEvent>();
  return std::optional(StoredEvent{std::move(kept->json), seq, kept->entry.late, false});
}

}  // namespace plivo_dial
