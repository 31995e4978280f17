// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/store_audit.h"

#include <map>
#include <optional>

#include "lib/operators/event_walk.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

std::uint64_t count_in(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

std::string compared(const std::string& what, std::uint64_t left, const std::string& with,
                     std::uint64_t right) {
  return what + " are " + std::to_string(left) + ", but " + with + " are " + std::to_string(right);
}

// One look at each event that is kept.
class Count {
 public:
  Count(Database& database, const EventNames& names)
      : database_(database), names_(names), sinks_(read_sinks(database)), walk_(database) {}

  void run(StoreBalance* balance) {
    for (const SinkState& sink : sinks_) balance->sinks.push_back({sink.name});
    std::uint64_t kept = 0;
    std::uint64_t waiting = 0;
    for (auto entry = walk_.behind(0); entry; entry = walk_.behind(entry->seq)) {
      ++kept;
      const bool waits = count(*entry, balance);
      waiting += waits ? 1 : 0;
      balance->dead += !waits && is_dead_ ? 1 : 0;
    }
    balance->pending = waiting;
    balance->delivered = kept - waiting - balance->dead;
    add_kept_sums(balance);
  }

 private:
  // Whether it waits for a sink.
  bool count(const LogEntry& entry, StoreBalance* balance) {
    bool waits = false;
    is_dead_ = false;
    const std::string name = names_.name_of(entry.name);
    for (std::size_t i = 0; i < sinks_.size(); ++i) {
      StoreBalance::OfSink& of_sink = balance->sinks[i];
      const auto standing = standing_of(database_, sinks_[i], entry, name);
      if (!standing) {
        of_sink.not_given += sinks_[i].takes_now(name) ? 1 : 0;
        continue;
      }
      of_sink.waiting += standing->state == DeliveryState::kWaiting ? 1 : 0;
      of_sink.dead += standing->state == DeliveryState::kDead ? 1 : 0;
      waits = waits || standing->state == DeliveryState::kWaiting;
      is_dead_ = is_dead_ || standing->state == DeliveryState::kDead;
    }
    return waits;
  }

  void add_kept_sums(StoreBalance* balance) {
    for (std::size_t i = 0; i < sinks_.size(); ++i) {
      StoreBalance::OfSink& of_sink = balance->sinks[i];
      Query row = database_.query(
          "SELECT taken, delivered, dropped, dead FROM sink WHERE number = ?", sinks_[i].id);
      if (!row.next()) continue;
      of_sink.taken = count_in(row.number(0));
      of_sink.delivered = count_in(row.number(1));
      of_sink.dropped = count_in(row.number(2));
      const std::uint64_t dead = count_in(row.number(3));
      if (dead == of_sink.dead) continue;
      balance->wrong_sums.push_back(compared("dead letters of sink " + of_sink.name, of_sink.dead,
                                             "in the sum that is kept of them", dead));
    }
  }

  Database& database_;
  const EventNames& names_;
  const std::vector<SinkState> sinks_;
  EventWalk walk_;
  bool is_dead_ = false;  // the event that was counted last, for a sink
};

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

StoreBalance read_balance(Database& database, const EventNames& names) {
  StoreBalance balance;
  const auto counter = [&](const char* name) { return count_in(read_counter(database, name)); };
  Count(database, names).run(&balance);
  balance.frames = counter("frames");
  balance.duplicates = counter("duplicates");
  balance.refused = counter("refused");
  balance.recovered = counter("from_dead_letters");
  balance.vanished = counter("vanished");
  balance.pending += count_in(database.number("SELECT count(*) FROM held"));
  balance.delivered += counter("forgotten");
  return balance;
}

std::vector<SegmentStatus> read_segments(Database& database) {
  std::vector<SegmentStatus> segments;
  Query rows = database.query("SELECT name, offset, ended, frames FROM segment ORDER BY number");
  while (rows.next()) {
    segments.push_back({rows.text(0), static_cast<std::size_t>(rows.number(1)), rows.number(2) != 0,
                        count_in(rows.number(3))});
  }
  return segments;
}

}  // namespace plivo_dial
