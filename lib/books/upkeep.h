// File: lib/books/upkeep.h
//
// Housekeeping of the store: what is delivered is forgotten, some at a time, in short transactions
// between which deliveries go on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/books/delivery_book.h"
#include "lib/books/intake.h"
#include "lib/books/prior_progress.h"
#include "lib/store/sink_book.h"
#include "lib/store/store_clock.h"
#include "lib/store/store_connection.h"

namespace plivo_dial {

// For one thread. What returned without error is durable.
class Upkeep {
 public:
  // All must outlive it.
  Upkeep(StoreConnection& store, const StoreClock& clock, const SinkBook& book, Intake& intake,
         const DeliveryBook& delivery, FrameFiles& files)
      : store_(store),
        clock_(clock),
        book_(book),
        intake_(intake),
        delivery_(delivery),
        files_(files) {}

  // Names of ended segments of which nothing waits any more and whose last event was accepted
  // `keep` before `now_us`, both by the even clock. Looks at some segments with each call. What
  // dead letters need of them is kept, and nothing of them is sent again from here on: remove the
  // files.
  Result<std::vector<std::string>> finished_segments(std::int64_t now_us,
                                                     std::chrono::microseconds keep);

  // These forget some at a time, in one short transaction, and tell whether there are more.

  // Of a segment whose file is gone for good.
  Result<bool> forget_some_of(const std::string& segment);

  // Of events that were dead letters and are not any more.
  Result<bool> forget_loose_events();

  // Of the keys of events that were taken in longer ago than the dedupe window, by the store's age.
  Result<bool> forget_old_keys();

  // Of the records of calls that were closed longer than `keep` ago, by the even clock.
  Result<bool> forget_old_records(std::chrono::microseconds keep);

  // Writes what is needed if the store gets lost (prior_progress.h).
  Result<void> save_marks();

  // All that is handed over from now on is recorded before it is. Leaves word for the next user
  // that he need not presume attempts, unless this one ever missed some or never came to know its
  // sinks.
  Result<void> end_in_order();

 private:
  struct Candidate {
    std::int64_t number = 0;
    std::string name;
    std::uint64_t last_seq = 0;
  };

  static bool is_needed(Database& database, std::uint64_t seq);
  std::vector<SinkState> busy_sinks(Database& database) const;
  bool is_through(const SinkState& sink, std::uint64_t seq) const;
  std::vector<Candidate> candidates(Database& database, std::int64_t before_us);
  bool is_waited_for(Database& database, const Candidate& segment,
                     const std::vector<SinkState>& sinks) const;
  bool keep_dead_of(Database& database, std::int64_t segment);
  bool forget_part_of(Database& database, const std::string& segment);
  bool forget_blocks(Database& database, std::int64_t segment, std::uint64_t last_seq);
  static bool is_block_dead(Database& database, const std::vector<LogEntry>& entries);
  Result<DeliveredMarks> delivered_marks();
  void mark_sink(Database& database, const SinkState& sink,
                 std::map<std::string, std::size_t>* marks) const;

  StoreConnection& store_;
  const StoreClock& clock_;
  const SinkBook& book_;
  Intake& intake_;
  const DeliveryBook& delivery_;
  FrameFiles& files_;
  std::int64_t looked_at_segment_ = 0;
  std::uint64_t looked_at_loose_ = 0;
  std::int64_t forgotten_segment_ = 0;
  std::uint64_t looked_at_block_ = 0;  // of the segment that is being forgotten
  std::int64_t saved_age_us_ = 0;
  std::unique_ptr<DeliveredMarks> saved_marks_;
};

}  // namespace plivo_dial
