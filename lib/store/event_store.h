// File: lib/store/event_store.h
//
// What the dispatcher knows, in SQLite (store_file.h): which events were accepted, by what their
// duplicates are known, and how each sink stands to each event. This is the dispatcher's own view;
// plivo-dialctl looks at the same file through operator_store.h, also while a dispatcher runs.
//
//   const Result<std::unique_ptr<EventStore>> store = EventStore::open(spool, log);
//   const Result<void> told =
//       (*store)->set_sinks(sinks, {wall_clock_us(), (*store)->clock().even_us()});
//   const SinkId crm = (*store)->id_of("crm");
//   const Result<std::vector<WaitingEvent>> waiting = (*store)->waiting(crm, 0, 100);
//   const Result<void> recorded = (*store)->record(crm, changes);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/log/log.h"
#include "lib/settings/sink_config.h"
#include "lib/store/database.h"
#include "lib/store/fair_mutex.h"
#include "lib/store/lock_patience.h"
#include "lib/store/reserve_file.h"
#include "lib/store/store_clock.h"

namespace plivo_dial {

class ImportMemory;
struct DeliveredMarks;
struct ImportBatch;
struct ImportReport;
struct ImportSink;
struct SegmentMark;

// How a sink stands to an event. The values are those of the database.
enum class DeliveryState { kWaiting = 0, kDelivered = 1, kDead = 2 };

using SinkId = std::int64_t;

// An event that waits for a sink.
struct WaitingEvent {
  std::uint64_t seq = 0;
  // Events of one lane go one after the other: those of a call have its lane, any other event one
  // of its own.
  std::int64_t lane = 0;
  std::uint64_t lane_head = 0;  // the first event of its lane that waits for the sink
  // Begun so far; at least 1 where nobody can say that there was none, see presume_attempts() and
  // prior_progress.h.
  unsigned attempts = 0;
  unsigned failures = 0;      // since it was taken in, or sent again by an operator
  std::int64_t next_ms = 0;   // not before this time, by the delivery clock; 0: at once
  std::int64_t begun_ms = 0;  // when it was taken in, or sent again by an operator, by the same
  bool was_tried = false;     // or given up; its dead letter may be there
};

struct DeliveryChange {
  std::uint64_t seq = 0;
  DeliveryState state = DeliveryState::kWaiting;
  unsigned attempts = 0;
  unsigned failures = 0;
  std::int64_t next_ms = 0;
  std::string error;  // why it is not delivered; of one that waits, "" leaves what it was
};

// Thread-safe. What returned without error is durable. An error names the file and has SQLite's own
// words.
class EventStore {
 public:
  // Opens or makes the store of `<spool>`, which must exist. `log` must outlive it. A lock of
  // another program is waited for until `patience` ends, with a line in the log after 5 s.
  static Result<std::unique_ptr<EventStore>> open(
      const std::string& spool, Log& log,
      std::shared_ptr<LockPatience> patience = std::make_shared<LockPatience>(),
      const StoreClock& clock = StoreClock());
  ~EventStore();
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;

  // By which it works. Thread-safe.
  const StoreClock& clock() const { return clock_; }

  // What befell the file while it was open. Then close the store, mend_file(), and open it again.
  enum class Harm { kNone, kCorrupt, kReplaced };
  Harm harm() const { return harm_; }
  static Result<void> mend_file(const std::string& spool, Harm harm, Log& log);

  // The sinks that events which are taken in from now on go to. One that was not configured before
  // also gets the events that were taken in in the 5 s before (or, as long as the store was just
  // opened, that were accepted in the 5 s before `now`), since a reload's new processes may have
  // accepted some before the dispatcher knew. To a new store all sinks are known from the start.
  struct Now {
    std::int64_t wall_us = 0;
    std::int64_t even_us = 0;
  };
  Result<void> set_sinks(const std::vector<SinkConfig>& sinks, const Now& now);

  // A sink that is not configured any more, and for which events wait.
  struct GoneSink {
    SinkId id = 0;
    std::string name;
    std::uint64_t waiting = 0;
  };
  Result<std::vector<GoneSink>> gone_sinks();

  // The number of a sink that set_sinks() named.
  SinkId id_of(const std::string& sink) const;

  // --- Taking in.

  // How far each segment has been taken in.
  Result<std::vector<SegmentMark>> segments();

  // Whether all that the spool has should be looked at from the start of each segment, since the
  // store is new and does not know yet what was delivered.
  bool is_catching_up() const;

  // The number that the frame at `offset` had before; see PriorProgress.
  std::uint64_t old_seq_of(const std::string& segment, std::size_t offset);

