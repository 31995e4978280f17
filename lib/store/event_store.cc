// SPDX-License-Identifier: Apache-2.0
#include "lib/store/event_store.h"

#include <algorithm>
#include <random>
#include <utility>

#include "lib/base/file_size_limit.h"
#include "lib/base/fnv1a.h"
#include "lib/base/system_file.h"
#include "lib/event/json.h"
#include "lib/spool/segment_name.h"
#include "lib/spool/spool_layout.h"
#include "lib/store/dead_letter.h"
#include "lib/store/store_file.h"
#include "lib/store/store_import.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLockWarning{5000};
constexpr milliseconds kImpatience{500};
constexpr int kLimitedAtATime = 500;
// Above the marks of the last minute, by which a store is made anew.
constexpr std::uint64_t kNumbersOfAMinute = 100'000;

// A number for this boot of the machine; where it can't be told, for this run.
std::int64_t boot_number() {
  const std::string boot = this_boot();
  if (boot.empty()) return static_cast<std::int64_t>(std::random_device{}()) | 1;
  return static_cast<std::int64_t>(fnv1a(boot) >> 1) | 1;
}

}  // namespace

EventStore::EventStore(std::string spool, std::unique_ptr<Database> writer,
                       std::unique_ptr<Database> reader, Log& log,
                       std::shared_ptr<LockPatience> patience, const StoreClock& clock)
    : spool_(std::move(spool)),
      log_(log),
      patience_(std::move(patience)),
      file_(store_file_id(spool_)),
      writer_(std::move(writer)),
      reserve_(spool_),
      reader_(std::move(reader)),
      clock_(clock),
      memory_(std::make_unique<ImportMemory>()) {
  writer_->wait_for_locks([this](milliseconds waited)
                              PLIVO_REQUIRES(writer_mutex_) { return wait_for_lock(waited); });
  reader_->wait_for_locks([this](milliseconds) { return !patience_->has_ended(); });
}

EventStore::~EventStore() = default;

Result<std::unique_ptr<EventStore>> EventStore::open(const std::string& spool, Log& log,
                                                     std::shared_ptr<LockPatience> patience,
                                                     const StoreClock& clock) {
  if (Result<void> made = make_directory(path_in_spool(spool, kStoreDirectory)); !made)
    return made.error();
  Result<StoreFile> file = open_store_file(spool, log);
  ReserveFile reserve(spool);
  // Who opens it needs some space, and it may be a full disk that somebody restarts everything for.
  const bool is_full = !file && reserve.is_needed();
  const bool is_on_reserve = is_full && reserve.release();
  if (is_on_reserve) file = open_store_file(spool, log);
  if (!file) {
    return Error{file.error().message +
                 (is_full ? "; the file system is full, free some space" : "")};
  }
  Result<std::unique_ptr<Database>> reader = connect_to_store(spool, Database::Access::kRead);
  if (!reader) return reader.error();
  std::unique_ptr<EventStore> store(new EventStore(
      spool, std::move(file->database), std::move(*reader), log, std::move(patience), clock));
  if (Result<void> loaded = store->load(file->made); !loaded) return loaded.error();
  if (is_on_reserve) {
    const FairLock guard(store->writer_mutex_);
    store->has_reserve_ = true;  // and makes it again as soon as there is space
    store->note_full();
  }
  return store;
}

// Whether all that the spool had was taken in.
Result<bool> EventStore::load_memory(bool made) {
  const FairLock guard(writer_mutex_);
  const Result<void> reserved = reserve_.make();
  has_reserve_ = reserved.ok();
  if (!reserved) log_.write(LogLevel::kWarning, log_id::kSpaceIsLow, reserved.error().message);
  const StoreTime saved = read_store_time(*writer_);
  clock_.go_on_from(saved, boot_number());
  memory_->reload(*writer_, steady_clock::now(), clock_.even_us());
  note_last_event(writer_->number(kLastNumber));
  const bool complete = writer_->number("SELECT value FROM counter WHERE name = 'caught_up'") != 0;
  const bool in_order = writer_->number("SELECT value FROM counter WHERE name = 'in_order'") != 0;
  presumed_up_to_ = static_cast<std::uint64_t>(writer_->number(
      in_order ? "SELECT value FROM counter WHERE name = 'presumed_up_to'" : kLastNumber));
  memory_->presumed_before_us =
      in_order || made
          ? writer_->number("SELECT value FROM counter WHERE name = 'presumed_before_us'")
          : clock_.even_us();
  // A clock that was ahead in an earlier boot makes nothing of this one older than it is.
  memory_->presumed_before_us = std::min(memory_->presumed_before_us, clock_.even_us());
  foreign_changes_ = writer_->foreign_changes();
  if (Result<void> read = writer_->take_error(); !read) return read.error();
  return complete;
}

