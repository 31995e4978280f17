// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/event_walk.h"

#include <algorithm>
#include <utility>

#include "lib/store/kept_events.h"

namespace plivo_dial {

EventWalk::EventWalk(Database& database) : database_(database), log_(database) {
  Query rows = database.query("SELECT number, leaving FROM segment WHERE leaving < 2");
  while (rows.next()) segments_[rows.number(0)] = rows.number(1) != 0;
}

bool EventWalk::is_kept(const LogEntry& entry) const {
  return segments_.count(entry.segment) > 0;
}

bool EventWalk::is_about_to_go(const LogEntry& entry) {
  const auto segment = segments_.find(entry.segment);
  return segment != segments_.end() && segment->second && !find_kept_event(database_, entry.seq);
}

std::uint64_t EventWalk::last_before(std::int64_t us) {
  const std::optional<std::uint64_t> first = log_.first_since(us);
  const std::uint64_t last = first ? *first - 1 : 0;
  // Those that are kept alone have no order of time.
  const std::vector<std::uint64_t> kept = kept_numbers_behind(database_, 0, 1);
  return first && (kept.empty() || kept.front() > last) ? last : 0;
}

std::optional<LogEntry> EventWalk::before(std::uint64_t seq) {
  std::optional<LogEntry> found;
  for (std::uint64_t at = seq; !found;) {
    const bool is_in_block =
        !block_.empty() && block_.front().seq < at && block_.back().seq + 1 >= at;
    if (!is_in_block) block_ = log_.before(at);
    if (block_.empty()) break;
    const auto end = std::ranges::lower_bound(block_, at, {}, &LogEntry::seq);
    for (auto entry = end; entry != block_.begin() && !found;) {
      --entry;
      if (is_kept(*entry)) found = *entry;
    }
    at = block_.front().seq;
  }
  const std::vector<KeptEvent> kept = kept_events_before(database_, seq, 1);
  if (!kept.empty() && (!found || kept.front().entry.seq > found->seq)) return kept.front().entry;
  return found;
}

std::optional<LogEntry> EventWalk::behind(std::uint64_t seq) {
  std::optional<LogEntry> found;
  for (std::uint64_t at = seq + 1; !found;) {
    const bool is_in_block = !block_.empty() && block_.front().seq <= at && block_.back().seq >= at;
    if (!is_in_block) block_ = log_.from(at);
    if (block_.empty()) break;
    for (auto entry = std::ranges::lower_bound(block_, at, {}, &LogEntry::seq);
         entry != block_.end() && !found; ++entry) {
      if (is_kept(*entry)) found = *entry;
    }
    at = block_.back().seq + 1;
  }
  const std::vector<std::uint64_t> kept = kept_numbers_behind(database_, seq, 1);
  if (kept.empty() || (found && found->seq <= kept.front())) return found;
  std::optional<KeptEvent> event = find_kept_event(database_, kept.front());
  return event ? std::optional(event->entry) : found;
}

std::optional<LogEntry> EventWalk::find(std::uint64_t seq) {
  std::optional<LogEntry> entry = log_.find(seq);
  if (entry && is_kept(*entry)) return entry;
  const std::optional<KeptEvent> kept = find_kept_event(database_, seq);
  return kept ? std::optional(kept->entry) : std::nullopt;
}

std::optional<SinkStanding> standing_of(Database& database, const SinkState& sink,
                                        const LogEntry& entry, const std::string& name) {
  SinkStanding standing;
  standing.sink = sink.id;
  standing.sink_name = sink.name;
  if (std::optional<DeliveryRowState> row = find_delivery_row(database, sink.id, entry.seq)) {
    if (static_cast<int>(row->state) == kDroppedState) return std::nullopt;
    standing.state = row->state;
    standing.attempts = row->attempts;
    standing.next_ms = row->next_ms;
    standing.error = std::move(row->error);
    standing.has_row = true;
    return standing;
  }
  const bool is_of_log = entry.segment != 0;
  if (!is_of_log || !sink.was_given(entry.seq, name)) return std::nullopt;
  const bool is_settled = sink.progress.is_settled(entry.seq);
  standing.state = is_settled ? DeliveryState::kDelivered : DeliveryState::kWaiting;
  standing.attempts = is_settled || entry.presumed ? 1 : 0;
  return standing;
}

std::vector<SinkStanding> standings_of(Database& database, const std::vector<SinkState>& sinks,
                                       const LogEntry& entry, const std::string& name) {
  std::vector<SinkStanding> standings;
  for (const SinkState& sink : sinks) {
    std::optional<SinkStanding> standing = standing_of(database, sink, entry, name);
    if (standing) standings.push_back(std::move(*standing));
  }
  return standings;
}

}  // namespace plivo_dial
