// SPDX-License-Identifier: Apache-2.0
#include "lib/store/store_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>
#include <thread>

#include "lib/base/file_size_limit.h"
#include "lib/base/system_file.h"
#include "lib/spool/spool_layout.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

constexpr std::chrono::seconds kOpenPatience{5};  // with a lock of another program
constexpr std::chrono::milliseconds kMadePatience{1000};
constexpr std::chrono::milliseconds kMadeStep{10};
constexpr std::int64_t kCheckedAtOnce = 4096;  // pages of 4 kB: a tenth of a second

constexpr std::array<std::string_view, 3> kSuffixes = {"", "-wal", "-shm"};

enum class Condition { kGood, kUnchecked, kEmpty, kFormer, kHarmed };

bool exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

Error with_remedy(const Error& error) {
  return Error{error.message + "; let httpd's user read and write it and its directory"};
}

}  // namespace

Result<bool> is_whole(Database& database) {
  bool is_ok = false;
  {
    Query check = database.query("PRAGMA quick_check(1)");
    is_ok = check.next() && check.text(0) == "ok";
  }
  const Result<void> looked = database.take_error();
  if (!looked && database.last_trouble() != DatabaseTrouble::kCorrupt) return looked.error();
  return looked.ok() && is_ok;
}

namespace {

// What the file holds. An error is a trouble that another look may not meet.
Result<Condition> examine(Database& database) {
  const std::int64_t pages = database.number("PRAGMA page_count");
  const std::int64_t application = database.number("PRAGMA application_id");
  const std::int64_t layout = database.number("PRAGMA user_version");
  Result<void> looked = database.take_error();
  if (!looked && database.last_trouble() == DatabaseTrouble::kCorrupt) return Condition::kHarmed;
  if (!looked) return looked.error();
  if (pages == 0) return Condition::kEmpty;
  if (application != kStoreApplicationId) return Condition::kHarmed;
  if (layout != kStoreLayout && layout != kFormerStoreLayout) {
    return Error{"layout " + std::to_string(layout) + " is not known; run the plivo-diald of the " +
                 "version that wrote it, or move it away and lose what was remembered"};
  }
  // All of it is read for that: a large one is checked while it is used (store_check.h), but for one
  // that is taken over.
  if (layout == kStoreLayout && pages > kCheckedAtOnce) return Condition::kUnchecked;
  const Result<bool> whole = is_whole(database);
  if (!whole) return whole.error();
  if (!*whole) return Condition::kHarmed;
  return layout == kStoreLayout ? Condition::kGood : Condition::kFormer;
}

Result<void> make_tables(Database& database) {
  return database.change([&] {
    make_store_tables(database);
    database.run_script("PRAGMA application_id = " + std::to_string(kStoreApplicationId));
    database.run_script("PRAGMA user_version = " + std::to_string(kStoreLayout));
  });
}

// Gives the file system back what the former tables took, as far as there is space to do it: it may
// be more than fits into memory, and is written once more beside the file.
void shrink(Database& database) {
  database.run_script("PRAGMA temp_store = FILE; VACUUM");
  [[maybe_unused]] const Result<void> shrunk = database.take_error();
  database.run_script("PRAGMA temp_store = MEMORY; PRAGMA wal_checkpoint(TRUNCATE)");
  [[maybe_unused]] const Result<void> emptied = database.take_error();
}

Result<void> take_over_file(Database& database, const std::string& spool, TakeOverStore take_over,
                            Log& log) {
  std::int64_t events = 0;
  // As Debian builds SQLite, it would write each page anew that the former tables leave.
  const std::int64_t overwrites = database.number("PRAGMA secure_delete");
  database.run_script("PRAGMA secure_delete = FAST");
  Result<void> taken = database.change([&] {
    events = take_over(database, spool);
    database.run_script("PRAGMA user_version = " + std::to_string(kStoreLayout));
  });
  if (!taken) return taken;
  log.write(LogLevel::kNotice, log_id::kStoreTakenOver,
            "'" + store_path(spool) + "' of the version before was taken over with " +
                std::to_string(events) + " events");
  shrink(database);
  database.run_script("PRAGMA secure_delete = " + std::to_string(overwrites));
  return {};
}

// How many pages the log beside the file may have before they are taken over into it: SQLite's own
// number, or fewer where a limit on the size of files would end its growth before.
std::uint64_t log_pages() {
  constexpr std::uint64_t kPages = 1000;
  constexpr std::uint64_t kPageSize = 4096;
  const std::optional<std::uint64_t> limit = file_size_limit();
  return limit ? std::clamp<std::uint64_t>(*limit / kPageSize / 4, 1, kPages) : kPages;
}

void set_up(Database& database) {
  database.run_script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
      "PRAGMA cache_size = -600; PRAGMA journal_size_limit = 67108864");
  database.run_script("PRAGMA wal_autocheckpoint = " + std::to_string(log_pages()));
}

// Makes the file where it is missing, since SQLite would choose another mode.
Result<void> make_file(const std::string& path) {
  if (!exists(path)) {
    // What a file that is gone has left would spoil its successor.
    for (const std::string_view suffix : {"-wal", "-shm"}) {
      unlink((path + std::string(suffix)).c_str());
    }
  }
  const Descriptor file(
      open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, kSpoolFileMode));
  if (!file.valid()) return with_remedy(system_error("cannot open", path));
  return {};
}

