// File: lib/store/store_import.h
//
// The part of the store that takes events in: recognises duplicates, settles the order of each
// call, numbers the events and says which sinks each goes to. Used by EventStore alone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/store/call_progress.h"
#include "lib/store/database.h"
#include "lib/store/event_store.h"
#include "lib/store/import_batch.h"
#include "lib/store/prior_progress.h"

namespace plivo_dial {

// A sink as the import sees it.
struct ImportSink {
  SinkId id = 0;
  SinkConfig config;
  // While the store catches up, events accepted before are not for this sink, by the even clock;
  // 0: all are.
  std::int64_t from_us = 0;
};

// The lane of a call: the same for ever, never 0.
std::int64_t lane_of_call(const std::string& call);

// What is remembered from one transaction to the next. The database has all of it; a transaction
// that failed leaves this in disorder, and reload() makes it good.
class ImportMemory {
 public:
  struct Held {
    std::uint64_t number = 0;  // in the table of the same name
    std::int64_t lane = 0;
    std::string call;
    std::string name;
    CallStep step;
    std::int64_t accepted_us = 0;
    std::int64_t even_us = 0;
    std::chrono::steady_clock::time_point until;
  };

  // What is held is held anew, from `now` and `even_us` on.
  void reload(Database& database, std::chrono::steady_clock::time_point now, std::int64_t even_us);

  void hold(Held held);
  void let_go(std::uint64_t number);
  const std::map<std::uint64_t, Held>& held() const { return held_; }

  // In the order of their calls; equals as they were held.
  std::vector<Held> held_of_lane(std::int64_t lane) const;

  // The one that was accepted first, if that is before `even_us`.
  const Held* first_accepted_before(std::int64_t even_us) const;

  // The steps of a call that are in the database; stays valid until the next call.
  CallProgress& progress_of(Database& database, const std::string& call);

  std::unique_ptr<PriorProgress> prior;  // while the store catches up
  std::int64_t age_us = 0;               // of the store, for the keys that are taken in
  std::int64_t clock_ms = 0;             // the delivery clock, for what is taken in
  std::int64_t presumed_before_us = 0;   // even; what was accepted before is presumed to be tried
  std::map<std::pair<std::string, std::string>, std::string> dead_letters;  // by id and sink: path
  std::set<std::pair<std::string, std::string>> used_dead_letters;  // those whose event was found

 private:
  std::map<std::uint64_t, Held> held_;
  std::set<std::pair<std::int64_t, std::uint64_t>> held_by_time_;
  std::set<std::pair<std::int64_t, std::uint64_t>> held_by_lane_;
  std::unordered_map<std::string, CallProgress> progress_;
};

// One transaction; lives inside Database::change().
class ImportTransaction {
 public:
  ImportTransaction(Database& database, ImportMemory& memory,
                    const std::map<std::string, ImportSink>& sinks, ImportReport* report)
      : database_(database), memory_(memory), sinks_(sinks), report_(*report) {}

  void take(const ImportBatch& batch);

  // Gives the events that are held and whose time is over by `now` to the sinks; or all.
  void release(std::chrono::steady_clock::time_point now, bool all);

  // Takes the event of a dead letter in, which no segment holds any more.
  void take_dead_letter(SinkId sink, const ImportFrame& frame, const std::string& reason,
                        unsigned attempts);

  // Writes the sums. Call it last.
  void finish();

 private:
  struct Segment {
    std::string name;
    std::int64_t number = 0;
    std::size_t offset = 0;  // before the transaction
    std::uint64_t frames = 0;
    std::int64_t last_us = 0;
  };

  Segment open_segment(const SegmentMark& mark);
  void take_frame(const ImportFrame& frame, const ImportBatch& batch);
  bool is_written_again(const ImportFrame& frame);
  bool is_duplicate(const ImportFrame& frame);
  bool follows_held(const std::string& call, const CallStep& step,
                    const CallProgress& progress) const;
  void hold(const ImportFrame& frame, std::chrono::steady_clock::time_point now);
  std::uint64_t insert(const ImportFrame& frame, bool late);
  void insert_deliveries(std::uint64_t seq, std::int64_t lane, const std::string& name,
                         std::int64_t even_us, const ImportFrame* frame);
  DeliveryState prior_state(const std::string& sink, const ImportFrame& frame, unsigned* attempts,
                            std::string* error);
  void insert_delivery(SinkId sink, std::uint64_t seq, std::int64_t lane, DeliveryState state,
                       unsigned attempts, const std::string& error);
  void release_one(const ImportMemory::Held& held);
  void release_up_to(const ImportMemory::Held& held);
  void release_call(const std::string& call);
  void release_satisfied(std::int64_t lane);

  Database& database_;
  ImportMemory& memory_;
  const std::map<std::string, ImportSink>& sinks_;
  ImportReport& report_;
  std::vector<Segment> segments_;
  std::map<std::string, std::int64_t> sums_;  // by name of the counter
  std::map<SinkId, std::int64_t> taken_;      // rows made for each sink
};

}  // namespace plivo_dial
