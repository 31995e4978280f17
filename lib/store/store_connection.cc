// SPDX-License-Identifier: Apache-2.0
#include "lib/store/store_connection.h"

#include <sys/stat.h>

#include <utility>

#include "lib/base/file_size_limit.h"
#include "lib/base/system_file.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLockWarning{5000};
constexpr milliseconds kImpatience{500};
constexpr off_t kLongLog = 1024 * 1024;

}  // namespace

Result<void> mend_store_file(const std::string& spool, StoreHarm harm, Log& log) {
  if (harm == StoreHarm::kCorrupt && store_file_id(spool) != 0) {
    return move_store_aside(spool, "turned out to be harmed", log);
  }
  if (harm != StoreHarm::kNone) {
    log.write(LogLevel::kError, log_id::kStoreHarmed,
              "'" + store_path(spool) +
                  "' was removed or replaced while plivo-diald used it; what is there is " +
                  "used, or made anew from the spool's segments");
  }
  return {};
}

StoreConnection::StoreConnection(std::string spool, std::unique_ptr<Database> writer,
                                 std::unique_ptr<Database> reader, bool made, bool checked,
                                 Log& log, std::shared_ptr<LockPatience> patience)
    : spool_(std::move(spool)),
      log_(log),
      patience_(std::move(patience)),
      made_(made),
      checked_(checked),
      file_(store_file_id(spool_)),
      writer_(std::move(writer)),
      reserve_(spool_),
      reader_(std::move(reader)) {
  writer_->wait_for_locks([this](milliseconds waited)
                              PLIVO_REQUIRES(writer_mutex_) { return wait_for_lock(waited); });
  reader_->wait_for_locks([this](milliseconds) { return !patience_->has_ended(); });
}

StoreConnection::~StoreConnection() = default;

Result<std::unique_ptr<StoreConnection>> StoreConnection::open(
    const std::string& spool, Log& log, std::shared_ptr<LockPatience> patience,
    TakeOverStore take_over) {
  if (Result<void> made = make_directory(path_in_spool(spool, kStoreDirectory)); !made)
    return made.error();
  Result<StoreFile> file = open_store_file(spool, take_over, log);
  ReserveFile reserve(spool);
  // Who opens it needs some space, and it may be a full disk that somebody restarts everything for.
  const bool is_full = !file && reserve.is_needed();
  const bool is_on_reserve = is_full && reserve.release();
  if (is_on_reserve) file = open_store_file(spool, take_over, log);
  if (!file) {
    return Error{file.error().message +
                 (is_full ? "; the file system is full, free some space" : "")};
  }
  Result<std::unique_ptr<Database>> reader = connect_to_store(spool, Database::Access::kRead);
  if (!reader) return reader.error();
  std::unique_ptr<StoreConnection> store(
      new StoreConnection(spool, std::move(file->database), std::move(*reader), file->made,
                          file->is_checked, log, std::move(patience)));
  store->make_reserve(is_on_reserve);
  return store;
}

void StoreConnection::make_reserve(bool is_on_reserve) {
  const FairLock guard(writer_mutex_);
  if (is_on_reserve) {
    has_reserve_ = true;  // and makes it again as soon as there is space
    note_full();
  } else {
    const Result<void> reserved = reserve_.make();
    has_reserve_ = reserved.ok();
    if (!reserved) log_.write(LogLevel::kWarning, log_id::kSpaceIsLow, reserved.error().message);
  }
  foreign_changes_ = writer_->foreign_changes();
}

bool StoreConnection::wait_for_lock(milliseconds waited) {
  patience_->note_wait();
  if (patience_->has_ended()) return waited < kImpatience;
  if (waited >= kLockWarning && !std::exchange(warned_of_lock_, true)) {
    log_.write(LogLevel::kWarning, log_id::kStoreLocked,
               "'" + store_path(spool_) +
                   "' has been locked by another program for 5 s; events wait until it lets go");
  }
  return true;
}

void StoreConnection::note_full() {
  if (full_.exchange(true)) return;
  log_.write(LogLevel::kError, log_id::kSpaceIsLow,
             "the file system of '" + spool_ +
                 "' is full: events stay in the spool's segments until there is space, those that "
                 "were taken in before are delivered");
}

void StoreConnection::note_too_large() {
  if (warned_of_size_.exchange(true)) return;
  log_.write(LogLevel::kError, log_id::kSpaceIsLow,
             "'" + store_path(spool_) + "' can't grow: " + file_size_remedy() +
                 "; until then events stay in the spool's segments");
}

void StoreConnection::notice(const Database& database) {
  switch (database.last_trouble()) {
    case DatabaseTrouble::kCorrupt:
      harm_ = StoreHarm::kCorrupt;
      break;
    case DatabaseTrouble::kFull:
      note_full();
      break;
    case DatabaseTrouble::kTooLarge:
      note_too_large();
      break;
    default:
      break;
  }
}

Result<void> StoreConnection::change(const Work& work, const std::function<void()>& published) {
  const FairLock guard(writer_mutex_);
  Result<void> changed = writer_->change([&]() PLIVO_REQUIRES(writer_mutex_) { work(*writer_); });
  if (changed) {
    warned_of_lock_ = false;
    published();
  } else {
    notice(*writer_);
  }
  return changed;
}

Result<void> StoreConnection::change_at_any_price(const Work& work,
                                                  const std::function<void()>& published) {
  Result<void> changed = change(work, published);
  if (changed) return changed;
  {
    const FairLock guard(writer_mutex_);
    const bool full = writer_->last_trouble() == DatabaseTrouble::kFull;
    if (!full || !reserve_.release()) return changed;
  }
  return change(work, published);
}

void StoreConnection::shorten_log() {
  struct stat log {};
  const std::string path = store_path(spool_) + "-wal";
  if (stat(path.c_str(), &log) != 0 || log.st_size < kLongLog) return;
  const FairLock guard(writer_mutex_);
  writer_->shorten_log();
}

Result<void> StoreConnection::look(const Work& work) {
  const MutexLock guard(reader_mutex_);
  Result<void> looked = reader_->read([&]() PLIVO_REQUIRES(reader_mutex_) { work(*reader_); });
  if (!looked) notice(*reader_);
  return looked;
}

bool StoreConnection::has_space() {
  if (!full_) return true;
  const FairLock guard(writer_mutex_);
  // Where there never was room for it, the import itself shows whether there is space.
  if (const Result<void> made = reserve_.make(); !made) return !has_reserve_;
  has_reserve_ = true;
  if (full_.exchange(false)) {
    log_.write(LogLevel::kNotice, log_id::kSpaceIsBack,
               "the file system of '" + spool_ + "' has space again, events are taken in");
  }
  return true;
}

bool StoreConnection::changed_by_others() {
  if (harm_ == StoreHarm::kNone && store_file_id(spool_) != file_) harm_ = StoreHarm::kReplaced;
  const FairLock guard(writer_mutex_);
  const std::int64_t changes = writer_->foreign_changes();
  if (const Result<void> asked = writer_->take_error(); !asked) {
    notice(*writer_);
    return false;
  }
  return std::exchange(foreign_changes_, changes) != changes;
}

}  // namespace plivo_dial
