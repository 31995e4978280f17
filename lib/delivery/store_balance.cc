// SPDX-License-Identifier: Apache-2.0
// The sums of OperatorStore.
#include "lib/delivery/operator_store.h"

namespace plivo_dial {
namespace {

std::uint64_t count_in(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

std::string compared(const std::string& what, std::uint64_t left, const std::string& with,
                     std::uint64_t right) {
  return what + " are " + std::to_string(left) + ", but " + with + " are " + std::to_string(right);
}

}  // namespace

std::vector<std::string> StoreBalance::differences() const {
  std::vector<std::string> all;
  const std::uint64_t known = delivered + duplicates + refused + pending + dead - recovered;
  if (frames != known) {
    all.push_back(compared("frames taken in", frames,
                           "those delivered, duplicate, refused, pending and dead", known));
  }
  for (const OfSink& sink : sinks) {
    const std::uint64_t sum = sink.waiting + sink.delivered + sink.dead + sink.dropped;
    if (sink.taken != sum) {
      all.push_back(compared("events for sink " + sink.name, sink.taken,
                             "those waiting, delivered, dead and dropped", sum));
    }
  }
  return all;
}

Result<StoreBalance> OperatorStore::balance() {
  StoreBalance balance;
  Result<void> read = database_->read([&] { read_balance(&balance); });
  if (!read) return read.error();
  return balance;
}

void OperatorStore::read_balance(StoreBalance* balance) {
  const auto counter = [&](const char* name) {
    return count_in(database_->number("SELECT value FROM counter WHERE name = ?", name));
  };
  const auto number = [&](const char* sql) { return count_in(database_->number(sql)); };
  balance->frames = counter("frames");
  balance->duplicates = counter("duplicates");
  balance->refused = counter("refused");
  balance->recovered = counter("from_dead_letters");
  balance->vanished = counter("vanished");
  const std::uint64_t waiting = number("SELECT count(DISTINCT seq) FROM delivery WHERE state = 0");
  balance->dead = number(
      "SELECT count(DISTINCT seq) FROM delivery d INDEXED BY delivery_dead WHERE state = 2 "
      "AND NOT EXISTS(SELECT 1 FROM sink s JOIN delivery w ON w.sink = s.number "
      "AND w.seq = d.seq WHERE w.state = 0)");
  const std::uint64_t kept = number("SELECT count(*) FROM event");
  balance->pending = waiting + number("SELECT count(*) FROM held");
  balance->delivered = kept - waiting - balance->dead + counter("forgotten");
  add_sink_sums(balance);
}

void OperatorStore::add_sink_sums(StoreBalance* balance) {
  Query rows = database_->query(
      "SELECT name, taken, "
      "(SELECT count(*) FROM delivery WHERE sink = number AND state = 0), "
      "(SELECT count(*) FROM delivery WHERE sink = number AND state = 1) + forgotten, "
      "(SELECT count(*) FROM delivery WHERE sink = number AND state = 2), dropped, "
      "(SELECT count(*) FROM event e WHERE k.configured = 1 AND e.segment IS NOT NULL "
      " AND (k.events = '' OR instr(',' || k.events || ',', ',' || e.name || ',') > 0) "
      " AND NOT EXISTS(SELECT 1 FROM delivery d WHERE d.sink = k.number AND d.seq = e.seq)) "
      "FROM sink k ORDER BY name");
  while (rows.next()) {
    balance->sinks.push_back({rows.text(0), count_in(rows.number(1)), count_in(rows.number(2)),
                              count_in(rows.number(3)), count_in(rows.number(4)),
                              count_in(rows.number(5)), count_in(rows.number(6))});
  }
}

Result<std::vector<SegmentStatus>> OperatorStore::segments() {
  std::vector<SegmentStatus> segments;
  Result<void> read = database_->read([&] { read_segments(&segments); });
  if (!read) return read.error();
  return segments;
}

void OperatorStore::read_segments(std::vector<SegmentStatus>* segments) {
  Query rows = database_->query("SELECT name, offset, ended, frames FROM segment ORDER BY number");
  while (rows.next()) {
    segments->push_back({rows.text(0), static_cast<std::size_t>(rows.number(1)),
                         rows.number(2) != 0, count_in(rows.number(3))});
  }
}

Result<StoreInventory> OperatorStore::inventory() {
  StoreInventory inventory;
  Result<void> read = database_->read([&] {
    read_balance(&inventory.balance);
    read_segments(&inventory.segments);
  });
  if (!read) return read.error();
  return inventory;
}

}  // namespace plivo_dial
