// SPDX-License-Identifier: Apache-2.0
// What EventStore does for the import, and its housekeeping.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "lib/event/json.h"
#include "lib/store/dead_letter.h"
#include "lib/store/event_store.h"
#include "lib/store/store_file.h"
#include "lib/store/store_import.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr int kSegmentsAtATime = 64;
// In one transaction, in which no delivery is recorded.
constexpr std::size_t kEventsAtATime = 12;
constexpr int kKeysAtATime = 100;
constexpr std::int64_t kAgeSavedUs = 60'000'000;
constexpr int kLooseEventsAtATime = 1000;
constexpr std::int64_t kMarkedEvents = 10'000;

}  // namespace

Result<std::vector<SegmentMark>> EventStore::segments() {
  std::vector<SegmentMark> marks;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query rows = reader_->query("SELECT name, offset, ended FROM segment");
    while (rows.next()) {
      marks.push_back(
          {rows.text(0), static_cast<std::size_t>(rows.number(1)), rows.number(2) != 0});
    }
  });
  if (!looked) return looked.error();
  return marks;
}

bool EventStore::is_catching_up() const {
  const MutexLock importing(import_mutex_);
  return memory_->prior != nullptr;
}

std::uint64_t EventStore::old_seq_of(const std::string& segment, std::size_t offset) {
  const MutexLock importing(import_mutex_);
  return memory_->prior == nullptr ? 0 : memory_->prior->seq_of(segment, offset);
}

Result<void> EventStore::end_catching_up() {
  const MutexLock importing(import_mutex_);
  if (memory_->prior == nullptr) return {};
  note_time();
  Result<std::uint64_t> letters = take_in_dead_letters();
  if (!letters) return letters.error();
  std::int64_t events = 0;
  std::int64_t waiting = 0;
  std::int64_t last = 0;
  Result<void> changed = change_at_any_price([&]() PLIVO_REQUIRES(writer_mutex_) {
    last = writer_->number(kLastNumber);
    events = writer_->number(kKeptEvents);
    waiting = writer_->number("SELECT count(*) FROM unfinished WHERE waiting > 0");
    writer_->query("INSERT OR REPLACE INTO counter(name, value) VALUES('caught_up', 1)").run();
  });
  if (!changed) return changed;
  note_last_event(last);
  if (memory_->prior->is_of_lost_store()) {
    log_.write(LogLevel::kNotice, log_id::kStoreRemade,
               "'" + store_path(spool_) + "' was made anew: " + std::to_string(events) +
                   " events found in the spool's segments and dead letters, " +
                   std::to_string(waiting) + " of them wait for a sink");
  }
  memory_->prior.reset();
  memory_->dead_letters.clear();
  memory_->used_dead_letters.clear();
  PriorProgress::remove_old_files(spool_);
  return {};
}

// Within a transaction.
bool EventStore::is_known_to_sink(const std::string& id, const std::string& sink) {
  return writer_->number(
             "SELECT EXISTS(SELECT 1 FROM event e CROSS JOIN sink k CROSS JOIN delivery d "
             "ON d.sink = k.number AND d.seq = e.seq WHERE e.id = ? AND k.name = ?)",
             id, sink) != 0;
}

// Those whose segments are gone.
Result<std::uint64_t> EventStore::take_in_dead_letters() {
  std::uint64_t taken = 0;
  for (const auto& [key, path] : memory_->dead_letters) {
    const auto& [id, sink_name] = key;
    if (memory_->used_dead_letters.count(key) > 0) continue;
    const Result<DeadLetter> letter = read_dead_letter(path);
    if (!letter) continue;
    const Result<Event> event = event_from_json(letter->event);
    if (!event) continue;
    ImportReport report;
    Result<void> changed =
        change_at_any_price([&, name = sink_name]() PLIVO_REQUIRES(import_mutex_, writer_mutex_) {
          // A dispatcher that was killed at this may have taken it in before.
          if (is_known_to_sink(event->id, name)) return;
          writer_
              ->query(
                  "INSERT INTO sink(name, configured, events) VALUES(?, 0, '') "
                  "ON CONFLICT DO NOTHING",
                  name)
              .run();
          const SinkId sink = writer_->number("SELECT number FROM sink WHERE name = ?", name);
          ImportTransaction transaction(*writer_, *memory_, sinks_, &report);
          ImportFrame frame;
          frame.accepted_us = frame.even_us = event->received_us;
          frame.head = EventHead{event->id, event->event, event->call, step_of(*event)};
          frame.json = letter->event;
          transaction.take_dead_letter(sink, frame, letter->reason, letter->attempts);
          transaction.finish();
        });
    if (!changed) return changed.error();
    memory_->used_dead_letters.insert(key);
    ++taken;
  }
  return taken;
}

