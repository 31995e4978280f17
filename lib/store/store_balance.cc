// SPDX-License-Identifier: Apache-2.0
// The sums of OperatorStore.
#include <map>

#include "lib/store/operator_store.h"

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
  all.insert(all.end(), wrong_sums.begin(), wrong_sums.end());
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
  const std::uint64_t waiting = number("SELECT count(*) FROM unfinished WHERE waiting > 0");
  balance->dead = number("SELECT count(*) FROM unfinished WHERE waiting = 0");
  const std::uint64_t kept = number("SELECT count(*) FROM event");
  balance->pending = waiting + number("SELECT count(*) FROM held");
  balance->delivered = kept - waiting - balance->dead + counter("forgotten");
  add_sink_sums(balance);
}

// Here alone all rows are counted, in one pass, and the sums that others rely on are compared.
void OperatorStore::add_sink_sums(StoreBalance* balance) {
  struct Rows {
    std::uint64_t of_state[3] = {};
  };
  std::map<std::int64_t, Rows> counted;
  {
    Query rows =
        database_->query("SELECT sink, state, count(*) FROM delivery GROUP BY sink, state");
    while (rows.next()) {
      const auto state = static_cast<std::size_t>(rows.number(1));
      if (state < 3) counted[rows.number(0)].of_state[state] = count_in(rows.number(2));
    }
  }
  Query sinks = database_->query(
      "SELECT number, name, taken, forgotten, dropped, waiting, delivered, dead, "
      "(SELECT count(*) FROM event e WHERE k.configured = 1 AND e.segment IS NOT NULL "
      " AND (k.events = '' OR instr(',' || k.events || ',', ',' || e.name || ',') > 0)) - "
      "(SELECT count(*) FROM event e CROSS JOIN delivery d ON d.sink = k.number AND d.seq = e.seq "
      " WHERE k.configured = 1 AND e.segment IS NOT NULL "
      " AND (k.events = '' OR instr(',' || k.events || ',', ',' || e.name || ',') > 0)) "
      "FROM sink k ORDER BY name");
  while (sinks.next()) {
    const std::uint64_t(&rows)[3] = counted[sinks.number(0)].of_state;
    const std::string name = sinks.text(1);
    balance->sinks.push_back({name, count_in(sinks.number(2)), rows[0],
                              rows[1] + count_in(sinks.number(3)), rows[2],
                              count_in(sinks.number(4)), count_in(sinks.number(8))});
    const char* const words[] = {"waiting", "delivered", "dead"};
    for (int state = 0; state < 3; ++state) {
      const std::uint64_t kept = count_in(sinks.number(5 + state));
      if (kept == rows[state]) continue;
      balance->wrong_sums.push_back(compared("rows of sink " + name + " that are " + words[state],
                                             rows[state], "in the sum that is kept of them", kept));
    }
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
