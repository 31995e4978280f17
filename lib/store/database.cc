// SPDX-License-Identifier: Apache-2.0
#include "lib/store/database.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <exception>
#include <thread>

#include "lib/base/file_size_limit.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLockStep{10};

// All connections of a process keep their pages in one place, which is as large as the store's two
// are allowed to keep (store_file.cc). Among other memory they would leave holes behind each burst
// that nothing else fits into, and the process would grow. What does not fit is taken from there.
constexpr int kKeptPages = 200;
constexpr int kPageBytes = 4096;

void keep_pages_together() {
  static const bool done = [] {
    int header = 0;
    if (sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &header) != SQLITE_OK) return false;
    constexpr int kAlignment = 64;
    const int slot = (kPageBytes + header + kAlignment - 1) / kAlignment * kAlignment;
    void* const place = mmap(nullptr, static_cast<std::size_t>(slot) * kKeptPages,
                             PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) return false;
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, place, slot, kKeptPages) == SQLITE_OK;
  }();
  static_cast<void>(done);
}

DatabaseTrouble trouble_of(int code) {
  switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return DatabaseTrouble::kNone;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return DatabaseTrouble::kLocked;
    case SQLITE_FULL:
      return DatabaseTrouble::kFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return DatabaseTrouble::kCorrupt;
    default:
      return DatabaseTrouble::kOther;
  }
}

// Whether a file of the database is as large as this process may make one. SQLite undoes a write
// that fails before it tells of it, and errno is of what it did last.
bool has_reached_size_limit(const std::string& path) {
  constexpr std::uint64_t kPage = 4096 + 24;  // with its head in the log
  const std::optional<std::uint64_t> limit = file_size_limit();
  if (!limit) return false;
  for (const char* const suffix : {"", "-wal", "-journal", "-shm"}) {
    struct stat file {};
    if (stat((path + suffix).c_str(), &file) != 0) continue;
    if (static_cast<std::uint64_t>(file.st_size) + kPage > *limit) return true;
  }
  return false;
}

}  // namespace

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query::Query(Query&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

void Query::bind(int place, std::int64_t value) {
  database_->fail(sqlite3_bind_int64(statement_, place, value));
}

void Query::bind(int place, std::string_view text) {
  const char* const start = text.data() == nullptr ? "" : text.data();
  database_->fail(
      sqlite3_bind_text64(statement_, place, start, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::bind(int place, std::span<const std::uint8_t> bytes) {
  database_->fail(
      sqlite3_bind_blob64(statement_, place, bytes.data(), bytes.size(), SQLITE_STATIC));
}

bool Query::next() {
  if (statement_ == nullptr || database_->failed()) return false;
  const int code = sqlite3_step(statement_);
  database_->fail(code);
  return code == SQLITE_ROW;
}

std::int64_t Query::run() {
  if (next() || database_->failed() || statement_ == nullptr) return 0;
  return sqlite3_changes64(database_->handle_);
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Query::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Query::text(int column) const {
  const auto* const start = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::uint8_t> Query::bytes(int column) const {
  const auto* const start =
      static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (start == nullptr) return {};
  return {start, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access) {
  keep_pages_together();
  sqlite3* handle = nullptr;
  const int mode = access == Access::kRead ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  if (handle == nullptr) throw std::bad_alloc();
  std::unique_ptr<Database> database(new Database(path, handle));
  sqlite3_extended_result_codes(handle, 1);
  database->fail(code);
  if (Result<void> opened = database->take_error(); !opened) return opened.error();
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

void Database::wait_for_locks(std::function<bool(milliseconds)> patience) {
  patience_ = std::move(patience);
  sqlite3_busy_handler(handle_, &Database::on_locked, this);
}

// Called by SQLite, through which no exception may fly.
int Database::on_locked(void* self, int tries) noexcept {
  try {
    auto* const database = static_cast<Database*>(self);
    const steady_clock::time_point now = steady_clock::now();
    if (tries == 0) database->lock_seen_ = now;
    const auto waited = std::chrono::duration_cast<milliseconds>(now - database->lock_seen_);
    if (!database->patience_(waited)) return 0;
    std::this_thread::sleep_for(kLockStep);
    return 1;
  } catch (const std::exception&) {
    return 0;
  }
}

sqlite3_stmt* Database::prepare(const char* sql) {
  if (failed()) return nullptr;
  const auto known = statements_.find(std::string_view(sql));
  if (known != statements_.end() && known->second != nullptr) return known->second;
  sqlite3_stmt*& statement = statements_[sql];
  fail(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return statement;
}

void Database::fail(int code) {
  DatabaseTrouble trouble = trouble_of(code);
  if (trouble == DatabaseTrouble::kNone || failed()) return;
  const int reason = sqlite3_system_errno(handle_);
  const bool no_space = reason == ENOSPC || reason == EDQUOT;
  const bool too_large =
      reason == EFBIG || ((code & 0xFF) == SQLITE_IOERR && has_reached_size_limit(path_));
  if (trouble == DatabaseTrouble::kOther && no_space) trouble = DatabaseTrouble::kFull;
  if (trouble == DatabaseTrouble::kOther && too_large) trouble = DatabaseTrouble::kTooLarge;
  trouble_ = trouble;
  message_ = sqlite3_errcode(handle_) == SQLITE_OK ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  if (trouble == DatabaseTrouble::kTooLarge) message_ += "; " + file_size_remedy();
}

void Database::run_script(const std::string& sql) {
  if (!failed()) fail(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

Result<void> Database::take_error() {
  if (!failed()) return {};
  last_trouble_ = std::exchange(trouble_, DatabaseTrouble::kNone);
  return Error{"'" + path_ + "': " + message_};
}

Result<void> Database::change(const std::function<void()>& work) {
  run_script("BEGIN IMMEDIATE");
  if (!failed()) {
    try {
      work();
    } catch (...) {
      sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
      throw;
    }
    run_script("COMMIT");
  }
  if (failed() && sqlite3_get_autocommit(handle_) == 0) {
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  return take_error();
}

Result<void> Database::read(const std::function<void()>& work) {
  run_script("BEGIN");
  if (!failed()) {
    try {
      work();
    } catch (...) {
      sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
      throw;
    }
  }
  sqlite3_exec(handle_, "COMMIT", nullptr, nullptr, nullptr);
  return take_error();
}

void Database::shorten_log() {
  sqlite3_busy_handler(handle_, nullptr, nullptr);
  sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (patience_) sqlite3_busy_handler(handle_, &Database::on_locked, this);
}

std::int64_t Database::foreign_changes() {
  return number("PRAGMA data_version");
}

}  // namespace plivo_dial