Result<void> EventStore::load(bool made) {
  const MutexLock importing(import_mutex_);
  const Result<bool> complete = load_memory(made);
  if (!complete) return complete.error();
  if (*complete) return {};
  Result<PriorProgress> prior = PriorProgress::read(spool_, log_);
  if (!prior) return prior.error();
  memory_->prior = std::make_unique<PriorProgress>(std::move(*prior));
  if (memory_->prior->is_of_lost_store() || memory_->prior->was_harmed()) {
    memory_->presumed_before_us = clock_.even_us();
  }
  Result<std::vector<std::string>> letters = list_dead_letters(spool_);
  if (!letters) return letters.error();
  for (const std::string& path : *letters) {
    if (const Result<DeadLetter> letter = read_dead_letter(path)) {
      memory_->dead_letters[{letter->event_id, letter->sink}] = path;
    }
  }
  if (!made || memory_->prior->empty()) return {};
  const bool lost = memory_->prior->is_of_lost_store();
  return change([&]() PLIVO_REQUIRES(import_mutex_, writer_mutex_) {
    writer_
        ->query("INSERT INTO sqlite_sequence(name, seq) VALUES('event', ?)",
                memory_->prior->next_seq() - 1 + (lost ? kNumbersOfAMinute : 0))
        .run();
  });
}

Result<void> EventStore::mend_file(const std::string& spool, Harm harm, Log& log) {
  const std::string path = store_path(spool);
  if (harm == Harm::kCorrupt && store_file_id(spool) != 0) {
    return move_store_aside(spool, "turned out to be harmed", log);
  }
  if (harm != Harm::kNone) {
    log.write(LogLevel::kError, log_id::kStoreHarmed,
              "'" + path +
                  "' was removed or replaced while plivo-diald used it; what is there is " +
                  "used, or made anew from the spool's segments");
  }
  return {};
}

bool EventStore::wait_for_lock(milliseconds waited) {
  patience_->note_wait();
  if (patience_->has_ended()) return waited < kImpatience;
  if (waited >= kLockWarning && !std::exchange(warned_of_lock_, true)) {
    log_.write(LogLevel::kWarning, log_id::kStoreLocked,
               "'" + store_path(spool_) +
                   "' has been locked by another program for 5 s; events wait until it lets go");
  }
  return true;
}

void EventStore::note_full() {
  if (full_.exchange(true)) return;
  log_.write(LogLevel::kError, log_id::kSpaceIsLow,
             "the file system of '" + spool_ +
                 "' is full: events stay in the spool's segments until there is space, those that "
                 "were taken in before are delivered");
}

void EventStore::note_too_large() {
  if (warned_of_size_.exchange(true)) return;
  log_.write(LogLevel::kError, log_id::kSpaceIsLow,
             "'" + store_path(spool_) + "' can't grow: " + file_size_remedy() +
                 "; until then events stay in the spool's segments");
}

void EventStore::notice(const Database& database) {
  switch (database.last_trouble()) {
    case DatabaseTrouble::kCorrupt:
      harm_ = Harm::kCorrupt;
      break;
    case DatabaseTrouble::kFull:
      note_full();
      break;
    case DatabaseTrouble::kTooLarge:
      note_too_large();
      break;
    default:
      break;
  }
}

Result<void> EventStore::change(const std::function<void()>& work) {
  const FairLock guard(writer_mutex_);
  Result<void> changed = writer_->change(work);
  if (changed) {
    warned_of_lock_ = false;
  } else {
    notice(*writer_);
  }
  return changed;
}

// With the reserve, when the disk is full.
Result<void> EventStore::change_at_any_price(const std::function<void()>& work) {
  Result<void> changed = change(work);
  if (changed) return changed;
  {
    const FairLock guard(writer_mutex_);
    const bool full = writer_->last_trouble() == DatabaseTrouble::kFull;
    if (!full || !reserve_.release()) return changed;
  }
  return change(work);
}

Result<void> EventStore::look(const std::function<void()>& work) {
  const MutexLock guard(reader_mutex_);
  Result<void> looked = reader_->read(work);
  if (!looked) notice(*reader_);
  return looked;
}

// By numbers and not row by row: it may be a long backlog on a full disk.
void EventStore::note_presumption() {
  writer_->query("DELETE FROM counter WHERE name = 'in_order'").run();
  writer_
      ->query("INSERT OR REPLACE INTO counter(name, value) VALUES('presumed_up_to', ?)",
              presumed_up_to_.load())
      .run();
  writer_
      ->query("INSERT OR REPLACE INTO counter(name, value) VALUES('presumed_before_us', ?)",
              memory_->presumed_before_us)
      .run();
}

void EventStore::presume_attempts() {
  std::uint64_t last = 0;
  const Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    last = static_cast<std::uint64_t>(reader_->number(kLastNumber));
  });
  if (looked && last > presumed_up_to_) presumed_up_to_ = last;
  const MutexLock importing(import_mutex_);
  memory_->presumed_before_us = clock_.even_us();
}