  // Everything that the spool had has been taken in.
  Result<void> end_catching_up();

  // Takes events in, in their order, in one transaction with the segments' offsets. Frames that
  // are in already are passed over.
  Result<ImportReport> import(const ImportBatch& batch);

  // Gives the events that waited long enough for an earlier one of their call to the sinks; all
  // that wait, when `all`. The number of events.
  Result<std::uint64_t> release_held(std::chrono::steady_clock::time_point now, bool all);

  // When the next one will have waited long enough.
  std::optional<std::chrono::steady_clock::time_point> next_release() const;

  // False when the disk is full, and little was freed since: import nothing.
  bool has_space_for_import();

  // --- Delivery.

  // The next events that wait for a sink, by number, at most `limit`.
  Result<std::vector<WaitingEvent>> waiting(SinkId sink, std::uint64_t after, std::size_t limit);

  // The first events of a lane that wait for a sink, at most `limit`.
  Result<std::vector<WaitingEvent>> waiting_in_lane(SinkId sink, std::int64_t lane,
                                                    std::size_t limit);

  // The lanes whose next attempt is due by `now_ms`, most overdue first, at most `limit`.
  Result<std::vector<std::int64_t>> due_lanes(SinkId sink, std::int64_t now_ms, std::size_t limit);

  // When the first retry is due behind `after_ms`, if any.
  Result<std::optional<std::int64_t>> next_due(SinkId sink, std::int64_t after_ms);

  // The event as sinks get it, or nothing when it is not there or cannot be read any more.
  Result<std::optional<Event>> event(std::uint64_t seq);

  // Records what became of events at a sink. Calls of several threads share a transaction.
  Result<void> record(SinkId sink, std::vector<DeliveryChange> changes);

  // Whether that ever failed.
  bool missed_attempts() const { return missed_attempts_; }

  // From now on no event that was accepted before is taken for one that was never tried: somebody
  // may have handed it over and could not record that, or recorded it in a file that is lost. So it
  // is from the start where the last user of the store did not end_in_order(). Not thread-safe
  // towards calls of its own.
  void presume_attempts();

  // No retry of a sink is due later than this.
  Result<void> limit_waits(SinkId sink, std::int64_t latest_ms);

  // --- Housekeeping.

  // Whether another program has changed the store since the last call. Looks after the file, too.
  bool changed_by_others();

  // Names of ended segments of which nothing waits any more and whose last event was accepted
  // `keep` before `now_us`, both by the even clock. Looks at some segments with each call. For one
  // thread.
  Result<std::vector<std::string>> finished_segments(std::int64_t now_us,
                                                     std::chrono::microseconds keep);

  // These forget some at a time, in one short transaction, and tell whether there are more.

  // Of a segment whose file is gone for good, with its events, but for dead letters and what waits
  // again.
  Result<bool> forget_some_of(const std::string& segment);

  // Of events that were dead letters and are not any more.
  Result<bool> forget_loose_events();

  // Of the keys of events that were taken in longer ago than the dedupe window, by the store's age.
  Result<bool> forget_old_keys();

  // Writes what is needed if the store gets lost (prior_progress.h).
  Result<void> save_marks();

  // All that is handed over from now on is recorded before it is. Leaves word for the next user
  // that he need not presume attempts, unless this one ever missed some or never came to know its
  // sinks.
  Result<void> end_in_order();

 private:
  struct Change {
    SinkId sink = 0;
    DeliveryChange change;
  };
  // Changes that go into one transaction.
  struct Batch {
    std::vector<Change> changes;
    bool done = false;
    Result<void> result;
  };

  EventStore(std::string spool, std::unique_ptr<Database> writer, std::unique_ptr<Database> reader,
             Log& log, std::shared_ptr<LockPatience> patience, const StoreClock& clock);

