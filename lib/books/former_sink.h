// File: lib/books/former_sink.h
//
// A sink of a store of layout 1, which had a row for each event and sink, on its way into one of
// layout 2: told of all events in their order, it finds the spans, the progress and the few rows
// that say the same.
//
//   FormerSink crm(database, {number, "crm", true, {"dial.result"}, forgotten, dropped});
//   crm.add(entry, "dial.result", row);               // of each event, also those without a row
//   crm.finish(last_seq);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/store/database.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/delivery_state.h"
#include "lib/store/event_log.h"
#include "lib/store/sink_book.h"
#include "lib/store/sink_progress.h"

namespace plivo_dial {

// What layout 1 said of it beside its rows.
struct FormerSinkRow {
  SinkId number = 0;
  std::string name;
  bool configured = false;
  std::vector<std::string> events;  // that it takes; none: all
  std::int64_t forgotten = 0;       // deliveries whose rows are gone
  std::int64_t dropped = 0;         // dead letters that an operator removed
};

// Whether a row says no more than that the event waits for its first attempt, or (`attempts` is 1)
// for one that may be the second.
bool is_plain(const DeliveryRowState& row);

// Lives within one transaction.
class FormerSink {
 public:
  FormerSink(Database& database, const FormerSinkRow& row) : database_(database), row_(row) {}

  SinkId number() const { return row_.number; }

  // Whether it is given the events of that name that are taken in from now on.
  bool takes_now(const std::string& name) const { return row_.configured && takes(name); }

  // The next event, and the row that it had, if any. What is of no segment gets rows alone.
  void add(const LogEntry& entry, const std::string& name,
           const std::optional<DeliveryRowState>& row);

  // Behind the last event: writes what is left.
  void finish(std::uint64_t last_seq);

 private:
  bool takes(const std::string& name) const;
  void count(DeliveryState state);
  void note_missing(const LogEntry& entry);
  void go_on_with_span(std::uint64_t seq);
  void wait_in_log(const LogEntry& entry);
  void settle(std::uint64_t seq);

  Database& database_;
  const FormerSinkRow row_;
  std::int64_t waiting_ = 0, delivered_ = 0, dead_ = 0;  // of its rows
  bool in_span_ = false;
  SinkSpan span_;                  // while in one; its end is the last event that it has
  std::vector<LogEntry> missing_;  // in a span, of which no row was there; behind the last that had
  SinkProgress progress_;
  std::uint64_t settled_up_to_ = 0;  // but for what waits
  std::vector<LogEntry> run_;        // the first of those that wait one behind the other
  std::uint64_t end_of_run_ = 0;     // 0: none waits
};

}  // namespace plivo_dial