struct Opened {
  std::unique_ptr<Database> database;
  Condition condition = Condition::kHarmed;
};

Result<Opened> open_as_it_is(const std::string& spool, TakeOverStore take_over, Log& log) {
  const std::string path = store_path(spool);
  if (Result<void> made = make_file(path); !made) return made.error();
  Result<std::unique_ptr<Database>> database = Database::open(path, Database::Access::kChange);
  if (!database) return database.error();
  (*database)->wait_for_locks(
      [](std::chrono::milliseconds waited) { return waited < kOpenPatience; });
  Result<Condition> condition = examine(**database);
  if (!condition) return Error{"'" + path + "': " + condition.error().message};
  Opened opened{std::move(*database), *condition};
  if (opened.condition == Condition::kHarmed) return opened;
  set_up(*opened.database);
  if (Result<void> set = opened.database->take_error(); !set) return set.error();
  if (opened.condition == Condition::kEmpty) {
    if (Result<void> made = make_tables(*opened.database); !made) return made.error();
  }
  if (opened.condition == Condition::kFormer) {
    Result<void> taken = take_over_file(*opened.database, spool, take_over, log);
    if (!taken) return taken.error();
  }
  return opened;
}

}  // namespace

std::string store_path(const std::string& spool) {
  return path_in_spool(spool, kStoreDirectory) + "/queue.db";
}

std::uint64_t store_file_id(const std::string& spool) {
  struct stat file {};
  return stat(store_path(spool).c_str(), &file) == 0 ? file.st_ino : 0;
}

Result<void> move_store_aside(const std::string& spool, const std::string& reason, Log& log) {
  const std::string path = store_path(spool);
  std::string aside = path + ".corrupt-" + std::to_string(time(nullptr));
  for (int number = 2; exists(aside); ++number) {
    aside = path + ".corrupt-" + std::to_string(time(nullptr)) + "-" + std::to_string(number);
  }
  for (const std::string_view suffix : kSuffixes) {
    const std::string from = path + std::string(suffix);
    if (rename(from.c_str(), (aside + std::string(suffix)).c_str()) != 0 && errno != ENOENT) {
      return system_error("cannot rename", from);
    }
  }
  log.write(LogLevel::kError, log_id::kStoreHarmed,
            "'" + path + "' " + reason + " and is now named '" + aside +
                "'; it is made anew from the spool's segments, events that were delivered in the "
                "last minute may come again");
  return {};
}

Result<StoreFile> open_store_file(const std::string& spool, TakeOverStore take_over, Log& log) {
  const std::string path = store_path(spool);
  for (int tries = 0; tries < 2; ++tries) {
    Result<Opened> opened = open_as_it_is(spool, take_over, log);
    if (!opened) return opened.error();
    if (opened->condition != Condition::kHarmed) {
      return StoreFile{std::move(opened->database), opened->condition == Condition::kEmpty,
                       opened->condition != Condition::kUnchecked};
    }
    opened->database.reset();
    if (Result<void> moved = move_store_aside(spool, "is harmed", log); !moved) {
      return moved.error();
    }
  }
  return Error{"'" + path + "' is harmed again as soon as it is made; check the disk"};
}

namespace {

// plivo-diald has the file, and is about to make its tables in it, in one transaction.
bool is_being_made(Database& database) {
  return database.number("PRAGMA application_id") == 0 &&
         database.number("SELECT count(*) FROM sqlite_master") == 0 && !database.failed();
}

// At the first start of all, somebody may ask at the same moment.
void wait_until_made(Database& database) {
  const auto deadline = std::chrono::steady_clock::now() + kMadePatience;
  while (is_being_made(database) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kMadeStep);
  }
}

}  // namespace

Result<std::unique_ptr<Database>> connect_to_store(const std::string& spool,
                                                   Database::Access access) {
  const std::string path = store_path(spool);
  Result<std::unique_ptr<Database>> opened = Database::open(path, access);
  if (!opened) return with_remedy(opened.error());
  Database& database = **opened;
  database.wait_for_locks([](std::chrono::milliseconds waited) { return waited < kOpenPatience; });
  wait_until_made(database);
  const std::int64_t application = database.number("PRAGMA application_id");
  const std::int64_t layout = database.number("PRAGMA user_version");
  if (access == Database::Access::kChange) database.run_script("PRAGMA synchronous = FULL");
  database.run_script("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -200");
  if (Result<void> looked = database.take_error(); !looked) {
    const bool harmed = database.last_trouble() == DatabaseTrouble::kCorrupt;
    return Error{looked.error().message +
                 (harmed ? ": the store is harmed; plivo-diald makes it anew from the spool's "
                           "segments when httpd is restarted"
                         : "")};
  }
  if (application != kStoreApplicationId || layout != kStoreLayout) {
    return Error{"'" + path + "' is not the store of this version's plivo-diald (layout " +
                 std::to_string(layout) + ", wanted " + std::to_string(kStoreLayout) + ")"};
  }
  return opened;
}

}  // namespace plivo_dial
