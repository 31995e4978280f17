// File: lib/store/store_file.h
//
// The file of the dispatcher's store, `<spool>/dispatch/queue.db`: an SQLite database that
// says where each event stands in the spool's segments, how far each sink is, and by what
// duplicates are known. All of it is derived from the segments, which are kept for that: a file
// that is harmed is moved aside and made anew. Its tables: lib/store/store_tables.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/log/log.h"
#include "lib/store/database.h"

namespace plivo_dial {

inline constexpr std::int64_t kStoreApplicationId = 0x504C4456;  // "PLDV"
inline constexpr std::int64_t kStoreLayout = 2;                  // PRAGMA user_version
inline constexpr std::int64_t kFormerStoreLayout = 1;

std::string store_path(const std::string& spool);

// Tells the file from another that takes its place; 0 when it is missing.
std::uint64_t store_file_id(const std::string& spool);

struct StoreFile {
  std::unique_ptr<Database> database;
  bool made = false;       // just now, and empty
  bool is_checked = true;  // for harm
};

// Makes a store of the layout before one of this layout, within a transaction. The number of events
// that are kept.
using TakeOverStore = std::int64_t (*)(Database& database, const std::string& spool);

// Opens the store of a spool for the dispatcher, in the directory `<spool>/dispatch`, which must
// exist. Makes it where it is missing. One of the layout before is taken over, with a line in the
// log. A file that is not whole is renamed to queue.db.corrupt-TIME with a line in the log, and one
// is made in its place. Refuses a file of a later layout. A large file of this one is not looked
// through for harm.
Result<StoreFile> open_store_file(const std::string& spool, TakeOverStore take_over, Log& log);

// Whether SQLite finds no harm in it, which takes time in proportion to the file. Fails when nobody
// can tell, such as after an interrupt().
Result<bool> is_whole(Database& database);

// Moves the store's file aside, with a line in the log that says why; nobody may have it open.
Result<void> move_store_aside(const std::string& spool, const std::string& reason, Log& log);

// A further connection to a store that exists; nothing is mended. Refuses other layouts.
Result<std::unique_ptr<Database>> connect_to_store(const std::string& spool,
                                                   Database::Access access);

}  // namespace plivo_dial
