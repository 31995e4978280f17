// SPDX-License-Identifier: Apache-2.0
#include "lib/books/take_over.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/wall_clock.h"
#include "lib/books/former_sink.h"
#include "lib/event/event_outline.h"
#include "lib/store/byte_order.h"
#include "lib/store/event_log.h"
#include "lib/store/event_names.h"
#include "lib/store/frame_files.h"
#include "lib/store/kept_events.h"
#include "lib/store/key_index.h"
#include "lib/store/sink_book.h"
#include "lib/store/store_tables.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kSavedAtATime = 4096;  // keys
// Events that were taken in within this time share a block, and count as taken in at its end.
constexpr std::int64_t kTimeOfBlockMs = 60'000;
constexpr std::int64_t kSameTimeUs = 1'000'000;

// What both layouts have under one name gets another. Of the versions before the sums not all of it
// is there.
constexpr const char* kSetAside = R"(
DROP TRIGGER IF EXISTS delivery_added;
DROP TRIGGER IF EXISTS delivery_delayed;
DROP TRIGGER IF EXISTS delivery_moved;
DROP TRIGGER IF EXISTS delivery_removed;
DROP TRIGGER IF EXISTS held_added;
DROP TRIGGER IF EXISTS held_removed;
DROP TRIGGER IF EXISTS seen_added;
DROP TRIGGER IF EXISTS event_moved;
DROP INDEX IF EXISTS delivery_waiting;
DROP INDEX IF EXISTS delivery_lane;
DROP INDEX IF EXISTS delivery_due;
DROP INDEX IF EXISTS delivery_dead;
DROP INDEX IF EXISTS delivery_dead_of;
DROP INDEX IF EXISTS held_id;
DROP INDEX IF EXISTS held_segment;
DROP TABLE IF EXISTS unfinished;
ALTER TABLE counter RENAME TO former_counter;
ALTER TABLE segment RENAME TO former_segment;
ALTER TABLE event RENAME TO former_event;
ALTER TABLE held RENAME TO former_held;
ALTER TABLE sink RENAME TO former_sink;
ALTER TABLE delivery RENAME TO former_delivery;
ALTER TABLE seen RENAME TO former_seen;
CREATE TABLE former_time(seq INTEGER PRIMARY KEY, even_us INTEGER NOT NULL);
)";

constexpr const char* kCopy = R"(
INSERT INTO counter(name, value) SELECT name, value FROM former_counter WHERE name <> 'held';
INSERT OR REPLACE INTO counter(name, value) VALUES('last_seq',
  ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'former_event'), 0));
INSERT INTO segment(number, name, offset, ended, frames, events, last_seq, last_us)
  SELECT number, name, offset, ended, frames,
    (SELECT count(*) FROM former_event WHERE segment = number),
    (SELECT ifnull(max(seq), 0) FROM former_event WHERE segment = number), last_us
  FROM former_segment;
INSERT INTO held(number, segment, offset, accepted_us)
  SELECT number, segment, offset, accepted_us FROM former_held;
)";

constexpr const char* kRemove = R"(
DROP TABLE former_time;
DROP TABLE former_seen;
DROP TABLE former_delivery;
DROP TABLE former_sink;
DROP TABLE former_held;
DROP TABLE former_event;
DROP TABLE former_segment;
DROP TABLE former_counter;
)";

// Lives within the transaction.
class TakeOver {
 public:
  TakeOver(Database& database, FrameFiles& files)
      : database_(database), files_(files), log_(database) {}

  std::int64_t run() {
    set_aside();
    keys_.load(database_);
    names_.load(database_);
    take_keys();
    read_former_sinks();
    const std::int64_t events = take_events() + release_held();
    write_block();
    save_keys();
    for (FormerSink& sink : sinks_) sink.finish(last_seq_);
    database_.run_script(kRemove);
    return events;
  }

