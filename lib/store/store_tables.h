// File: lib/store/store_tables.h
//
// The tables of the dispatcher's store, and what keeps sums over them: triggers, so that whoever
// changes a row, of this version or an older one, keeps them right, and nobody has to count rows of
// a table that grows.
//
// Numbers: times ending in _us and _ms are micro- and milliseconds since 1970-01-01 UTC; states are
// DeliveryState, steps CallStep::Kind.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/result.h"
#include "lib/store/database.h"
#include "lib/store/store_clock.h"

namespace plivo_dial {

// The number of events that are kept, as Database::number() takes it.
inline constexpr const char* kKeptEvents =
    "SELECT (SELECT ifnull(sum(value), 0) FROM counter WHERE name = 'events') - "
    "(SELECT ifnull(sum(value), 0) FROM counter WHERE name = 'forgotten')";

// That of the last event that was taken in, the same.
inline constexpr const char* kLastNumber = "SELECT seq FROM sqlite_sequence WHERE name = 'event'";

// Makes all of them in an empty database. Within a transaction.
void make_store_tables(Database& database);

// How far the delivery clock (store_clock.h) is behind the wall clock, in milliseconds: a term of
// SQL.
inline constexpr const char* kClockLag =
    "ifnull((SELECT value FROM counter WHERE name = 'clock_lag_ms'), 0)";

// What the store keeps of its clock. Write it within a transaction.
StoreTime read_store_time(Database& database);
void write_store_time(Database& database, const StoreTime& time);

// Whether the sums are kept there: not by the store of a version before they were.
bool keeps_sums(Database& database);

// Adds them to such a store, which takes time in proportion to its rows.
Result<void> add_store_sums(Database& database);

}  // namespace plivo_dial