// For what is taken in from here on.
void EventStore::note_time() {
  memory_->age_us = clock_.age_us();
  memory_->clock_ms = clock_.now_ms();
}

Result<ImportReport> EventStore::import(const ImportBatch& batch) {
  const MutexLock importing(import_mutex_);
  ImportReport report;
  note_time();
  std::int64_t last = 0;
  Result<void> changed = change([&]() PLIVO_REQUIRES(import_mutex_, writer_mutex_) {
    ImportTransaction transaction(*writer_, *memory_, sinks_, &report);
    transaction.take(batch);
    transaction.finish();
    last = writer_->number(kLastNumber);
  });
  if (changed) {
    note_last_event(last);
    return report;
  }
  const FairLock guard(writer_mutex_);
  memory_->reload(*writer_, batch.now, clock_.even_us());
  [[maybe_unused]] const Result<void> reloaded = writer_->take_error();
  return changed.error();
}

Result<std::uint64_t> EventStore::release_held(steady_clock::time_point now, bool all) {
  const MutexLock importing(import_mutex_);
  const auto& held = memory_->held();
  if (held.empty() || (!all && held.begin()->second.until > now)) return std::uint64_t{0};
  ImportReport report;
  note_time();
  std::int64_t last = 0;
  bool is_second_try = false;
  Result<void> changed = change_at_any_price([&]() PLIVO_REQUIRES(import_mutex_, writer_mutex_) {
    report = {};
    // The try that failed let them go from memory alone. Those whose time was over wait once more.
    if (std::exchange(is_second_try, true)) memory_->reload(*writer_, now, clock_.even_us());
    ImportTransaction transaction(*writer_, *memory_, sinks_, &report);
    transaction.release(now, all);
    transaction.finish();
    last = writer_->number(kLastNumber);
  });
  if (changed) {
    note_last_event(last);
    return report.events;
  }
  const FairLock guard(writer_mutex_);
  memory_->reload(*writer_, now, clock_.even_us());
  [[maybe_unused]] const Result<void> reloaded = writer_->take_error();
  return changed.error();
}

std::optional<steady_clock::time_point> EventStore::next_release() const {
  const MutexLock importing(import_mutex_);
  if (memory_->held().empty()) return std::nullopt;
  return memory_->held().begin()->second.until;
}

bool EventStore::has_space_for_import() {
  if (!full_) return true;
  const FairLock guard(writer_mutex_);
  // Where there never was room for it, the import itself shows whether there is space.
  if (const Result<void> made = reserve_.make(); !made) return !has_reserve_;
  has_reserve_ = true;
  if (full_.exchange(false)) {
    log_.write(LogLevel::kNotice, log_id::kSpaceIsBack,
               "the file system of '" + spool_ + "' has space again, events are taken in");
  }
  return true;
}

bool EventStore::changed_by_others() {
  const MutexLock importing(import_mutex_);
  if (harm_ == Harm::kNone && store_file_id(spool_) != file_) harm_ = Harm::kReplaced;
  const FairLock guard(writer_mutex_);
  const std::int64_t changes = writer_->foreign_changes();
  if (const Result<void> asked = writer_->take_error(); !asked) {
    notice(*writer_);
    return false;
  }
  return std::exchange(foreign_changes_, changes) != changes;
}

Result<std::vector<std::string>> EventStore::finished_segments(std::int64_t now_us,
                                                               microseconds keep) {
  std::vector<std::string> names;
  // What it says may be wrong, and the segments are what it is made anew from.
  if (harm_ != Harm::kNone) return Error{"'" + store_path(spool_) + "' is harmed"};
  // What is delivered is the first to go when space is needed.
  const bool at_once = full_ || keep.count() == 0;
  const std::int64_t before =
      at_once ? std::numeric_limits<std::int64_t>::max() : now_us - keep.count();
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query rows = reader_->query(
        "SELECT number, name, "
        "EXISTS(SELECT 1 FROM held WHERE held.segment = s.number) OR "
        "EXISTS(SELECT 1 FROM unfinished u WHERE u.segment = s.number AND u.waiting > 0) "
        "FROM segment s WHERE number > ? AND ended = 1 AND last_us <= ? ORDER BY number LIMIT ?",
        looked_at_segment_, before, kSegmentsAtATime);
    int seen = 0;
    while (rows.next()) {
      ++seen;
      looked_at_segment_ = rows.number(0);
      if (rows.number(2) == 0) names.push_back(rows.text(1));
    }
    if (seen < kSegmentsAtATime) looked_at_segment_ = 0;
  });
  if (!looked) return looked.error();
  return names;
}

