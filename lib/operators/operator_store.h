// File: lib/operators/operator_store.h
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
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/event.h"
#include "lib/operators/event_finder.h"
#include "lib/operators/event_walk.h"
#include "lib/operators/send_again.h"
#include "lib/operators/store_audit.h"
#include "lib/store/database.h"
#include "lib/store/delivery_state.h"
#include "lib/store/event_names.h"
#include "lib/store/frame_files.h"
#include "lib/store/sink_book.h"

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

  // The audit of all that is there (store_audit.h). Takes time in proportion to the store.
  Result<StoreBalance> balance();
  Result<std::vector<SegmentStatus>> segments();

  // Both, of the same moment.
  Result<StoreInventory> inventory();

  // What kind of failure the last error was.
  DatabaseTrouble last_trouble() const { return database_->last_trouble(); }

 private:
  OperatorStore(const std::string& spool, std::unique_ptr<Database> database);

  // Within one state of the store.
  Result<void> look(const std::function<void()>& work);
  std::string name_of(const LogEntry& entry) const { return names_.name_of(entry.name); }

  std::vector<std::uint64_t> numbers_before(const DeliveryFilter& filter, std::uint64_t seq,
                                            EventWalk& walk);
  std::vector<DeliveryRow> rows_of_event(const LogEntry& entry, const std::vector<SinkState>& sinks,
                                         const DeliveryFilter& filter);

  Result<void> check_configured(const std::string& sink);
  Result<std::vector<SendTarget>> targets_of(const std::string& id, const std::string& sink);
  Result<std::uint64_t> send_again(const std::vector<SendTarget>& targets, std::int64_t now_us);
  Result<std::vector<SendTarget>> some_dead(const std::string& sink, bool configured);
  Result<std::uint64_t> drop(const std::vector<SendTarget>& targets);

  const std::string spool_;
  const std::unique_ptr<Database> database_;
  FrameFiles files_;
  EventFinder finder_;
  EventNames names_;
};

}  // namespace plivo_dial