 private:
  void set_aside();
  void take_keys();
  std::int64_t number_of_forgotten();
  void note_time(std::int64_t seq, std::int64_t even_us);
  void add_key(KeyKind kind, std::uint64_t hash, std::uint64_t seq, std::int64_t age_us);
  void save_keys();
  void read_former_sinks();
  std::int64_t take_events();
  void take_event(LogEntry entry, const std::string& name);
  std::int64_t release_held();
  void release(const LogEntry& entry, const std::string& name, const std::string& body);
  void add(const LogEntry& entry, const std::string& name,
           const std::vector<std::optional<DeliveryRowState>>& rows);
  std::optional<DeliveryRowState> former_row(SinkId sink, std::uint64_t seq);
  void keep_where_needed(const LogEntry& entry, bool is_unfinished);
  bool can_be_read(const LogEntry& entry);
  void add_to_block(const LogEntry& entry);
  void write_block();

  Database& database_;
  FrameFiles& files_;
  EventLog log_;
  EventNames names_;
  KeyIndex keys_;
  std::size_t unsaved_ = 0;
  std::int64_t key_age_us_ = 0;  // of the last one
  std::vector<FormerSink> sinks_;
  std::vector<LogEntry> block_;
  std::uint64_t last_seq_ = 0;
  StoreTime time_;
  std::int64_t begun_ms_ = 0;  // of the event before
};

void TakeOver::set_aside() {
  database_.run_script(kSetAside);
  if (database_.number("SELECT count(*) FROM pragma_table_info('former_seen') "
                       "WHERE name = 'taken_us'") == 0) {
    database_.run_script("ALTER TABLE former_seen ADD COLUMN taken_us INTEGER NOT NULL DEFAULT 0");
  }
  make_store_tables(database_);
  database_.run_script(kCopy);
  last_seq_ = static_cast<std::uint64_t>(database_.number(kLastNumber));
  time_ = read_store_time(database_);
  // As StoreClock would begin, by which begun_ms is meant from here on.
  if (time_.base_ms == 0) {
    time_.base_ms = wall_clock_us() / 1000 - time_.age_us / 1000;
    write_store_time(database_, time_);
  }
}

// --- What events are found by.

// Of an event that is forgotten the number is not known any more: any does that is no event's.
std::int64_t TakeOver::number_of_forgotten() {
  const std::int64_t first = database_.number("SELECT min(seq) FROM former_event");
  if (first > 1) return first - 1;
  const std::int64_t gap = database_.number(
      "SELECT seq + 1 FROM former_event e WHERE NOT EXISTS("
      "SELECT 1 FROM former_event f WHERE f.seq = e.seq + 1) ORDER BY seq LIMIT 1");
  const auto last = static_cast<std::int64_t>(last_seq_);
  return first == 0 ? last : gap <= last ? gap : 0;
}

// In the order in which they were taken in. What was held finds its keys in its frame.
void TakeOver::take_keys() {
  const std::int64_t forgotten = number_of_forgotten();
  Query rows = database_.query(
      "SELECT k.key, k.taken_us, k.accepted_us, e.seq, e.accepted_us FROM former_seen k "
      "LEFT JOIN former_event e ON e.seq = (SELECT min(seq) FROM former_event WHERE id = k.id) "
      "ORDER BY k.rowid");
  while (rows.next()) {
    const std::span<const std::uint8_t> bytes = rows.bytes(0);
    const std::int64_t seq = rows.is_null(3) ? forgotten : rows.number(3);
    WebhookKey key{};
    if (bytes.size() != key.size() || seq == 0) continue;
    std::ranges::copy(bytes, key.begin());
    const std::int64_t distance = rows.number(2) - rows.number(4);
    const bool was_set = distance > kSameTimeUs || distance < -kSameTimeUs;
    if (!rows.is_null(3) && was_set) note_time(seq, rows.number(2));
    add_key(KeyKind::kDuplicate, hash_of(key), static_cast<std::uint64_t>(seq), rows.number(1));
  }
  save_keys();
}