Result<bool> EventStore::forget_some_of(const std::string& segment) {
  bool more = false;
  Result<void> changed =
      change_at_any_price([&]() PLIVO_REQUIRES(writer_mutex_) { more = forget_part_of(segment); });
  if (!changed) return changed.error();
  return more;
}

// Within a transaction. Whether there is more to forget.
bool EventStore::forget_part_of(const std::string& segment_name) {
  const std::int64_t segment =
      writer_->number("SELECT number FROM segment WHERE name = ?", segment_name);
  std::vector<std::int64_t> events;
  std::vector<std::int64_t> kept;
  {
    Query rows = writer_->query(
        "SELECT e.seq, u.seq IS NOT NULL FROM event e LEFT JOIN unfinished u ON u.seq = e.seq "
        "WHERE e.segment = ? ORDER BY e.seq LIMIT ?",
        segment, static_cast<std::int64_t>(kEventsAtATime));
    while (rows.next()) (rows.number(1) != 0 ? kept : events).push_back(rows.number(0));
  }
  // Dead letters outlive their segment, and so does what an operator has sent again since the
  // segment was found finished.
  for (const std::int64_t seq : kept) {
    writer_->query("UPDATE event SET segment = NULL WHERE seq = ?", seq).run();
  }
  forget_events(events);
  if (events.size() + kept.size() == kEventsAtATime && !writer_->failed()) return true;
  writer_->query("DELETE FROM segment WHERE number = ?", segment).run();
  return false;
}

// Within a transaction. Nothing waits for them, and none is a dead letter.
void EventStore::forget_events(const std::vector<std::int64_t>& events) {
  std::vector<SinkId> sinks;
  {
    Query rows = writer_->query("SELECT number FROM sink");
    while (rows.next()) sinks.push_back(rows.number(0));
  }
  for (const SinkId sink : sinks) {
    std::int64_t forgotten = 0;
    for (const std::int64_t seq : events) {
      forgotten +=
          writer_->query("DELETE FROM delivery WHERE sink = ? AND seq = ?", sink, seq).run();
    }
    writer_->query("UPDATE sink SET forgotten = forgotten + ? WHERE number = ?", forgotten, sink)
        .run();
  }
  for (const std::int64_t seq : events) {
    writer_->query("DELETE FROM event WHERE seq = ?", seq).run();
  }
  writer_
      ->query(
          "INSERT INTO counter(name, value) VALUES('forgotten', ?) "
          "ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
          static_cast<std::int64_t>(events.size()))
      .run();
}

// Those whose dead letters were sent after all, or removed.
Result<bool> EventStore::forget_loose_events() {
  std::vector<std::int64_t> events;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    int seen = 0;
    Query rows = reader_->query(
        "SELECT e.seq, u.seq IS NULL FROM event e LEFT JOIN unfinished u ON u.seq = e.seq "
        "WHERE e.segment IS NULL AND e.seq > ? ORDER BY e.seq LIMIT ?",
        looked_at_loose_, kLooseEventsAtATime);
    while (events.size() < kEventsAtATime && rows.next()) {
      ++seen;
      looked_at_loose_ = rows.number(0);
      if (rows.number(1) != 0) events.push_back(looked_at_loose_);
    }
    const bool is_end = events.size() < kEventsAtATime && seen < kLooseEventsAtATime;
    if (is_end) looked_at_loose_ = 0;
  });
  if (!looked) return looked.error();
  if (events.empty()) return looked_at_loose_ != 0;
  Result<void> changed = change_at_any_price(
      [&]() PLIVO_REQUIRES(writer_mutex_) { forget_events(without_unfinished(events)); });
  if (!changed) return changed.error();
  return looked_at_loose_ != 0;
}

// Within a transaction: an operator may have sent some of them again.
std::vector<std::int64_t> EventStore::without_unfinished(const std::vector<std::int64_t>& events) {
  std::vector<std::int64_t> finished;
  for (const std::int64_t seq : events) {
    const bool is_finished =
        writer_->number("SELECT count(*) FROM unfinished WHERE seq = ?", seq) == 0;
    if (is_finished) finished.push_back(seq);
  }
  return finished;
}

