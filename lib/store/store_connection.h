// File: lib/store/store_connection.h
//
// The dispatcher's connection to its store, over which all parts of it work: one that changes, one
// change after the other in the order in which they were asked for, and one that reads beside that.
// Looks after what may befall the file: locks of other programs, want of space, harm.
//
//   StoreConnection& store = ...;
//   const Result<void> changed = store.change([&](Database& database) {
//     database.query("UPDATE sink SET configured = 0 WHERE name = ?", name).run();
//   });
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/log/log.h"
#include "lib/store/database.h"
#include "lib/store/fair_mutex.h"
#include "lib/store/lock_patience.h"
#include "lib/store/reserve_file.h"
#include "lib/store/store_file.h"

namespace plivo_dial {

// What befell the file while it was open. Then close the store, mend_store_file(), and open it
// again.
enum class StoreHarm { kNone, kCorrupt, kReplaced };

Result<void> mend_store_file(const std::string& spool, StoreHarm harm, Log& log);

// Thread-safe. What change() returned without error for is durable. An error names the file and has
// SQLite's own words.
class StoreConnection {
 public:
  // Called within a transaction, by one thread at a time.
  using Work = std::function<void(Database&)>;

  // Opens or makes the store of `<spool>`, which must exist. `log` must outlive it. A lock of
  // another program is waited for until `patience` ends, with a line in the log after 5 s.
  static Result<std::unique_ptr<StoreConnection>> open(const std::string& spool, Log& log,
                                                       std::shared_ptr<LockPatience> patience,
                                                       TakeOverStore take_over);
  ~StoreConnection();
  StoreConnection(const StoreConnection&) = delete;
  StoreConnection& operator=(const StoreConnection&) = delete;

  const std::string& spool() const { return spool_; }
  bool was_made() const { return made_; }  // just now, and empty

  // Runs `work` as one transaction: all of it is durable, or nothing happened. `published` is
  // called behind it, before any other change can begin.
  Result<void> change(
      const Work& work, const std::function<void()>& published = [] {});

  // The same with the reserve when the disk is full; `work` may be called twice then.
  Result<void> change_at_any_price(
      const Work& work, const std::function<void()>& published = [] {});

  // Runs `work` on one state of the store.
  Result<void> look(const Work& work);

  // Gives back the space of the log beside the file where that has grown. For a moment without
  // work.
  void shorten_log();

  StoreHarm harm() const { return harm_; }
  bool was_checked() const { return checked_; }  // for harm, when it was opened
  void note_harm() { harm_ = StoreHarm::kCorrupt; }

  // Whether another program has changed the store since the last call. Looks after the file, too.
  bool changed_by_others();

  // The disk is full, and little was freed since.
  bool is_full() const { return full_; }

  // False when it is: take nothing in. Tries to have the reserve again.
  bool has_space();

 private:
  StoreConnection(std::string spool, std::unique_ptr<Database> writer,
                  std::unique_ptr<Database> reader, bool made, bool checked, Log& log,
                  std::shared_ptr<LockPatience> patience);

  void make_reserve(bool is_on_reserve);
  bool wait_for_lock(std::chrono::milliseconds waited) PLIVO_REQUIRES(writer_mutex_);
  void note_full();
  void note_too_large();
  void notice(const Database& database);

  const std::string spool_;
  Log& log_;
  const std::shared_ptr<LockPatience> patience_;
  const bool made_;
  const bool checked_;
  const std::uint64_t file_;  // store_file_id() when it was opened
  std::atomic<StoreHarm> harm_{StoreHarm::kNone};
  std::atomic<bool> full_{false};
  std::atomic<bool> warned_of_size_{false};

  FairMutex writer_mutex_;
  const std::unique_ptr<Database> writer_ PLIVO_PT_GUARDED_BY(writer_mutex_);
  std::int64_t foreign_changes_ PLIVO_GUARDED_BY(writer_mutex_) = 0;
  ReserveFile reserve_ PLIVO_GUARDED_BY(writer_mutex_);
  bool has_reserve_ PLIVO_GUARDED_BY(writer_mutex_) = false;
  bool warned_of_lock_ PLIVO_GUARDED_BY(writer_mutex_) = false;

  Mutex reader_mutex_;
  const std::unique_ptr<Database> reader_ PLIVO_PT_GUARDED_BY(reader_mutex_);
};

}  // namespace plivo_dial