// By the even clock, where the wall clock said another one.
void TakeOver::note_time(std::int64_t seq, std::int64_t even_us) {
  database_.query("INSERT OR IGNORE INTO former_time(seq, even_us) VALUES(?, ?)", seq, even_us)
      .run();
}

void TakeOver::add_key(KeyKind kind, std::uint64_t hash, std::uint64_t seq, std::int64_t age_us) {
  keys_.add(kind, hash, seq);
  key_age_us_ = std::max(key_age_us_, age_us);
  if (++unsaved_ == kSavedAtATime) save_keys();
}

void TakeOver::save_keys() {
  keys_.save(database_, key_age_us_);
  keys_.publish();
  unsaved_ = 0;
}

// --- Sinks and events.

void TakeOver::read_former_sinks() {
  const std::string nothing = SinkProgress().encode();
  Query rows = database_.query(
      "SELECT number, name, configured, events, forgotten, dropped FROM former_sink");
  while (rows.next()) {
    const FormerSinkRow row{rows.number(0),      rows.text(1),
                            rows.number(2) != 0, events_of_list(rows.text(3)),
                            rows.number(4),      rows.number(5)};
    database_
        .query("INSERT INTO sink(number, name, configured, progress) VALUES(?, ?, ?, ?)",
               row.number, row.name, row.configured, bytes_of(nothing))
        .run();
    sinks_.emplace_back(database_, row);
  }
}

std::int64_t TakeOver::take_events() {
  std::int64_t events = 0;
  Query rows = database_.query(
      "SELECT e.seq, id, lane, name, accepted_us, late, ifnull(segment, 0), offset, "
      "ifnull(t.even_us, accepted_us) FROM former_event e "
      "LEFT JOIN former_time t ON t.seq = e.seq ORDER BY e.seq");
  for (; rows.next(); ++events) {
    LogEntry entry;
    entry.seq = static_cast<std::uint64_t>(rows.number(0));
    entry.set_id(rows.text(1));
    entry.lane = rows.number(2);
    entry.accepted_us = rows.number(4);
    entry.late = rows.number(5) != 0;
    entry.segment = static_cast<std::uint32_t>(rows.number(6));
    entry.offset = static_cast<std::uint32_t>(rows.number(7));
    entry.even_us = rows.number(8);
    take_event(entry, rows.text(3));
  }
  return events;
}

void TakeOver::take_event(LogEntry entry, const std::string& name) {
  std::vector<std::optional<DeliveryRowState>> rows;
  std::size_t plain = 0;
  std::size_t tried = 0;  // of those, ones that may have been
  bool is_unfinished = false;
  for (const FormerSink& sink : sinks_) {
    const auto& row = rows.emplace_back(former_row(sink.number(), entry.seq));
    if (!row) continue;
    is_unfinished = is_unfinished || row->state != DeliveryState::kDelivered;
    if (!is_plain(*row)) continue;
    begun_ms_ = plain == 0 ? row->begun_ms : std::max(begun_ms_, row->begun_ms);
    ++plain;
    tried += row->attempts;
  }
  entry.begun_ms = begun_ms_;
  entry.presumed = plain > 0 && tried == plain;
  entry.name = names_.number_of(database_, name);
  keep_where_needed(entry, is_unfinished);
  add(entry, name, rows);
}

void TakeOver::add(const LogEntry& entry, const std::string& name,
                   const std::vector<std::optional<DeliveryRowState>>& rows) {
  for (std::size_t i = 0; i < sinks_.size(); ++i) sinks_[i].add(entry, name, rows[i]);
  if (entry.segment != 0) add_to_block(entry);
  add_key(KeyKind::kId, hash_of_id(entry.id()), entry.seq, time_.age_us);
  if (entry.lane == 0) return;
  add_key(KeyKind::kCall, static_cast<std::uint64_t>(entry.lane), entry.seq, time_.age_us);
}