Result<bool> EventStore::forget_old_keys() {
  std::int64_t forgotten = 0;
  const std::int64_t age_us = clock_.age_us();
  bool knows_sinks = false;
  {
    const MutexLock importing(import_mutex_);
    knows_sinks = knows_sinks_;
  }
  Result<void> changed = change([&]() PLIVO_REQUIRES(writer_mutex_) {
    // Not before the time without a dispatcher was skipped.
    if (knows_sinks && age_us - saved_age_us_ >= kAgeSavedUs) save_time();
    forgotten = writer_
                    ->query(
                        "DELETE FROM seen WHERE rowid IN (SELECT rowid FROM ("
                        "SELECT rowid, taken_us FROM seen ORDER BY rowid LIMIT ?) "
                        "WHERE taken_us <= ?)",
                        kKeysAtATime, age_us - microseconds(kDedupeWindow).count())
                    .run();
  });
  if (!changed) return changed.error();
  return forgotten > 0;
}

// Within a transaction.
void EventStore::save_time() {
  const StoreTime time = clock_.time();
  write_store_time(*writer_, time);
  saved_age_us_ = time.age_us;
}

Result<void> EventStore::save_marks() {
  const MutexLock importing(import_mutex_);
  if (memory_->prior != nullptr) return {};
  Result<DeliveredMarks> marks = delivered_marks();
  if (!marks) return marks.error();
  if (saved_marks_ && *saved_marks_ == *marks) return {};
  Result<void> written = write_delivered_marks(spool_, *marks);
  if (written) saved_marks_ = std::make_unique<DeliveredMarks>(std::move(*marks));
  return written;
}

Result<DeliveredMarks> EventStore::delivered_marks() {
  DeliveredMarks marks;
  Result<void> looked = look([&]() PLIVO_REQUIRES(import_mutex_, reader_mutex_) {
    marks.next_seq = static_cast<std::uint64_t>(
        reader_->number("SELECT seq FROM sqlite_sequence WHERE name = 'event'") + 1);
    // Where nothing waits, a sink is through with all that was taken in.
    std::map<std::int64_t, std::pair<std::string, std::int64_t>> taken_in;
    Query segments = reader_->query("SELECT number, name, offset FROM segment");
    while (segments.next()) {
      taken_in[segments.number(0)] = {segments.text(1), segments.number(2)};
    }
    for (auto& [number, segment] : taken_in) {
      Query held = reader_->query("SELECT min(offset) FROM held WHERE segment = ?", number);
      if (held.next() && !held.is_null(0)) {
        segment.second = std::min(segment.second, held.number(0));
      }
    }
    for (const auto& [name, sink] : sinks_) {
      // Named even where there is no segment yet: a store that is made anew gives nothing old to a
      // sink that it does not find here.
      std::map<std::string, std::size_t>& of_sink = marks.sinks[name];
      const std::map<std::int64_t, std::int64_t> waiting = first_waiting_offsets(sink.id);
      for (const auto& [number, segment] : taken_in) {
        const auto found = waiting.find(number);
        const std::int64_t through =
            found == waiting.end() ? segment.second : std::min(segment.second, found->second);
        of_sink[segment.first] = static_cast<std::size_t>(through);
      }
    }
  });
  if (!looked) return looked.error();
  return marks;
}

// Where in each segment the first event stands that waits for a sink; no entry where none does.
std::map<std::int64_t, std::int64_t> EventStore::first_waiting_offsets(SinkId sink) {
  std::map<std::int64_t, std::int64_t> offsets;
  std::int64_t last_seq = 0;
  std::int64_t count = 0;
  Query rows = reader_->query(
      "SELECT e.seq, e.segment, e.offset FROM "
      "(SELECT seq FROM delivery INDEXED BY delivery_waiting "
      " WHERE sink = ? AND state = 0 ORDER BY seq LIMIT ?) w JOIN event e ON e.seq = w.seq",
      sink, kMarkedEvents);
  for (; rows.next(); ++count) {
    last_seq = std::max(last_seq, rows.number(0));
    const auto [entry, is_new] = offsets.emplace(rows.number(1), rows.number(2));
    if (!is_new) entry->second = std::min(entry->second, rows.number(2));
  }
  if (count < kMarkedEvents) return offsets;
  // Of a long backlog only the beginning was looked at: what lies behind counts as waiting.
  Query behind = reader_->query(
      "SELECT number, (SELECT max(seq) FROM event WHERE segment = number) FROM segment");
  while (behind.next()) {
    if (behind.number(1) > last_seq) offsets[behind.number(0)] = 0;
  }
  return offsets;
}

Result<void> EventStore::end_in_order() {
  {
    const MutexLock importing(import_mutex_);
    if (missed_attempts_ || !knows_sinks_) return {};
  }
  return change_at_any_price([&]() PLIVO_REQUIRES(writer_mutex_) {
    writer_->query("INSERT OR REPLACE INTO counter(name, value) VALUES('in_order', 1)").run();
    save_time();
  });
}

}  // namespace plivo_dial