  Result<void> load(bool made);
  Result<bool> load_memory(bool made) PLIVO_REQUIRES(import_mutex_);
  bool wait_for_lock(std::chrono::milliseconds waited) PLIVO_REQUIRES(writer_mutex_);
  void note_full();
  void note_too_large();
  void notice(const Database& database);
  // These call `work` within a transaction, holding the mutex of its connection. Which locks it
  // needs stands at the lambda, and has to be true where that is: no compiler looks through the
  // call.
  Result<void> change(const std::function<void()>& work) PLIVO_EXCLUDES(writer_mutex_);
  Result<void> change_at_any_price(const std::function<void()>& work) PLIVO_EXCLUDES(writer_mutex_);
  Result<void> look(const std::function<void()>& work) PLIVO_EXCLUDES(reader_mutex_);
  Result<void> write_changes(const std::vector<Change>& changes);
  ImportSink add_sink(const SinkConfig& config, const Now& now)
      PLIVO_REQUIRES(import_mutex_, writer_mutex_);
  void skip_unused_time(const StoreClock& before) PLIVO_REQUIRES(import_mutex_, writer_mutex_);
  void note_time() PLIVO_REQUIRES(import_mutex_);
  void note_presumption() PLIVO_REQUIRES(import_mutex_, writer_mutex_);
  void give_recent_events(const ImportSink& sink, std::int64_t now_us, bool was_there)
      PLIVO_REQUIRES(import_mutex_, writer_mutex_);
  Result<std::uint64_t> take_in_dead_letters() PLIVO_REQUIRES(import_mutex_);
  bool is_known_to_sink(const std::string& id, const std::string& sink)
      PLIVO_REQUIRES(writer_mutex_);
  Result<std::vector<WaitingEvent>> waiting_events(const std::function<Query()>& query);
  bool forget_part_of(const std::string& segment_name) PLIVO_REQUIRES(writer_mutex_);
  void save_time() PLIVO_REQUIRES(writer_mutex_);
  void note_last_event(std::int64_t last) PLIVO_REQUIRES(import_mutex_);
  std::int64_t first_recent_second() const;
  std::int64_t last_before_recent_events(std::int64_t now_us)
      PLIVO_REQUIRES(import_mutex_, writer_mutex_);
  void forget_events(const std::vector<std::int64_t>& events) PLIVO_REQUIRES(writer_mutex_);
  std::vector<std::int64_t> without_unfinished(const std::vector<std::int64_t>& events)
      PLIVO_REQUIRES(writer_mutex_);
  Result<DeliveredMarks> delivered_marks() PLIVO_REQUIRES(import_mutex_);
  std::map<std::int64_t, std::int64_t> first_waiting_offsets(SinkId sink)
      PLIVO_REQUIRES(reader_mutex_);

  const std::string spool_;
  Log& log_;
  const std::shared_ptr<LockPatience> patience_;
  std::atomic<Harm> harm_{Harm::kNone};
  std::atomic<bool> full_{false};
  std::atomic<bool> missed_attempts_{false};
  std::atomic<std::uint64_t> presumed_up_to_{0};  // the last event of which attempts are presumed
  std::atomic<bool> warned_of_size_{false};
  const std::uint64_t file_;  // store_file_id() when it was opened

  FairMutex writer_mutex_;
  const std::unique_ptr<Database> writer_ PLIVO_PT_GUARDED_BY(writer_mutex_);
  std::int64_t foreign_changes_ PLIVO_GUARDED_BY(writer_mutex_) = 0;
  std::int64_t saved_age_us_ PLIVO_GUARDED_BY(writer_mutex_) = 0;
  ReserveFile reserve_ PLIVO_GUARDED_BY(writer_mutex_);
  bool has_reserve_ PLIVO_GUARDED_BY(writer_mutex_) = false;
  bool warned_of_lock_ PLIVO_GUARDED_BY(writer_mutex_) = false;

  Mutex reader_mutex_;
  const std::unique_ptr<Database> reader_ PLIVO_PT_GUARDED_BY(reader_mutex_);

  std::int64_t looked_at_segment_ = 0;  // of the thread that calls finished_segments()
  std::int64_t looked_at_loose_ = 0;    // of the one that calls forget_loose_events()

  StoreClock clock_;  // needs no lock: after the first set_sinks(), before which nobody delivers,
                      // nothing changes it

  mutable Mutex import_mutex_ PLIVO_ACQUIRED_BEFORE(writer_mutex_, reader_mutex_);
  std::map<std::string, ImportSink> sinks_ PLIVO_GUARDED_BY(import_mutex_);
  const std::unique_ptr<ImportMemory> memory_ PLIVO_PT_GUARDED_BY(import_mutex_);
  // By the second of the store's age, the last event that was in then: of the seconds in which any
  // came, the last one that is no longer recent, and all behind it.
  std::map<std::int64_t, std::int64_t> last_events_ PLIVO_GUARDED_BY(import_mutex_);
  bool knows_sinks_ PLIVO_GUARDED_BY(import_mutex_) = false;
  std::unique_ptr<DeliveredMarks> saved_marks_ PLIVO_GUARDED_BY(import_mutex_);

  Mutex batch_mutex_;  // guards what is in a batch, too, but for the changes that are being written
  std::shared_ptr<Batch> open_batch_ PLIVO_GUARDED_BY(batch_mutex_);
  bool writing_batch_ PLIVO_GUARDED_BY(batch_mutex_) = false;
  ConditionVariable batch_done_;
};

}  // namespace plivo_dial
