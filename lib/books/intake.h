// File: lib/books/intake.h
//
// Takes events in: what the importer finds in the spool's segments gets a number, once, and goes to
// the sinks that are configured.
//
//   Intake& intake = store.intake();
//   const Result<void> told = intake.set_sinks(sinks, {wall_clock_us(), clock.even_us()});
//   const Result<ImportReport> report = intake.import(batch);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/books/import_batch.h"
#include "lib/books/import_memory.h"
#include "lib/log/log.h"
#include "lib/settings/sink_config.h"
#include "lib/store/sink_book.h"
#include "lib/store/store_clock.h"
#include "lib/store/store_connection.h"

namespace plivo_dial {

class ImportTransaction;

// Thread-safe. What returned without error is durable.
class Intake {
 public:
  // References must outlive it. `clock` is changed by the first set_sinks() alone, before which
  // nobody delivers.
  Intake(StoreConnection& store, StoreClock& clock, SinkBook& book, FrameFiles& files, Log& log);
  ~Intake();

  // Learns what the store has, and goes on by its clock. Call it first.
  Result<void> load();

  // The sinks that events which are taken in from now on go to. One that was not configured before
  // also gets the events that were taken in in the 5 s before (or, as long as the store was just
  // opened, that were accepted in the 5 s before `now`), since a reload's new processes may have
  // accepted some before the dispatcher knew. To a new store all sinks are known from the start.
  struct Now {
    std::int64_t wall_us = 0;
    std::int64_t even_us = 0;
  };
  Result<void> set_sinks(const std::vector<SinkConfig>& sinks, const Now& now);

  // Whether that was called, and worked.
  bool knows_sinks() const;

  // The number of a sink that set_sinks() named; else 0.
  SinkId id_of(const std::string& sink) const;

  // How far each segment has been taken in.
  Result<std::vector<SegmentMark>> segments();

  // Whether all that the spool has should be looked at from the start of each segment, since the
  // store is new and does not know yet what was delivered.
  bool is_catching_up() const { return is_catching_up_; }

  // The number that the frame at `offset` had before; see PriorProgress.
  std::uint64_t old_seq_of(const std::string& segment, std::size_t offset);

  // Everything that the spool had has been taken in.
  Result<void> end_catching_up();

  // Takes events in, in their order, in one transaction with the segments' offsets. Frames that
  // are in already are passed over.
  Result<ImportReport> import(const ImportBatch& batch);

  // Gives the events that waited long enough for an earlier one of their call to the sinks; all
  // that wait, when `all`. The number of events.
  Result<std::uint64_t> release_held(std::chrono::steady_clock::time_point now, bool all);

  // When the next one will have waited long enough.
  std::optional<std::chrono::steady_clock::time_point> next_release() const;

  // From now on no event that was accepted before is taken for one that was never tried: somebody
  // may have handed it over and could not record that, or recorded it in a file that is lost. So it
  // is from the start where the last user of the store did not end in order.
  void presume_attempts();

  // The last event of which that is so; what is taken in later says so itself.
  std::uint64_t presumed_up_to() const { return presumed_up_to_; }

  // What events are found by.
  const KeyIndex& keys() const { return keys_; }
  KeyIndex& keys() { return keys_; }
  const EventNames& names() const { return names_; }

 private:
  using Work = std::function<void(Database&, ImportTransaction&)>;

  Result<void> load_memory(bool* complete) PLIVO_REQUIRES(mutex_);
  Result<void> load_prior() PLIVO_REQUIRES(mutex_);
  Result<ImportReport> take(bool at_any_price, const Work& work) PLIVO_REQUIRES(mutex_);
  void reload() PLIVO_REQUIRES(mutex_);
  ImportSink add_sink(Database& database, const SinkConfig& config, const Now& now)
      PLIVO_REQUIRES(mutex_);
  void begin_again(Database& database, const SinkConfig& config, SinkState& state, const Now& now)
      PLIVO_REQUIRES(mutex_);
  void drop_others(Database& database, const std::map<std::string, ImportSink>& sinks)
      PLIVO_REQUIRES(mutex_);
  void note_presumption(Database& database) PLIVO_REQUIRES(mutex_);
  Result<std::uint64_t> take_in_dead_letters() PLIVO_REQUIRES(mutex_);
  void take_in_letter(Database& database, ImportTransaction& transaction, const std::string& sink,
                      const Event& event, const std::string& path) PLIVO_REQUIRES(mutex_);
  void note_last_event() PLIVO_REQUIRES(mutex_);
  std::int64_t first_recent_second() const;
  std::uint64_t last_before_recent_events(Database& database, std::int64_t now_us)
      PLIVO_REQUIRES(mutex_);

  StoreConnection& store_;
  StoreClock& clock_;
  SinkBook& book_;
  Log& log_;

  mutable Mutex mutex_;  // before the connection's
  KeyIndex keys_;
  EventNames names_;
  ImportMemory memory_ PLIVO_GUARDED_BY(mutex_);
  std::map<std::string, ImportSink> sinks_ PLIVO_GUARDED_BY(mutex_);
  bool is_in_disorder_ PLIVO_GUARDED_BY(mutex_) = false;  // the memory, since a reload failed
  bool knows_sinks_ PLIVO_GUARDED_BY(mutex_) = false;
  // Asked by those who deliver, who must not wait for an import.
  std::atomic<bool> is_catching_up_{false};
  std::atomic<std::uint64_t> presumed_up_to_{0};
  // By the second of the store's age, the last event that was in then: of the seconds in which any
  // came, the last one that is no longer recent, and all behind it.
  std::map<std::int64_t, std::uint64_t> last_events_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
