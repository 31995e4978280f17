// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/unfinished_events.h"

#include <algorithm>
#include <functional>
#include <set>

namespace plivo_dial {
namespace {

constexpr std::size_t kUnfinishedAtATime = 256;

}  // namespace

// When the event was accepted that waits for the sink first.
std::optional<std::int64_t> oldest_waiting(Database& database, const SinkState& sink,
                                           const EventNames& names) {
  EventWalk walk(database);
  std::optional<LogEntry> first;
  const std::int64_t row = database.number(
      "SELECT seq FROM delivery INDEXED BY delivery_waiting WHERE sink = ? AND state = 0 "
      "ORDER BY seq LIMIT 1",
      sink.id);
  if (row != 0) first = walk.find(static_cast<std::uint64_t>(row));
  for (auto entry = walk.behind(sink.progress.position());
       entry && (!first || entry->seq < first->seq); entry = walk.behind(entry->seq)) {
    if (!sink.waits_for(entry->seq, names.name_of(entry->name))) continue;
    first = entry;
    break;
  }
  return first ? std::optional(first->accepted_us) : std::nullopt;
}

// Of those that wait or are dead letters, out of the rows and out of what lies behind each sink's
// position.
std::vector<std::uint64_t> unfinished_before(Database& database, DeliveryState state,
                                             std::uint64_t seq, EventWalk& walk) {
  const bool waits = state == DeliveryState::kWaiting;
  std::set<std::uint64_t, std::greater<>> numbers;
  std::uint64_t complete_from = 0;  // below it others may be missing
  std::uint64_t lowest = seq;
  for (const SinkState& sink : read_sinks(database)) {
    Query rows =
        database.query(waits ? "SELECT seq FROM delivery INDEXED BY delivery_waiting "
                               "WHERE sink = ? AND state = 0 AND seq < ? ORDER BY seq DESC LIMIT ?"
                             : "SELECT seq FROM delivery INDEXED BY delivery_dead "
                               "WHERE sink = ? AND state = 2 AND seq < ? ORDER BY seq DESC LIMIT ?",
                       sink.id, seq, static_cast<std::int64_t>(kUnfinishedAtATime));
    std::size_t count = 0;
    std::uint64_t last = 0;
    for (; rows.next(); ++count) numbers.insert(last = static_cast<std::uint64_t>(rows.number(0)));
    if (count == kUnfinishedAtATime) complete_from = std::max(complete_from, last);
    lowest = std::min(lowest, sink.progress.position());
  }
  if (waits) {
    std::size_t count = 0;
    for (auto entry = walk.before(seq); entry && entry->seq > lowest;
         entry = walk.before(entry->seq)) {
      numbers.insert(entry->seq);
      if (++count < kUnfinishedAtATime) continue;
      complete_from = std::max(complete_from, entry->seq);
      break;
    }
  }
  numbers.erase(numbers.upper_bound(complete_from), numbers.end());
  return {numbers.begin(), numbers.end()};
}

}  // namespace plivo_dial
