// File: lib/delivery/delivery_schedule.h
//
// Decides which event one sink is to get next, and what follows from what became of it: the order
// within a call, retries, rests for a sink that fails, dead letters. Its workers (sink_delivery.h)
// ask it and report to it; it has no thread of its own.
//
//   while (std::optional<DeliverySchedule::Job> job = schedule.next(patience)) {
//     schedule.begin(&*job);
//     const Attempt attempt = sink.attempt(job->event, stop);
//     const bool done = attempt.outcome == Attempt::Outcome::kDone;
//     done ? schedule.delivered(*job) : schedule.not_taken(*job, attempt);
//   }
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/books/event_store.h"
#include "lib/delivery/breaker.h"
#include "lib/delivery/delivery_clock.h"
#include "lib/delivery/lane_queue.h"
#include "lib/log/log.h"
#include "lib/settings/sink_config.h"
#include "lib/sink/sink.h"

namespace plivo_dial {

// Thread-safe.
class DeliverySchedule {
 public:
  // An event that one worker has in hand. Each goes back by exactly one of the reports below.
  struct Job {
    WaitingEvent waiting;
    SinkEvent event;
    unsigned attempt = 1;   // the number of this attempt
    bool recorded = false;  // the store knows of this attempt
    std::uint64_t breaker_attempt = 0;
  };

  // `id` is the sink's in `store`. All references must outlive the schedule.
  DeliverySchedule(SinkConfig config, SinkId id, std::string spool, EventStore& store, Log& log,
                   const DeliveryClock& clock);
  ~DeliverySchedule();
  DeliverySchedule(const DeliverySchedule&) = delete;
  DeliverySchedule& operator=(const DeliverySchedule&) = delete;

  // The event to try now. When there is none, waits for a change for at most `patience`, and gives
  // nothing: ask again.
  std::optional<Job> next(std::chrono::milliseconds patience);

  // How long there will be none if nobody reports or wakes; at most `longest`.
  std::chrono::milliseconds wait_time(std::chrono::milliseconds longest);

  // New events may be in the store behind all others.
  void wake();

  // Anything may have changed in the store.
  void rescan();

  // From now on next() waits for nothing.
  void interrupt();

  // Records that the attempt begins. False when the store does not take it.
  bool begin(Job* job);

  // --- Reports.

  // Taken, and worth a record of its own.
  void delivered(const Job& job);

  // Taken; its lane goes on. record() or take_back() must follow, for all such jobs together.
  void handed_over(const Job& job);

  // The same in two steps, for a sink that is given several events at once: before, of each one, so
  // that the next of its lane may come along; and behind it, when at least one was taken.
  void take_along(const Job& job);
  void were_taken();

  // Those that came along and were not taken; of the first one a further report follows, when it
  // was tried.
  void give_back(const std::vector<Job>& jobs, bool first_was_tried);

  void record(const std::vector<Job>& jobs);
  void take_back(const std::vector<Job>& jobs);

  // What a sink said when it did not take the event.
  void not_taken(const Job& job, const Attempt& attempt);

 private:
  // What became of an event.
  struct Settled {
    WaitingEvent event;
    std::string event_id;
    DeliveryChange change;
  };

  std::optional<WaitingEvent> take(std::int64_t now_ms) PLIVO_REQUIRES(mutex_);
  std::int64_t next_time(std::int64_t now_ms, std::int64_t latest_ms) const PLIVO_REQUIRES(mutex_);
  void refill(std::int64_t now_ms) PLIVO_REQUIRES(mutex_);
  void load_due_lanes(std::int64_t now_ms) PLIVO_REQUIRES(mutex_);
  bool load_page(std::int64_t now_ms) PLIVO_REQUIRES(mutex_);
  void load_lane(std::int64_t lane) PLIVO_REQUIRES(mutex_);
  void record_again(std::int64_t now_ms) PLIVO_REQUIRES(mutex_);
  void note_recorded(const Settled& settled) PLIVO_REQUIRES(mutex_);
  void note_success() PLIVO_REQUIRES(mutex_);
  void note_failure(const Job& job) PLIVO_REQUIRES(mutex_);
  void pause(std::int64_t now_ms, std::chrono::milliseconds time) PLIVO_REQUIRES(mutex_);
  void complain(const Error& error) PLIVO_REQUIRES(mutex_);

  std::optional<Job> load_event(const WaitingEvent& waiting, std::uint64_t breaker_attempt)
      PLIVO_EXCLUDES(mutex_);
  bool tell_store(std::vector<DeliveryChange> changes) PLIVO_EXCLUDES(mutex_);
  void fail(const Job& job, const Attempt& attempt) PLIVO_EXCLUDES(mutex_);
  void refuse(const Job& job, const Attempt& attempt) PLIVO_EXCLUDES(mutex_);
  void wait_for_sink(const Job& job, std::chrono::milliseconds delay) PLIVO_EXCLUDES(mutex_);
  void put_off(const Job& job, unsigned failures, std::int64_t next_ms, const std::string& reason)
      PLIVO_EXCLUDES(mutex_);
  void delay_until(const Job& job, unsigned failures, std::int64_t next_ms,
                   const std::string& reason) PLIVO_EXCLUDES(mutex_);
  bool bury(const Job& job, const std::string& reason) PLIVO_EXCLUDES(mutex_);
  void end_of(const Job& job, DeliveryState state, const std::string& reason)
      PLIVO_EXCLUDES(mutex_);
  std::string about(const SinkEvent& event) const;

  const SinkConfig config_;
  const SinkId id_;
  const std::string spool_;
  EventStore& store_;
  Log& log_;
  const DeliveryClock& clock_;

  Mutex mutex_;
  ConditionVariable changed_;
  LaneQueue lanes_ PLIVO_GUARDED_BY(mutex_);
  Breaker breaker_ PLIVO_GUARDED_BY(mutex_);
  std::mt19937 random_ PLIVO_GUARDED_BY(mutex_);
  std::uint64_t loaded_up_to_ PLIVO_GUARDED_BY(mutex_) = 0;  // all events up to it were looked at
  bool has_more_ PLIVO_GUARDED_BY(mutex_) = true;            // there may be events behind
  bool has_due_ PLIVO_GUARDED_BY(mutex_) = true;  // there may be lanes whose time has come
  std::optional<std::int64_t> next_due_ PLIVO_GUARDED_BY(mutex_);
  std::int64_t paused_until_ms_ PLIVO_GUARDED_BY(mutex_) = 0;
  std::vector<Settled> unrecorded_ PLIVO_GUARDED_BY(mutex_);  // the store could not be told
  std::int64_t record_again_ms_ PLIVO_GUARDED_BY(mutex_) = 0;
  bool complained_ PLIVO_GUARDED_BY(mutex_) = false;  // about the store
  bool interrupted_ PLIVO_GUARDED_BY(mutex_) = false;
};

}  // namespace plivo_dial
