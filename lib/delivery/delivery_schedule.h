// File: lib/delivery/delivery_schedule.h
//
// Decides which event one sink is to get next, and what follows from what became of it: the order
// within a call, retries, rests for a sink that fails, dead letters. Its workers (sink_delivery.h)
// ask it and report to it; it has no thread of its own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/log.h"
#include "lib/delivery/breaker.h"
#include "lib/delivery/delivery_clock.h"
#include "lib/delivery/lane_queue.h"
#include "lib/event/event.h"
#include "lib/settings/sink_config.h"
#include "lib/sink/sink.h"
#include "lib/store/event_store.h"

namespace plivo_dial {

// Thread-safe.
class DeliverySchedule {
 public:
  // An event that one worker has in hand. Each goes back by exactly one of the reports below.
  struct Job {
    WaitingEvent waiting;
    Event event;
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

  // With the lock held.
  std::optional<WaitingEvent> take(std::int64_t now_ms);
  std::int64_t next_time(std::int64_t now_ms, std::int64_t latest_ms) const;
  void refill(std::int64_t now_ms);
  void load_due_lanes(std::int64_t now_ms);
  bool load_page(std::int64_t now_ms);
  void load_lane(std::int64_t lane);
  void record_again(std::int64_t now_ms);
  void note_recorded(const Settled& settled);
  void note_success();
  void note_failure(const Job& job);
  void pause(std::int64_t now_ms, std::chrono::milliseconds time);
  void complain(const Error& error);

  // Without it.
  std::optional<Job> load_event(const WaitingEvent& waiting, std::uint64_t breaker_attempt);
  bool tell_store(std::vector<DeliveryChange> changes);
  void fail(const Job& job, const Attempt& attempt);
  void refuse(const Job& job, const Attempt& attempt);
  void wait_for_sink(const Job& job, std::chrono::milliseconds delay);
  void put_off(const Job& job, unsigned failures, std::int64_t next_ms, const std::string& reason);
  bool bury(const Job& job, const std::string& reason);
  void end_of(const Job& job, DeliveryState state, const std::string& reason);
  std::string about(const Event& event) const;

  const SinkConfig config_;
  const SinkId id_;
  const std::string spool_;
  EventStore& store_;
  Log& log_;
  const DeliveryClock& clock_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  LaneQueue lanes_;
  Breaker breaker_;
  std::mt19937 random_;
  std::uint64_t loaded_up_to_ = 0;  // all events up to it were looked at
  bool has_more_ = true;            // there may be events behind
  bool has_due_ = true;             // there may be lanes in the store whose time has come
  std::optional<std::int64_t> next_due_;
  std::int64_t paused_until_ms_ = 0;
  std::vector<Settled> unrecorded_;  // the store could not be told
  std::int64_t record_again_ms_ = 0;
  bool complained_ = false;  // about the store
  bool interrupted_ = false;
};

}  // namespace plivo_dial
