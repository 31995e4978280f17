// File: lib/store/sink_book.h
//
// The sinks as the store knows them: since which event, up to which and of which names each was
// given events, and how far it is in those. What stands in memory here is what the last transaction
// has made durable, or a little more that costs nothing to find out again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/store/database.h"
#include "lib/store/delivery_state.h"
#include "lib/store/event_log.h"
#include "lib/store/event_names.h"
#include "lib/store/sink_progress.h"

namespace plivo_dial {

// From `first` to `last` the sink was given the events of these names; none: all.
struct SinkSpan {
  static constexpr std::uint64_t kOpen = std::numeric_limits<std::int64_t>::max();
  std::uint64_t first = 0;
  std::uint64_t last = kOpen;
  std::vector<std::string> events;
};

struct SinkState {
  SinkId id = 0;
  std::string name;
  bool configured = false;
  SinkProgress progress;
  std::vector<SinkSpan> spans;  // in their order

  // Whether it was given that event when it was taken in.
  bool was_given(std::uint64_t seq, std::string_view event_name) const;

  // Whether it is given events of that name now.
  bool takes_now(std::string_view event_name) const;

  // Whether it waits in the log, which has the rest in rows of its own.
  bool waits_for(std::uint64_t seq, std::string_view event_name) const {
    return !progress.is_settled(seq) && was_given(seq, event_name);
  }
};

// "a,b" of {"a", "b"}, and back.
std::string list_of_events(const std::vector<std::string>& events);
std::vector<std::string> events_of_list(std::string_view list);

// One sink, or with "" all, out of a store; by name.
std::vector<SinkState> read_sinks(Database& database, const std::string& name = {});

// Thread-safe.
class SinkBook {
 public:
  void load(Database& database);

  // All of them as they are durable now.
  void replace(std::vector<SinkState> sinks);

  // What became durable of one sink.
  void publish(SinkState state);
  void publish_progress(SinkId sink, SinkProgress progress);

  // Numbers that need no delivery were passed over; to be found out again by who does not know.
  void pass(SinkId sink, std::uint64_t first, std::uint64_t last);

  std::optional<SinkState> find(SinkId sink) const;
  std::vector<SinkState> all() const;

 private:
  mutable Mutex mutex_;
  std::map<SinkId, SinkState> sinks_ PLIVO_GUARDED_BY(mutex_);
};

// Writes them; within a transaction.
void write_progress(Database& database, SinkId sink, const SinkProgress& progress);
void begin_span(Database& database, SinkId sink, const SinkSpan& span);
void end_span(Database& database, SinkId sink, const SinkSpan& span, std::uint64_t last);

}  // namespace plivo_dial
