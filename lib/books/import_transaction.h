// File: lib/books/import_transaction.h
//
// One transaction that takes events in: recognises duplicates, settles the order of each call,
// numbers the events and says which sinks each goes to.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/books/import_batch.h"
#include "lib/books/import_memory.h"
#include "lib/store/database.h"
#include "lib/store/sink_book.h"

namespace plivo_dial {

// Lives inside a transaction.
class ImportTransaction {
 public:
  // `sinks` are the configured ones by name. All must outlive it.
  ImportTransaction(Database& database, ImportMemory& memory,
                    std::map<std::string, ImportSink>& sinks, const SinkBook& book,
                    ImportReport* report);

  void take(const ImportBatch& batch);

  // Gives the events that are held and whose time is over by `now` to the sinks; or all.
  void release(std::chrono::steady_clock::time_point now, bool all);

  // Takes the event of a dead letter in, which no segment holds any more.
  void take_dead_letter(SinkId sink, const ImportFrame& frame, const std::string& json,
                        const std::string& reason, unsigned attempts);

  // Writes what is left to write. Call it last.
  void finish();

  // What it changed of sinks, to be published when the transaction is durable.
  std::vector<SinkState> changed_sinks() const;

 private:
  struct Segment {
    std::int64_t number = 0;
    std::size_t offset = 0;  // before the transaction
  };
  struct SegmentSums {
    std::uint64_t frames = 0;
    std::int64_t events = 0;
    std::uint64_t last_seq = 0;
    std::int64_t last_us = 0;
  };
  struct Recipient {
    ImportSink* sink = nullptr;
    SinkState state;
    std::int64_t taken = 0;
    std::int64_t delivered = 0;
    bool is_changed = false;
  };
  // What is to be numbered.
  struct Accepted {
    const EventHead& head;
    std::int64_t accepted_us;
    std::int64_t even_us;
    std::uint32_t segment;  // its number; 0: none
    std::uint32_t offset;
    bool late;
    std::uint64_t old_seq;
    const ImportFrame* frame;  // null: it was held
  };

  Segment open_segment(const SegmentMark& mark);
  void take_frame(const ImportFrame& frame, const ImportBatch& batch);
  bool is_written_again(const ImportFrame& frame);
  void move_if_cut(const HeldEvent& held, const ImportFrame& frame);
  void move_if_cut(const LogEntry& entry, const ImportFrame& frame);
  bool is_duplicate(const ImportFrame& frame);
  std::optional<std::string> first_with(const WebhookKey& key, const ImportFrame& frame);
  bool follows_held(const std::string& call, const CallStep& step,
                    const CallProgress& progress) const;
  void hold(const ImportFrame& frame, std::chrono::steady_clock::time_point now);
  void write_held();
  const LogEntry& number(const Accepted& accepted);
  void give(const LogEntry& entry, const std::string& name, const Accepted& accepted);
  void give_to(Recipient& recipient, const LogEntry& entry, const Accepted& accepted);
  DeliveryState prior_state(const std::string& sink, const ImportFrame& frame, unsigned* attempts,
                            std::string* error);
  void release_one(const HeldEvent& held);
  void release_up_to(const HeldEvent& held);
  void release_call(const std::string& call);
  void release_satisfied(std::int64_t lane);
  std::optional<LogEntry> entry_of(std::uint64_t seq);
  CallProgress& progress_of(const std::string& call);

  Database& database_;
  ImportMemory& memory_;
  ImportReport& report_;
  EventLog log_;
  std::vector<Recipient> recipients_;
  std::vector<Segment> segments_;  // as those of the batch
  std::map<std::int64_t, SegmentSums> segment_sums_;
  std::vector<LogEntry> entries_;  // that are not in the log yet
  std::vector<std::uint64_t> newly_held_;
  std::map<std::string, std::int64_t> sums_;  // by name of the counter
};

}  // namespace plivo_dial
