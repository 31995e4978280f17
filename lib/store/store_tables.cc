// SPDX-License-Identifier: Apache-2.0
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

constexpr const char* kTables = R"(
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE event_name(number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE segment(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  offset INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  leaving INTEGER NOT NULL DEFAULT 0,
  frames INTEGER NOT NULL DEFAULT 0,
  events INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_us INTEGER NOT NULL DEFAULT 0);
CREATE TABLE block(
  first_seq INTEGER PRIMARY KEY,
  last_seq INTEGER NOT NULL,
  high_us INTEGER NOT NULL,
  begun_ms INTEGER NOT NULL,
  entries BLOB NOT NULL);
CREATE INDEX block_high ON block(high_us, first_seq);
CREATE TABLE recent(
  number INTEGER PRIMARY KEY,
  age_us INTEGER NOT NULL,
  entries BLOB NOT NULL);
CREATE TABLE key_run(
  number INTEGER PRIMARY KEY,
  pages INTEGER NOT NULL,
  age_us INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  filter BLOB NOT NULL);
CREATE TABLE key_page(number INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE held(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  segment INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  accepted_us INTEGER NOT NULL);
CREATE INDEX held_segment ON held(segment, offset);
CREATE TABLE kept(
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  accepted_us INTEGER NOT NULL,
  begun_ms INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  name INTEGER NOT NULL,
  late INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  body TEXT NOT NULL);
CREATE INDEX kept_id ON kept(id);
CREATE INDEX kept_segment ON kept(segment);
CREATE TABLE sink(
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  configured INTEGER NOT NULL,
  progress BLOB NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER AS (taken - delivered - dropped - dead),
  waiting_rows INTEGER NOT NULL DEFAULT 0,
  retrying INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0);
CREATE TABLE span(
  sink INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  events TEXT NOT NULL,
  PRIMARY KEY(sink, first_seq)) WITHOUT ROWID;
CREATE TABLE delivery(
  sink INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  next_ms INTEGER NOT NULL,
  begun_ms INTEGER NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY(sink, seq)) WITHOUT ROWID;
CREATE INDEX delivery_waiting ON delivery(sink, seq) WHERE state = 0;
CREATE INDEX delivery_lane ON delivery(sink, lane, seq) WHERE state = 0;
CREATE INDEX delivery_due ON delivery(sink, next_ms) WHERE state = 0 AND next_ms > 0;
CREATE INDEX delivery_dead ON delivery(sink, seq) WHERE state = 2;
CREATE INDEX delivery_event ON delivery(seq, sink);
CREATE INDEX delivery_segment ON delivery(segment, seq);
CREATE TABLE record(
  number INTEGER PRIMARY KEY,
  call TEXT NOT NULL UNIQUE,
  closed_us INTEGER NOT NULL,
  body TEXT NOT NULL);
CREATE INDEX record_closed ON record(closed_us);
)";

// What is known of a sink's rows without looking at them, whoever changes one.
constexpr const char* kTriggers = R"(
CREATE TRIGGER delivery_added AFTER INSERT ON delivery BEGIN
  UPDATE sink SET waiting_rows = waiting_rows + (NEW.state = 0),
    retrying = retrying + (NEW.state = 0 AND NEW.next_ms > 0), dead = dead + (NEW.state = 2)
    WHERE number = NEW.sink;
END;
CREATE TRIGGER delivery_changed AFTER UPDATE OF state, next_ms ON delivery BEGIN
  UPDATE sink SET waiting_rows = waiting_rows + (NEW.state = 0) - (OLD.state = 0),
    retrying = retrying + (NEW.state = 0 AND NEW.next_ms > 0)
      - (OLD.state = 0 AND OLD.next_ms > 0),
    dead = dead + (NEW.state = 2) - (OLD.state = 2)
    WHERE number = NEW.sink;
END;
CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN
  UPDATE sink SET waiting_rows = waiting_rows - (OLD.state = 0),
    retrying = retrying - (OLD.state = 0 AND OLD.next_ms > 0), dead = dead - (OLD.state = 2)
    WHERE number = OLD.sink;
END;
)";

struct TimeCounter {
  const char* name;
  std::int64_t StoreTime::*value;
};

constexpr TimeCounter kTimeCounters[] = {{"age_us", &StoreTime::age_us},
                                         {"clock_base_ms", &StoreTime::base_ms},
                                         {"clock_lag_ms", &StoreTime::lag_ms},
                                         {"boot", &StoreTime::boot},
                                         {"boot_base_us", &StoreTime::boot_base_us}};

}  // namespace

StoreTime read_store_time(Database& database) {
  StoreTime time;
  for (const TimeCounter& one : kTimeCounters) {
    time.*one.value = read_counter(database, one.name);
  }
  return time;
}

void write_store_time(Database& database, const StoreTime& time) {
  for (const TimeCounter& one : kTimeCounters) write_counter(database, one.name, time.*one.value);
}

std::int64_t read_counter(Database& database, const char* name) {
  return database.number("SELECT value FROM counter WHERE name = ?", name);
}

void write_counter(Database& database, const char* name, std::int64_t value) {
  database.query("INSERT OR REPLACE INTO counter(name, value) VALUES(?, ?)", name, value).run();
}

void add_to_counter(Database& database, const char* name, std::int64_t value) {
  database
      .query(
          "INSERT INTO counter(name, value) VALUES(?, ?) "
          "ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
          name, value)
      .run();
}

void make_store_tables(Database& database) {
  database.run_script(kTables);
  database.run_script(kTriggers);
}

}  // namespace plivo_dial
