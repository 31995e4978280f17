// SPDX-License-Identifier: Apache-2.0
#include "lib/books/delivery_book.h"

#include <algorithm>
#include <unordered_map>

#include "lib/store/byte_order.h"
#include "lib/store/delivery_rows.h"

namespace plivo_dial {
namespace {

constexpr int kLimitedAtATime = 500;
constexpr std::size_t kMostRanges = 64;  // of a sink beyond its position
constexpr std::size_t kRangesLeft = 32;
constexpr std::uint64_t kMostSpilled = 4096;  // that waits, in one transaction

}  // namespace

// --- What waits.

void DeliveryBook::presume(WaitingEvent* event) const {
  if (event->seq > intake_.presumed_up_to()) return;
  event->attempts = std::max(event->attempts, 1u);
  event->was_tried = true;
}

WaitingEvent DeliveryBook::waiting_of(const LogEntry& entry) const {
  WaitingEvent event;
  event.seq = event.lane_head = entry.seq;
  event.lane = entry.delivery_lane();
  event.attempts = entry.presumed ? 1 : 0;
  event.was_tried = entry.presumed;
  event.begun_ms = clock_.ms_at_age(entry.begun_ms);
  event.segment = entry.segment;
  event.offset = entry.offset;
  event.late = entry.late;
  presume(&event);
  return event;
}

WaitingEvent DeliveryBook::waiting_of(const Query& row) const {
  WaitingEvent event;
  event.seq = event.lane_head = static_cast<std::uint64_t>(row.number(0));
  event.lane = row.number(1);
  event.attempts = static_cast<unsigned>(row.number(2));
  event.failures = static_cast<unsigned>(row.number(3));
  event.next_ms = row.number(4);
  event.begun_ms = clock_.ms_at_age(row.number(5));
  event.was_tried = row.number(6) != 0;
  presume(&event);
  return event;
}

void DeliveryBook::add_rows(Database& database, const SinkState& sink, std::uint64_t after,
                            std::size_t limit, std::vector<WaitingEvent>* events) const {
  Query rows = database.query(
      "SELECT seq, lane, attempts, failures, next_ms, begun_ms, attempts > 0 OR error <> '' "
      "FROM delivery INDEXED BY delivery_waiting "
      "WHERE sink = ? AND state = 0 AND seq > ? ORDER BY seq LIMIT ?",
      sink.id, after, static_cast<std::int64_t>(limit));
  while (rows.next()) events->push_back(waiting_of(rows));
}

// What lies between the events that wait is none of the sink's, and need not be looked at again.
// Not while the store catches up: events may come in under numbers that they had before.
void DeliveryBook::add_log(Database& database, const SinkState& sink, std::uint64_t after,
                           std::size_t limit, std::vector<WaitingEvent>* events) {
  EventLog log(database);
  const bool passes = !intake_.is_catching_up();
  std::uint64_t passed = std::max(after, sink.progress.position());
  std::size_t found = 0;
  for (std::vector<LogEntry> entries = log.from(passed + 1); !entries.empty() && found < limit;
       entries = log.from(passed + 1)) {
    std::uint64_t from = passed + 1;
    for (const LogEntry& entry : entries) {
      if (found == limit) break;
      passed = entry.seq;
      if (!sink.waits_for(entry.seq, intake_.names().name_of(entry.name))) continue;
      events->push_back(waiting_of(entry));
      ++found;
      if (passes) book_.pass(sink.id, from, entry.seq - 1);
      from = entry.seq + 1;
    }
    if (passes) book_.pass(sink.id, from, passed);
  }
}

// What is out of order goes before what is not.
void DeliveryBook::find_heads(Database& database, const SinkState& sink,
                              std::vector<WaitingEvent>* events) const {
  const bool has_rows =
      database.number("SELECT waiting_rows FROM sink WHERE number = ?", sink.id) > 0;
  std::unordered_map<std::int64_t, std::uint64_t> heads;
  for (WaitingEvent& event : *events) {
    const auto [head, is_first] = heads.emplace(event.lane, event.seq);
    if (is_first && has_rows) {
      const auto row = static_cast<std::uint64_t>(
          database.number("SELECT seq FROM delivery INDEXED BY delivery_lane "
                          "WHERE sink = ? AND lane = ? AND state = 0 ORDER BY seq LIMIT 1",
                          sink.id, event.lane));
      if (row != 0) head->second = std::min(head->second, row);
    }
    event.lane_head = head->second;
  }
}

Result<std::vector<WaitingEvent>> DeliveryBook::waiting(SinkId id, std::uint64_t after,
                                                        std::size_t limit) {
  std::vector<WaitingEvent> events;
  Result<void> looked = store_.look([&](Database& database) {
    const std::optional<SinkState> sink = book_.find(id);
    if (!sink) return;
    add_rows(database, *sink, after, limit, &events);
    const auto rows = static_cast<std::ptrdiff_t>(events.size());
    add_log(database, *sink, after, limit, &events);
    std::inplace_merge(events.begin(), events.begin() + rows, events.end(),
                       [](const auto& one, const auto& other) { return one.seq < other.seq; });
    if (events.size() > limit) events.resize(limit);
    find_heads(database, *sink, &events);
  });
  if (!looked) return looked.error();
  return events;
}

Result<std::vector<WaitingEvent>> DeliveryBook::waiting_in_lane(SinkId id, std::int64_t lane,
                                                                std::size_t limit) {
  std::vector<WaitingEvent> events;
  Result<void> looked = store_.look([&](Database& database) {
    const std::vector<std::uint64_t> numbers =
        lane < 0 ? std::vector{static_cast<std::uint64_t>(-lane)}
                 : intake_.keys().find(database, KeyKind::kCall, static_cast<std::uint64_t>(lane));
    const std::optional<SinkState> sink = book_.find(id);
    if (!sink) return;
    Query rows = database.query(
        "SELECT seq, lane, attempts, failures, next_ms, begun_ms, attempts > 0 OR error <> '' "
        "FROM delivery INDEXED BY delivery_lane "
        "WHERE sink = ? AND lane = ? AND state = 0 ORDER BY seq LIMIT ?",
        id, lane, static_cast<std::int64_t>(limit));
    while (rows.next()) events.push_back(waiting_of(rows));
    EventLog log(database);
    for (const std::uint64_t seq : numbers) {
      if (sink->progress.is_settled(seq)) continue;
      const std::optional<LogEntry> entry = log.find(seq);
      if (entry && sink->waits_for(seq, intake_.names().name_of(entry->name))) {
        events.push_back(waiting_of(*entry));
      }
    }
    std::ranges::sort(events, {}, &WaitingEvent::seq);
    if (events.size() > limit) events.resize(limit);
    for (WaitingEvent& event : events) event.lane_head = events.front().seq;
  });
  if (!looked) return looked.error();
  return events;
}

Result<std::vector<std::int64_t>> DeliveryBook::due_lanes(SinkId sink, std::int64_t now_ms,
                                                          std::size_t limit) {
  std::vector<std::int64_t> lanes;
  Result<void> looked = store_.look([&](Database& database) {
    Query rows = database.query(
        "SELECT lane FROM delivery INDEXED BY delivery_due "
        "WHERE sink = ? AND state = 0 AND next_ms > 0 AND next_ms <= ? ORDER BY next_ms LIMIT ?",
        sink, now_ms, static_cast<std::int64_t>(limit));
    while (rows.next()) lanes.push_back(rows.number(0));
  });
  if (!looked) return looked.error();
  return lanes;
}

Result<std::optional<std::int64_t>> DeliveryBook::next_due(SinkId sink, std::int64_t after_ms) {
  std::optional<std::int64_t> next;
  Result<void> looked = store_.look([&](Database& database) {
    Query row = database.query(
        "SELECT next_ms FROM delivery INDEXED BY delivery_due "
        "WHERE sink = ? AND state = 0 AND next_ms > 0 AND next_ms > ? "
        "ORDER BY next_ms LIMIT 1",
        sink, after_ms);
    if (row.next()) next = row.number(0);
  });
  if (!looked) return looked.error();
  return next;
}

Result<std::optional<StoredEvent>> DeliveryBook::event(std::uint64_t seq) {
  Result<std::optional<StoredEvent>> found = std::optional<StoredEvent>();
  Result<void> looked =
      store_.look([&](Database& database) { found = find_stored_event(database, files_, seq); });
  if (!looked) return looked.error();
  return found;
}

// Without a look at the store, as a rule.
Result<std::optional<StoredEvent>> DeliveryBook::event(const WaitingEvent& waiting) {
  const std::string segment = files_.name_of(waiting.segment);
  if (segment.empty()) return event(waiting.seq);
  Result<std::optional<std::string>> payload = files_.payload(segment, waiting.offset);
  if (!payload || !*payload) return event(waiting.seq);
  std::optional<StoredEvent> stored =
      stored_event_in(std::move(**payload), waiting.seq, waiting.late);
  if (!stored) return event(waiting.seq);
  return stored;
}

Result<std::vector<DeliveryBook::GoneSink>> DeliveryBook::gone_sinks() {
  std::vector<GoneSink> gone;
  Result<void> looked = store_.look([&](Database& database) {
    Query rows = database.query(
        "SELECT number, name, waiting FROM sink "
        "WHERE configured = 0 AND waiting > 0");
    while (rows.next()) {
      gone.push_back({rows.number(0), rows.text(1), static_cast<std::uint64_t>(rows.number(2))});
    }
  });
  if (!looked) return looked.error();
  return gone;
}

// --- What became of it.

// Who finds nobody writing writes for all.
Result<void> DeliveryBook::record(SinkId sink, std::vector<DeliveryChange> changes) {
  const MutexLock lock(batch_mutex_);
  if (!open_batch_) open_batch_ = std::make_shared<Batch>();
  const std::shared_ptr<Batch> mine = open_batch_;
  for (DeliveryChange& change : changes) mine->changes.push_back({sink, std::move(change)});
  while (!mine->done) {
    if (writing_batch_) {
      batch_done_.wait(batch_mutex_);
      continue;
    }
    writing_batch_ = true;
    const std::shared_ptr<Batch> batch = std::exchange(open_batch_, nullptr);
    Result<void> written;
    {
      const MutexUnlock unlocked(batch_mutex_);
      written = write_changes(batch->changes);
    }
    if (!written) missed_attempts_ = true;
    batch->result = std::move(written);
    batch->done = true;
    writing_batch_ = false;
    batch_done_.notify_all();
  }
  return mine->result;
}

Result<void> DeliveryBook::write_changes(const std::vector<Change>& changes) {
  std::map<SinkId, Written> sinks;
  const auto write = [&](Database& database) {
    sinks.clear();
    for (const auto& [id, change] : changes) {
      const auto [sink, is_new] = sinks.try_emplace(id);
      if (is_new) sink->second.state = book_.find(id).value_or(SinkState());
      if (sink->second.state.id != 0) write_change(database, change, &sink->second);
    }
    for (auto& [id, sink] : sinks) {
      if (sink.state.id == 0) continue;
      if (sink.state.progress.ranges() > kMostRanges) spill(database, &sink);
      const std::string progress = sink.state.progress.encode();
      database
          .query("UPDATE sink SET progress = ?, delivered = delivered + ? WHERE number = ?",
                 bytes_of(progress), sink.delivered, id)
          .run();
    }
  };
  const auto publish = [&] {
    for (auto& [id, sink] : sinks) {
      if (sink.state.id != 0) book_.publish_progress(id, std::move(sink.state.progress));
    }
  };
  return store_.change_at_any_price(write, publish);
}

void DeliveryBook::write_change(Database& database, const DeliveryChange& change,
                                Written* sink) const {
  SinkProgress& progress = sink->state.progress;
  const bool is_delivered = change.state == DeliveryState::kDelivered;
  if (progress.is_settled(change.seq)) {
    const std::optional<DeliveryRowState> row =
        find_delivery_row(database, sink->state.id, change.seq);
    if (row) {
      change_delivery_row(database, sink->state.id, change);
      sink->delivered += is_delivered ? 1 : 0;
      sink->delivered -= row->state == DeliveryState::kDelivered ? 1 : 0;
      return;
    }
  }
  const std::optional<LogEntry> entry =
      is_delivered && change.attempts <= 1 ? std::nullopt : EventLog(database).find(change.seq);
  const bool was_delivered = progress.is_settled(change.seq);
  if (was_delivered && (is_delivered || !entry)) return;  // told before
  if (entry) make_row(database, *entry, change, sink);
  sink->delivered += (is_delivered ? 1 : 0) - (was_delivered ? 1 : 0);
  progress.settle(change.seq, change.seq);
}

void DeliveryBook::make_row(Database& database, const LogEntry& entry, const DeliveryChange& change,
                            Written* sink) const {
  // That an attempt which is only presumed was the last one needs no row either.
  const unsigned presumed = waiting_of(entry).attempts;
  if (change.state == DeliveryState::kDelivered && change.attempts <= presumed + 1) return;
  insert_delivery_row(database, sink->state.id, entry,
                      {change.state, change.attempts, change.failures, change.next_ms,
                       entry.begun_ms, change.error});
}

// An event that takes long must not keep the sink from being through with what is behind it: what
// waits in the gaps gets rows.
void DeliveryBook::spill(Database& database, Written* sink) const {
  SinkProgress& progress = sink->state.progress;
  EventLog log(database);
  while (progress.ranges() > kRangesLeft) {
    const std::uint64_t gap = progress.end_of_first_gap();
    const std::uint64_t end = std::min(gap, progress.position() + kMostSpilled);
    for (const LogEntry& entry : log.from(progress.position() + 1)) {
      if (entry.seq > end) break;
      if (sink->state.waits_for(entry.seq, intake_.names().name_of(entry.name))) {
        DeliveryRowState row;
        row.begun_ms = entry.begun_ms;
        row.attempts = entry.presumed ? 1 : 0;
        insert_delivery_row(database, sink->state.id, entry, row);
      }
      progress.settle(progress.position() + 1, entry.seq);
    }
    const std::vector<LogEntry> next = log.from(progress.position() + 1);
    if (next.empty() || end < gap) return;
    if (next.front().seq > end) progress.settle(progress.position() + 1, end);
  }
}

Result<void> DeliveryBook::limit_waits(SinkId sink, std::int64_t latest_ms) {
  for (std::int64_t limited = 1; limited > 0;) {
    Result<void> changed = store_.change_at_any_price([&](Database& database) {
      limited = database
                    .query(
                        "UPDATE delivery SET next_ms = ? WHERE sink = ? AND seq IN ("
                        "SELECT seq FROM delivery INDEXED BY delivery_due WHERE sink = ? AND "
                        "state = 0 AND next_ms > 0 AND next_ms > ? LIMIT ?)",
                        latest_ms, sink, sink, latest_ms, kLimitedAtATime)
                    .run();
    });
    if (!changed) return changed;
  }
  return {};
}

}  // namespace plivo_dial
