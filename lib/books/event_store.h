// File: lib/books/event_store.h
//
// What the dispatcher knows, in SQLite (store_file.h): which events were accepted and where they
// stand in the spool's segments, by what their duplicates are known, and how each sink stands to
// them. This is the dispatcher's own view; plivo-dialctl looks at the same file through
// operator_store.h, also while a dispatcher runs.
//
//   const Result<std::unique_ptr<EventStore>> store = EventStore::open(spool, log);
//   const Result<void> told =
//       (*store)->intake().set_sinks(sinks, {wall_clock_us(), (*store)->clock().even_us()});
//   const Result<ImportReport> report = (*store)->intake().import(batch);
//   const SinkId crm = (*store)->intake().id_of("crm");
//   const Result<std::vector<WaitingEvent>> waiting = (*store)->delivery().waiting(crm, 0, 100);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/books/delivery_book.h"
#include "lib/books/intake.h"
#include "lib/books/store_check.h"
#include "lib/books/upkeep.h"
#include "lib/log/log.h"
#include "lib/store/frame_files.h"
#include "lib/store/lock_patience.h"
#include "lib/store/sink_book.h"
#include "lib/store/store_clock.h"
#include "lib/store/store_connection.h"

namespace plivo_dial {

// Owns the parts and what they share. Each says whether it is thread-safe.
class EventStore {
 public:
  // Opens or makes the store of `<spool>`, which must exist. `log` must outlive it.
  static Result<std::unique_ptr<EventStore>> open(
      const std::string& spool, Log& log,
      std::shared_ptr<LockPatience> patience = std::make_shared<LockPatience>(),
      const StoreClock& clock = StoreClock());
  EventStore(const EventStore&) = delete;
  EventStore& operator=(const EventStore&) = delete;

  // By which it works. Thread-safe.
  const StoreClock& clock() const { return clock_; }

  StoreConnection& connection() { return *connection_; }
  Intake& intake() { return intake_; }
  DeliveryBook& delivery() { return delivery_; }
  Upkeep& upkeep() { return upkeep_; }

 private:
  EventStore(std::unique_ptr<StoreConnection> connection, Log& log, const StoreClock& clock);

  const std::unique_ptr<StoreConnection> connection_;
  StoreClock clock_;
  FrameFiles files_;
  SinkBook book_;
  Intake intake_;
  DeliveryBook delivery_;
  Upkeep upkeep_;
  std::unique_ptr<StoreCheck> check_;  // of a large store
};

}  // namespace plivo_dial
