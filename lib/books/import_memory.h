// File: lib/books/import_memory.h
//
// What those who take events in remember from one transaction to the next. The store has all of it;
// a transaction that failed leaves this in disorder, and reload() makes it good.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/books/call_progress.h"
#include "lib/books/held_events.h"
#include "lib/books/prior_progress.h"
#include "lib/event/event.h"
#include "lib/event/spooled_event.h"
#include "lib/settings/sink_config.h"
#include "lib/store/database.h"
#include "lib/store/delivery_state.h"
#include "lib/store/event_log.h"
#include "lib/store/event_names.h"
#include "lib/store/frame_files.h"
#include "lib/store/key_index.h"

namespace plivo_dial {

// A sink as the import sees it.
struct ImportSink {
  SinkId id = 0;
  SinkConfig config;
  // While the store catches up, events accepted before are not for this sink, by the even clock;
  // 0: all are.
  std::int64_t from_us = 0;
  bool has_begun = true;  // with events at or behind from_us
};

// A frame of a segment as it was spooled.
struct SpooledFrame {
  std::vector<WebhookKey> keys;
  Event event;
};

// Used by one thread at a time.
class ImportMemory {
 public:
  // All must outlive it.
  ImportMemory(KeyIndex& keys_of_store, EventNames& names_of_store, FrameFiles& files)
      : keys(keys_of_store), names(names_of_store), files_(files) {}

  // What is held is held anew, from `now` and `even_us` on.
  void reload(Database& database, std::chrono::steady_clock::time_point now, std::int64_t even_us);

  // The steps of a call that were taken in; stays valid until the next call. `entry_of` gives an
  // entry that may not be in the log yet.
  using FindEntry = std::function<std::optional<LogEntry>(std::uint64_t seq)>;
  CallProgress& progress_of(Database& database, const std::string& call, const FindEntry& entry_of);

  // The frame as it stands in the spool; nothing where it can't be read any more.
  std::optional<SpooledFrame> read_frame(Database& database, std::uint32_t segment,
                                         std::uint32_t offset);

  KeyIndex& keys;
  EventNames& names;
  HeldEvents held;
  std::vector<std::uint64_t> lost_held;  // numbers of those that cannot be read any more
  std::uint64_t last_seq = 0;
  std::unique_ptr<PriorProgress> prior;  // while the store catches up
  std::int64_t age_us = 0;               // of the store, for what is taken in
  std::int64_t presumed_before_us = 0;   // even; what was accepted before is presumed to be tried
  std::map<std::pair<std::string, std::string>, std::string> dead_letters;  // by id and sink: path
  std::set<std::pair<std::string, std::string>> used_dead_letters;  // those whose event was found

 private:
  FrameFiles& files_;
  std::unordered_map<std::string, CallProgress> progress_;
};

}  // namespace plivo_dial
