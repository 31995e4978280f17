// File: lib/books/take_over.h
//
// Makes a store of layout 1, which versions before wrote, one of layout 2: the same events under
// the same numbers wait, are delivered, dead, held and known as duplicates at the same sinks.
//
//   std::int64_t events = 0;
//   const Result<void> taken = database.change([&] { events = take_over_store(database, spool); });
//
// Layout 1 had a row for each event with its JSON, one for each event and sink, and one for each
// key of a duplicate.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lib/store/database.h"

namespace plivo_dial {

// Within a transaction: all that there is, but for PRAGMA user_version. The number of events that
// are kept. The JSON of an unfinished event that is not to be read in the spool's segments any more
// is kept in the store. Takes time in proportion to the store, and next to no memory.
std::int64_t take_over_store(Database& database, const std::string& spool);

}  // namespace plivo_dial
