// File: lib/store/store_tables.h
//
// The tables of the dispatcher's store, layout 2. Whose they are:
//
//   segment            the spool's segments, and how far each is taken in    import_transaction.h
//   block, event_name  the events in the order of their numbers              event_log.h
//   recent, key_run, key_page   by what events are found                     key_index.h
//   held               events that wait for an earlier one of their call     held_events.h
//   kept               events of dead letters whose segments are gone        kept_events.h
//   sink, span         how far each sink is, and what it was given           sink_book.h
//   delivery           what is out of order                                  delivery_rows.h
//   record             the records of calls that are closed                  call_records.h
//   counter            sums, and the store's clock
//
// Numbers: times ending in _us and _ms are micro- and milliseconds since 1970-01-01 UTC, but for
// begun_ms and age_us, which are of the store's age; states are those of
// delivery_rows.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lib/store/database.h"
#include "lib/store/store_clock.h"

namespace plivo_dial {

// The number of the last event that was taken in, as Database::number() takes it.
inline constexpr const char* kLastNumber = "SELECT value FROM counter WHERE name = 'last_seq'";

// Makes all of them in an empty database. Within a transaction, as are all below.
void make_store_tables(Database& database);

// What the store keeps of its clock.
StoreTime read_store_time(Database& database);
void write_store_time(Database& database, const StoreTime& time);

// A number by name; 0 where there is none.
std::int64_t read_counter(Database& database, const char* name);
void write_counter(Database& database, const char* name, std::int64_t value);
void add_to_counter(Database& database, const char* name, std::int64_t value);

}  // namespace plivo_dial
