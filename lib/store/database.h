// File: lib/store/database.h
//
// A connection to an SQLite database, as far as the dispatcher's store needs one: prepared
// statements that are kept, transactions, and errors that are gathered, so that SQL can be written
// without a check behind each line.
//
//   const Result<void> changed = database.change([&] {
//     database.query("UPDATE sink SET configured = 0 WHERE name = ?", name).run();
//   });
//   Query rows = database.query("SELECT name FROM sink WHERE configured = ?", 1);
//   while (rows.next()) names.push_back(rows.text(0));
//   if (const Result<void> read = database.take_error(); !read) return read.error();
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "lib/base/result.h"

namespace plivo_dial {

class Database;

// What kind of failure it was, as far as that decides what to do.
enum class DatabaseTrouble {
  kNone,
  kLocked,    // another program holds the lock and we were not patient enough
  kFull,      // no space left
  kTooLarge,  // the limit on the size of files of this process
  kCorrupt,   // not a database, or harmed
  kOther,
};

// One run of a prepared statement. After a failure of its database it does nothing.
class Query {
 public:
  ~Query();
  Query(Query&& other) noexcept;
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Goes to the next row; false when there is none, or after a failure.
  bool next();

  // Runs a statement that gives no rows. The number of rows that it changed.
  std::int64_t run();

  // Of the present row, columns count from 0.
  bool is_null(int column) const;
  std::int64_t number(int column) const;
  std::string text(int column) const;
  // Valid until the next call of next(), and no longer than the run.
  std::span<const std::uint8_t> bytes(int column) const;

 private:
  friend class Database;
  Query(Database* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}

  void bind(int place, std::int64_t value);
  void bind(int place, int value) { bind(place, static_cast<std::int64_t>(value)); }
  void bind(int place, bool value) { bind(place, static_cast<std::int64_t>(value)); }
  void bind(int place, std::uint64_t value) { bind(place, static_cast<std::int64_t>(value)); }
  void bind(int place, unsigned value) { bind(place, static_cast<std::int64_t>(value)); }
  void bind(int place, std::string_view text);
  void bind(int place, const std::string& text) { bind(place, std::string_view(text)); }
  void bind(int place, const char* text) { bind(place, std::string_view(text)); }
  void bind(int place, std::span<const std::uint8_t> bytes);
  template <class T>
  void bind(int place, const std::optional<T>& value) {
    if (value) bind(place, *value);  // a parameter that is not bound is NULL
  }

  Database* database_;
  sqlite3_stmt* statement_;  // null: does nothing
};

// Not thread-safe: its owner has a mutex. The first failure stays until take_error(), and
// everything between does nothing.
class Database {
 public:
  enum class Access { kRead, kChange };

  // Opens the file `path`, which must exist.
  static Result<std::unique_ptr<Database>> open(const std::string& path, Access access);

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // How long a lock of another program is waited for: asked again and again with the time waited
  // so far. At first not at all.
  void wait_for_locks(std::function<bool(std::chrono::milliseconds waited)> patience);

  // A run of `sql`, one statement, which is kept under its text, with values for its `?` in order.
  // Texts and bytes must outlive the run. Not while another run of the same statement lasts.
  template <class... Values>
  Query query(const char* sql, const Values&... values) {
    Query run(this, prepare(sql));
    [[maybe_unused]] int place = 0;  // a statement may take no values
    if (run.statement_ != nullptr) (run.bind(++place, values), ...);
    return run;
  }

  // Runs statements that are not kept and whose rows nobody wants.
  void run_script(const std::string& sql);

  // The number in the first row and column; 0 without a row.
  template <class... Values>
  std::int64_t number(const char* sql, const Values&... values) {
    Query run = query(sql, values...);
    return run.next() ? run.number(0) : 0;
  }

  // Runs `work` as one transaction that changes the database: all of it is durable, or nothing
  // happened.
  Result<void> change(const std::function<void()>& work);

  // Runs `work` on one state of the database.
  Result<void> read(const std::function<void()>& work);

  bool failed() const { return trouble_ != DatabaseTrouble::kNone; }

  // Of the failure that change(), read() or take_error() told last.
  DatabaseTrouble last_trouble() const { return last_trouble_; }

  // The first failure since the last call.
  Result<void> take_error();

  // Takes what stands in the log beside the file over into the file and gives the log's space back,
  // if nobody reads at the moment.
  void shorten_log();

  // Lets a statement that runs in another thread fail, as soon as may be. Thread-safe.
  void interrupt() { sqlite3_interrupt(handle_); }

  // Changes whenever another connection has changed the database.
  std::int64_t foreign_changes();

  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_); }

 private:
  friend class Query;
  Database(std::string path, sqlite3* handle) : path_(std::move(path)), handle_(handle) {}

  static int on_locked(void* self, int tries) noexcept;
  sqlite3_stmt* prepare(const char* sql);
  void fail(int code);

  const std::string path_;
  sqlite3* const handle_;
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  // By text, which may be gone.
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> statements_;
  std::function<bool(std::chrono::milliseconds)> patience_;
  std::chrono::steady_clock::time_point lock_seen_;
  DatabaseTrouble trouble_ = DatabaseTrouble::kNone;
  DatabaseTrouble last_trouble_ = DatabaseTrouble::kNone;
  std::string message_;
};

}  // namespace plivo_dial