// Who goes on reads what is held from its frame; where that is gone, the event waits no longer for
// an earlier one of its call. The number of those.
std::int64_t TakeOver::release_held() {
  std::int64_t released = 0;
  Query rows = database_.query(
      "SELECT number, id, lane, name, accepted_us, ifnull(segment, 0), offset, body "
      "FROM former_held ORDER BY number");
  while (rows.next()) {
    LogEntry entry;
    entry.set_id(rows.text(1));
    entry.lane = rows.number(2);
    entry.accepted_us = entry.even_us = rows.number(4);
    entry.begun_ms = time_.age_us / 1000;
    entry.segment = static_cast<std::uint32_t>(rows.number(5));
    entry.offset = static_cast<std::uint32_t>(rows.number(6));
    if (can_be_read(entry)) continue;
    entry.seq = ++last_seq_;
    release(entry, rows.text(3), rows.text(7));
    database_.query("DELETE FROM held WHERE number = ?", rows.number(0)).run();
    ++released;
  }
  return released;
}

void TakeOver::release(const LogEntry& released, const std::string& name, const std::string& body) {
  LogEntry entry = released;
  entry.name = names_.number_of(database_, name);
  DeliveryRowState waits;
  waits.begun_ms = entry.begun_ms;
  std::vector<std::optional<DeliveryRowState>> rows;
  for (const FormerSink& sink : sinks_) {
    rows.push_back(sink.takes_now(name) ? std::optional(waits) : std::nullopt);
  }
  keep_event(database_, entry, body);
  add(entry, name, rows);
  add_to_counter(database_, "events", 1);
  write_counter(database_, "last_seq", static_cast<std::int64_t>(entry.seq));
  database_
      .query("UPDATE segment SET events = events + 1, last_seq = ? WHERE number = ?", entry.seq,
             static_cast<std::int64_t>(entry.segment))
      .run();
}

std::optional<DeliveryRowState> TakeOver::former_row(SinkId sink, std::uint64_t seq) {
  Query row = database_.query(
      "SELECT state, attempts, failures, next_ms, begun_ms, error FROM former_delivery "
      "WHERE sink = ? AND seq = ?",
      sink, seq);
  if (!row.next()) return std::nullopt;
  DeliveryRowState state = delivery_row_in(row);
  state.begun_ms -= time_.base_ms;
  return state;
}

void TakeOver::keep_where_needed(const LogEntry& entry, bool is_unfinished) {
  if (entry.segment != 0 && (!is_unfinished || can_be_read(entry))) return;
  Query row = database_.query("SELECT body FROM former_event WHERE seq = ?", entry.seq);
  if (row.next()) keep_event(database_, entry, row.text(0));
}

// Layout 1 did without the frame of an event that was taken in.
bool TakeOver::can_be_read(const LogEntry& entry) {
  const Result<std::optional<StoredEvent>> stored = read_stored_event(database_, files_, entry);
  if (!stored || !*stored) return false;
  const Result<EventOutline> outline = outline_of((*stored)->json);
  return outline && outline->id == entry.id();
}

void TakeOver::add_to_block(const LogEntry& entry) {
  const bool fits = block_.empty() || (block_.size() < EventLog::kEntriesOfBlock &&
                                       entry.begun_ms - block_.front().begun_ms < kTimeOfBlockMs &&
                                       block_.front().begun_ms - entry.begun_ms < kTimeOfBlockMs);
  if (!fits) write_block();
  block_.push_back(entry);
}

void TakeOver::write_block() {
  std::int64_t begun_ms = 0;
  for (const LogEntry& entry : block_) {
    begun_ms = &entry == &block_.front() ? entry.begun_ms : std::max(begun_ms, entry.begun_ms);
  }
  for (LogEntry& entry : block_) entry.begun_ms = begun_ms;
  log_.append(block_);
  block_.clear();
}

}  // namespace

std::int64_t take_over_store(Database& database, const std::string& spool) {
  FrameFiles files(spool);
  return TakeOver(database, files).run();
}

}  // namespace plivo_dial
