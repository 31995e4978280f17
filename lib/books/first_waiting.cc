// SPDX-License-Identifier: Apache-2.0
#include "lib/books/first_waiting.h"

#include <algorithm>
#include <vector>

#include "lib/store/event_log.h"

namespace plivo_dial {
namespace {

void note_place(const LogEntry& entry, FirstWaiting* first) {
  const auto [known, is_new] = first->offsets.emplace(entry.segment, entry.offset);
  if (!is_new) known->second = std::min<std::size_t>(known->second, entry.offset);
}

// The number up to which all that waits was seen.
std::uint64_t note_rows(Database& database, const SinkState& sink, std::size_t limit,
                        FirstWaiting* first) {
  std::vector<std::uint64_t> numbers;
  {
    Query rows = database.query(
        "SELECT seq FROM delivery INDEXED BY delivery_waiting WHERE sink = ? AND state = 0 "
        "ORDER BY seq LIMIT ?",
        sink.id, static_cast<std::int64_t>(limit));
    while (rows.next()) numbers.push_back(static_cast<std::uint64_t>(rows.number(0)));
  }
  for (const std::uint64_t seq : numbers) {
    if (const auto entry = EventLog(database).find(seq)) note_place(*entry, first);
  }
  return numbers.size() < limit ? SinkSpan::kOpen : numbers.back();
}

std::uint64_t note_log(Database& database, const SinkState& sink, const EventNames& names,
                       std::size_t limit, FirstWaiting* first) {
  EventLog log(database);
  std::uint64_t seen = sink.progress.position();
  for (std::size_t found = 0; found < limit;) {
    const std::vector<LogEntry> entries = log.from(seen + 1);
    if (entries.empty()) return SinkSpan::kOpen;
    for (const LogEntry& entry : entries) {
      seen = entry.seq;
      if (!sink.waits_for(entry.seq, names.name_of(entry.name))) continue;
      note_place(entry, first);
      if (++found == limit) break;
    }
  }
  return seen;
}

}  // namespace

FirstWaiting first_waiting(Database& database, const SinkState& sink, const EventNames& names,
                           std::size_t limit) {
  FirstWaiting first;
  const std::uint64_t rows = note_rows(database, sink, limit, &first);
  first.looked_up_to = std::min(rows, note_log(database, sink, names, limit, &first));
  return first;
}

}  // namespace plivo_dial