Result<std::vector<WaitingEvent>> EventStore::waiting_events(const std::function<Query()>& query) {
  std::vector<WaitingEvent> events;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query rows = query();
    while (rows.next()) {
      WaitingEvent event;
      event.seq = static_cast<std::uint64_t>(rows.number(0));
      event.lane = rows.number(1);
      event.attempts = static_cast<unsigned>(rows.number(2));
      const bool is_presumed = event.seq <= presumed_up_to_;
      if (is_presumed) event.attempts = std::max(event.attempts, 1u);
      event.failures = static_cast<unsigned>(rows.number(3));
      event.next_ms = rows.number(4);
      event.begun_ms = rows.number(5);
      event.was_tried = rows.number(6) != 0 || is_presumed;
      event.lane_head = static_cast<std::uint64_t>(rows.number(7));
      events.push_back(event);
    }
  });
  if (!looked) return looked.error();
  return events;
}

Result<std::vector<WaitingEvent>> EventStore::waiting(SinkId sink, std::uint64_t after,
                                                      std::size_t limit) {
  return waiting_events([&]() PLIVO_REQUIRES(reader_mutex_) {
    return reader_->query(
        "SELECT seq, lane, attempts, failures, next_ms, begun_ms, attempts > 0 OR error <> '', "
        "(SELECT min(head.seq) FROM delivery head INDEXED BY delivery_lane "
        " WHERE head.sink = d.sink AND head.lane = d.lane AND head.state = 0) "
        "FROM delivery d INDEXED BY delivery_waiting "
        "WHERE sink = ? AND state = 0 AND seq > ? ORDER BY seq LIMIT ?",
        sink, after, static_cast<std::int64_t>(limit));
  });
}

Result<std::vector<WaitingEvent>> EventStore::waiting_in_lane(SinkId sink, std::int64_t lane,
                                                              std::size_t limit) {
  Result<std::vector<WaitingEvent>> events = waiting_events([&]() PLIVO_REQUIRES(reader_mutex_) {
    return reader_->query(
        "SELECT seq, lane, attempts, failures, next_ms, begun_ms, attempts > 0 OR error <> '', 0 "
        "FROM delivery INDEXED BY delivery_lane "
        "WHERE sink = ? AND lane = ? AND state = 0 ORDER BY seq LIMIT ?",
        sink, lane, static_cast<std::int64_t>(limit));
  });
  if (events) {
    for (WaitingEvent& event : *events) event.lane_head = events->front().seq;
  }
  return events;
}

Result<std::vector<std::int64_t>> EventStore::due_lanes(SinkId sink, std::int64_t now_ms,
                                                        std::size_t limit) {
  std::vector<std::int64_t> lanes;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query rows = reader_->query(
        "SELECT lane FROM delivery INDEXED BY delivery_due "
        "WHERE sink = ? AND state = 0 AND next_ms > 0 AND next_ms <= ? ORDER BY next_ms LIMIT ?",
        sink, now_ms, static_cast<std::int64_t>(limit));
    while (rows.next()) lanes.push_back(rows.number(0));
  });
  if (!looked) return looked.error();
  return lanes;
}

Result<std::optional<std::int64_t>> EventStore::next_due(SinkId sink, std::int64_t after_ms) {
  std::optional<std::int64_t> next;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query row = reader_->query(
        "SELECT next_ms FROM delivery INDEXED BY delivery_due "
        "WHERE sink = ? AND state = 0 AND next_ms > 0 AND next_ms > ? "
        "ORDER BY next_ms LIMIT 1",
        sink, after_ms);
    if (row.next()) next = row.number(0);
  });
  if (!looked) return looked.error();
  return next;
}

Result<std::optional<Event>> EventStore::event(std::uint64_t seq) {
  std::optional<std::string> body;
  bool late = false;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query row = reader_->query("SELECT body, late FROM event WHERE seq = ?", seq);
    if (!row.next()) return;
    body = row.text(0);
    late = row.number(1) != 0;
  });
  if (!looked) return looked.error();
  if (!body) return std::optional<Event>();
  Result<Event> event = event_from_json(*body);
  if (!event) return std::optional<Event>();
  event->seq = seq;
  event->late = late;
  return std::optional<Event>(std::move(*event));
}

// Who finds nobody writing writes for all.
Result<void> EventStore::record(SinkId sink, std::vector<DeliveryChange> changes) {
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

Result<void> EventStore::write_changes(const std::vector<Change>& changes) {
  return change_at_any_price([&]() PLIVO_REQUIRES(writer_mutex_) {
    for (const auto& [sink, change] : changes) {
      const bool keeps_error = change.state == DeliveryState::kWaiting && change.error.empty();
      writer_
          ->query(
              "UPDATE delivery SET state = ?, attempts = ?, failures = ?, next_ms = ?, "
              "error = CASE WHEN ? THEN error ELSE ? END WHERE sink = ? AND seq = ?",
              static_cast<int>(change.state), change.attempts, change.failures, change.next_ms,
              keeps_error, change.error, sink, change.seq)
          .run();
    }
  });
}

Result<void> EventStore::limit_waits(SinkId sink, std::int64_t latest_ms) {
  for (std::int64_t limited = 1; limited > 0;) {
    Result<void> changed = change_at_any_price([&]() PLIVO_REQUIRES(writer_mutex_) {
      limited = writer_
                    ->query(
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
