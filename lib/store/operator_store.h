// File: lib/store/operator_store.h
//
// The dispatcher's store as an operator's tool sees it: what is there, what became of an event,
// send again, give up. Open it with or without a dispatcher running; a running one notices what was
// changed within a second. For `plivo-dialctl events`.
//
//   const auto store = OperatorStore::open(spool, Database::Access::kChange);
//   DeliveryFilter filter;
//   filter.state = DeliveryState::kDead;
//   const Result<std::vector<DeliveryRow>> dead = (*store)->list(filter);
//   const Result<std::uint64_t> sent = (*store)->retry_dead("crm", wall_clock_us());
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/store/database.h"
#include "lib/store/event_store.h"
#include "lib/store/import_batch.h"

namespace plivo_dial {

// How one sink stands to one event.
struct DeliveryRow {
  std::string event_id;
  std::uint64_t seq = 0;
  std::string name;  // of the event: "dial.result"
  std::optional<std::string> call;
  std::optional<std::string> from, to;  // its own or, where it names none, its call's
  std::optional<std::string> status;    // its dial_status, or else its call_status
  std::int64_t accepted_us = 0;
  bool late = false;
  std::string sink;
  DeliveryState state = DeliveryState::kWaiting;
  unsigned attempts = 0;
  // Of one that waits: not before this time, by the wall clock; 0: as soon as may be.
  std::int64_t next_ms = 0;
  std::string error;  // why it is not delivered, as far as it was tried
};

struct SinkStatus {
  std::string name;
  bool configured = true;
  std::uint64_t waiting = 0;
  std::uint64_t retrying = 0;  // of those that wait: they failed before, and their time comes
  std::uint64_t delivered = 0;
  std::uint64_t dead = 0;
  std::optional<std::int64_t> oldest_waiting_us;  // when it was accepted
};

struct StoreStatus {
  std::uint64_t events = 0;  // that are kept
  std::uint64_t held = 0;    // that wait for an earlier one of their call
  std::uint64_t segments = 0;
  std::vector<SinkStatus> sinks;  // by name
};

// Which rows are wanted.
struct DeliveryFilter {
  std::optional<DeliveryState> state;
  std::string sink;  // "": all
  std::string call;  // begins so; "": all
  std::string from,
      to;  // who called, and whom, as rows have it; a leading '+' does not matter; "": all
  std::int64_t since_us = 0;                                            // accepted then or later
  std::uint64_t before_seq = std::numeric_limits<std::int64_t>::max();  // to go on from a page
  std::size_t limit = 100;                                              // of events
};

// The sums of everything that was ever taken in. What was accepted is delivered, a duplicate,
// refused, pending or dead, once.
struct StoreBalance {
  struct OfSink {
    std::string name;
    std::uint64_t taken = 0;  // events that were to go there
    std::uint64_t waiting = 0;
    std::uint64_t delivered = 0;  // kept and forgotten ones
    std::uint64_t dead = 0;
    std::uint64_t dropped = 0;  // dead letters that an operator removed
    // Kept events that it takes, and that are none of the above: it was configured after them, or
    // their dead letters were removed. No difference, but none is on its way there.
    std::uint64_t not_given = 0;
  };
  std::uint64_t frames = 0;  // that were accepted into the spool and taken in from there
  std::uint64_t duplicates = 0;
  std::uint64_t refused = 0;    // frames without an event
  std::uint64_t pending = 0;    // held, or waiting for a sink
  std::uint64_t dead = 0;       // for a sink, and waiting for none
  std::uint64_t delivered = 0;  // to all sinks that wanted it; kept and forgotten ones
  std::uint64_t vanished = 0;   // segment files that somebody removed before they ended
  std::uint64_t recovered = 0;  // from dead letters, after a store was lost: no frame held them
  std::vector<OfSink> sinks;
  std::vector<std::string> wrong_sums;  // kept of a sink's rows, a sentence each

