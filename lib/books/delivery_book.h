// File: lib/books/delivery_book.h
//
// What waits for each sink, and what became of it. A sink that takes events in their order costs
// one row that is written anew, however many events that are; only what is out of order has rows.
//
//   DeliveryBook& book = store.delivery();
//   const Result<std::vector<WaitingEvent>> waiting = book.waiting(crm, 0, 100);
//   const Result<void> recorded = book.record(crm, changes);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/books/intake.h"
#include "lib/store/delivery_state.h"
#include "lib/store/sink_book.h"
#include "lib/store/store_clock.h"
#include "lib/store/store_connection.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {

// Thread-safe. What returned without error is durable.
class DeliveryBook {
 public:
  // All must outlive it.
  DeliveryBook(StoreConnection& store, const StoreClock& clock, SinkBook& book,
               const Intake& intake, FrameFiles& files)
      : store_(store), clock_(clock), book_(book), intake_(intake), files_(files) {}

  // The next events that wait for a sink, by number, at most `limit`.
  Result<std::vector<WaitingEvent>> waiting(SinkId sink, std::uint64_t after, std::size_t limit);

  // The first events of a lane that wait for a sink, at most `limit`.
  Result<std::vector<WaitingEvent>> waiting_in_lane(SinkId sink, std::int64_t lane,
                                                    std::size_t limit);

  // The lanes whose next attempt is due by `now_ms`, most overdue first, at most `limit`.
  Result<std::vector<std::int64_t>> due_lanes(SinkId sink, std::int64_t now_ms, std::size_t limit);

  // When the first retry is due behind `after_ms`, if any.
  Result<std::optional<std::int64_t>> next_due(SinkId sink, std::int64_t after_ms);

  // The event as it was spooled; nothing when it is not there or cannot be read any more.
  Result<std::optional<StoredEvent>> event(std::uint64_t seq);
  Result<std::optional<StoredEvent>> event(const WaitingEvent& waiting);

  // Records what became of events at a sink. Calls of several threads share a transaction.
  Result<void> record(SinkId sink, std::vector<DeliveryChange> changes);

  // Whether that ever failed.
  bool missed_attempts() const { return missed_attempts_; }

  // No retry of a sink is due later than this.
  Result<void> limit_waits(SinkId sink, std::int64_t latest_ms);

  // A sink that is not configured any more, and for which events wait.
  struct GoneSink {
    SinkId id = 0;
    std::string name;
    std::uint64_t waiting = 0;
  };
  Result<std::vector<GoneSink>> gone_sinks();

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
  // A sink while a batch is written.
  struct Written {
    SinkState state;
    std::int64_t delivered = 0;  // more than before
  };

  WaitingEvent waiting_of(const LogEntry& entry) const;
  WaitingEvent waiting_of(const Query& row) const;
  void presume(WaitingEvent* event) const;
  void add_rows(Database& database, const SinkState& sink, std::uint64_t after, std::size_t limit,
                std::vector<WaitingEvent>* events) const;
  void add_log(Database& database, const SinkState& sink, std::uint64_t after, std::size_t limit,
               std::vector<WaitingEvent>* events);
  void find_heads(Database& database, const SinkState& sink,
                  std::vector<WaitingEvent>* events) const;

  Result<void> write_changes(const std::vector<Change>& changes);
  void write_change(Database& database, const DeliveryChange& change, Written* sink) const;
  void make_row(Database& database, const LogEntry& entry, const DeliveryChange& change,
                Written* sink) const;
  void spill(Database& database, Written* sink) const;

  StoreConnection& store_;
  const StoreClock& clock_;
  SinkBook& book_;
  const Intake& intake_;
  FrameFiles& files_;
  std::atomic<bool> missed_attempts_{false};

  Mutex batch_mutex_;  // guards what is in a batch, too, but for the changes that are being written
  std::shared_ptr<Batch> open_batch_ PLIVO_GUARDED_BY(batch_mutex_);
  bool writing_batch_ PLIVO_GUARDED_BY(batch_mutex_) = false;
  ConditionVariable batch_done_;
};

}  // namespace plivo_dial