  // What does not add up, a sentence each; empty when all is well.
  std::vector<std::string> differences() const;
};

// When events were accepted: at `since_us` or later, and before `until_us`.
struct AcceptedBetween {
  std::int64_t since_us = 0;
  std::int64_t until_us = std::numeric_limits<std::int64_t>::max();
};

// A segment's file and how much of it is in the store.
struct SegmentStatus {
  std::string name;
  std::size_t offset = 0;  // where the first frame begins that is not in
  bool ended = false;
  std::uint64_t frames = 0;  // taken in from it
};

// The sums and the segments of one moment.
struct StoreInventory {
  StoreBalance balance;
  std::vector<SegmentStatus> segments;
};

// Not thread-safe. Errors name the file and have SQLite's own words; a lock of another program is
// waited for for 5 s.
class OperatorStore {
 public:
  // Fails when there is no store.
  static Result<std::unique_ptr<OperatorStore>> open(const std::string& spool,
                                                     Database::Access access);

  Result<StoreStatus> status();

  struct SinkName {
    std::string name;
    bool configured = true;
  };
  // All that the store knows, by name.
  Result<std::vector<SinkName>> sinks();

  // Newest first, the rows of an event one behind the other.
  Result<std::vector<DeliveryRow>> list(const DeliveryFilter& filter);

  // The ids of kept events that begin with `prefix`, sorted, at most `limit`.
  Result<std::vector<std::string>> ids_with_prefix(const std::string& prefix, std::size_t limit);

  // The event of that id as sinks get it; nothing when it is not kept (any more).
  Result<std::optional<Event>> event(const std::string& id);
  Result<std::vector<DeliveryRow>> deliveries(const std::string& id);

  // All of the following need Access::kChange, take `now_us` for the time at which retries begin
  // anew, and tell the number of rows that changed.

  // Sends an event that waits or is a dead letter now, to `sink` or ("") to all. Its attempts are
  // counted on. The file of a dead letter stays until the event is delivered.
  Result<std::uint64_t> retry(const std::string& id, const std::string& sink, std::int64_t now_us);

  // The same for all dead letters of `sink`, or ("") of all.
  Result<std::uint64_t> retry_dead(const std::string& sink, std::int64_t now_us);

  // Sends everything that was accepted then, and that `sink` takes, once more.
  Result<std::uint64_t> replay(const std::string& sink, const AcceptedBetween& when,
                               std::int64_t now_us);

  // The number that replay() would send; Access::kRead is enough.
  Result<std::uint64_t> count_replay(const std::string& sink, const AcceptedBetween& when);

  // Removes a dead letter, of `sink` or ("") of all sinks: this event does not get there.
  Result<std::uint64_t> drop_dead(const std::string& id, const std::string& sink);

  // The same for all dead letters of `sink`, which may be gone from the configuration, or ("") of
  // all.
  Result<std::uint64_t> drop_all_dead(const std::string& sink);

  // Takes time in proportion to the store.
  Result<StoreBalance> balance();

  // For a comparison with the files.
  Result<std::vector<SegmentStatus>> segments();

  // Both, of the same moment.
  Result<StoreInventory> inventory();

  // What kind of failure the last error was.
  DatabaseTrouble last_trouble() const { return database_->last_trouble(); }

 private:
  struct Row {
    std::int64_t sink = 0;
    std::string sink_name;
    std::int64_t seq = 0;
    std::int64_t lane = 0;
    DeliveryState state = DeliveryState::kWaiting;
    std::string event_id;
  };
  struct Place;
  struct Replayed;
  struct FoundEvent {
    Row row;
    bool is_new = false;  // the sink never had it
  };

  OperatorStore(std::string spool, std::unique_ptr<Database> database)
      : spool_(std::move(spool)), database_(std::move(database)) {}

  Result<void> check_configured(const std::string& sink);
  Result<std::vector<Row>> rows_of(const std::string& id, const std::string& sink);
  Result<std::uint64_t> send_again(const std::vector<Row>& rows, std::int64_t now_us);
  Result<std::vector<Row>> some_dead(const std::string& sink, bool configured);
  Result<std::uint64_t> drop(const std::vector<Row>& rows);
  std::int64_t make_wait(const Row& row, std::int64_t now_us);
  Result<Replayed> find_replayed(const std::string& sink, const AcceptedBetween& when);
  std::vector<FoundEvent> find_some(const Replayed& what, Place* after);
  void replay_some(const Replayed& what, const std::vector<FoundEvent>& found, std::int64_t now_us);
  Result<void> remove_letters(const std::vector<Row>& rows);
  void read_balance(StoreBalance* balance);
  void add_sink_sums(StoreBalance* balance);
  void read_segments(std::vector<SegmentStatus>* segments);

  const std::string spool_;
  const std::unique_ptr<Database> database_;
};

}  // namespace plivo_dial
