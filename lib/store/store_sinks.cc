// SPDX-License-Identifier: Apache-2.0
// What the store knows of its sinks.
#include <algorithm>
#include <utility>

#include "lib/store/event_store.h"
#include "lib/store/store_import.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

constexpr std::int64_t kRecentUs = 5'000'000;
constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMovedAtOnce = 10'000;  // rows, of a megabyte or two

std::string text_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

}  // namespace

Result<void> EventStore::set_sinks(const std::vector<SinkConfig>& sinks, const Now& now) {
  const MutexLock guard(import_mutex_);
  std::map<std::string, ImportSink> next;
  const StoreClock before = clock_;
  Result<void> changed = change_at_any_price([&]() PLIVO_REQUIRES(import_mutex_, writer_mutex_) {
    next.clear();
    note_presumption();
    if (before.unused_ms() > 0) skip_unused_time(before);
    save_time();
    for (const SinkConfig& sink : sinks) next[sink.name] = add_sink(sink, now);
    std::vector<SinkId> gone;
    Query all = writer_->query("SELECT number, name FROM sink WHERE configured = 1");
    while (all.next()) {
      if (next.count(all.text(1)) == 0) gone.push_back(all.number(0));
    }
    for (const SinkId sink : gone) {
      writer_->query("UPDATE sink SET configured = 0 WHERE number = ?", sink).run();
    }
  });
  if (!changed) {
    if (before.unused_ms() > 0) clock_ = before;
    return changed;
  }
  sinks_ = std::move(next);
  knows_sinks_ = true;
  return {};
}

// Within a transaction, after a time in which nobody used the store, at whose beginning the clock
// was `before`: retries that were due then are due, and none is given up sooner for it. Not with a
// long backlog, which may be on a full disk: there the clock has just stood.
void EventStore::skip_unused_time(const StoreClock& before) {
  clock_ = before;
  if (writer_->number("SELECT sum(waiting) FROM sink") > kMovedAtOnce) {
    return clock_.forget_unused();
  }
  std::vector<SinkId> sinks;
  {
    Query all = writer_->query("SELECT number FROM sink");
    while (all.next()) sinks.push_back(all.number(0));
  }
  for (const SinkId sink : sinks) {
    writer_
        ->query("UPDATE delivery SET begun_ms = begun_ms + ? WHERE sink = ? AND state = 0",
                clock_.unused_ms(), sink)
        .run();
  }
  clock_.skip_unused();
}

ImportSink EventStore::add_sink(const SinkConfig& config, const Now& now) {
  ImportSink sink;
  const auto before = sinks_.find(config.name);
  if (before != sinks_.end()) sink.from_us = before->second.from_us;
  sink.config = config;
  bool known = false;
  {
    Query row = writer_->query("SELECT number, configured FROM sink WHERE name = ?", config.name);
    if (row.next()) {
      sink.id = row.number(0);
      known = row.number(1) != 0;
    }
  }
  const std::string events = text_of(config.events);
  const bool was_there = sink.id != 0;
  if (!was_there) {
    writer_
        ->query("INSERT INTO sink(name, configured, events) VALUES(?, 1, ?)", config.name, events)
        .run();
    sink.id = writer_->last_row();
  } else {
    writer_->query("UPDATE sink SET configured = 1, events = ? WHERE number = ?", events, sink.id)
        .run();
  }
  if (!known) {
    const bool lost = memory_->prior != nullptr && memory_->prior->is_of_lost_store();
    if (lost && !memory_->prior->knows_sink(config.name)) sink.from_us = now.even_us - kRecentUs;
    give_recent_events(sink, now.wall_us, was_there);
  }
  return sink;
}

// A sink that `was_there` before may have had some of them.
void EventStore::give_recent_events(const ImportSink& sink, std::int64_t now_us, bool was_there) {
  std::int64_t given = 0;
  Query recent = writer_->query(
      "SELECT seq, lane, name FROM event WHERE seq > ? AND segment IS NOT NULL ORDER BY seq",
      last_before_recent_events(now_us));
  while (recent.next()) {
    if (!wants_event(sink.config, recent.text(2))) continue;
    const std::int64_t seq = recent.number(0);
    const std::int64_t lane = recent.number(1) == 0 ? -seq : recent.number(1);
    given += writer_
                 ->query(
                     "INSERT INTO delivery(sink, seq, lane, state, attempts, failures, next_ms, "
                     "begun_ms, error) VALUES(?, ?, ?, 0, ?, 0, 0, ?, '') "
                     "ON CONFLICT DO NOTHING",
                     sink.id, seq, lane, was_there, clock_.now_ms())
                 .run();
  }
  writer_->query("UPDATE sink SET taken = taken + ? WHERE number = ?", given, sink.id).run();
}

// Within a transaction: the number of the last event that was in kRecentUs ago, by the store's age.
// Who has only just opened it goes by the wall clock, and if that was set back, by what it was
// before as well.
std::int64_t EventStore::last_before_recent_events(std::int64_t now_us) {
  const auto recent = last_events_.lower_bound(first_recent_second());
  if (recent != last_events_.begin()) return std::prev(recent)->second;
  Query newest = writer_->query(
      "SELECT seq, accepted_us FROM event WHERE seq <= ? AND segment IS NOT NULL ORDER BY seq DESC",
      writer_->number(kLastNumber));
  while (newest.next()) {
    now_us = std::max(now_us, newest.number(1));
    if (newest.number(1) < now_us - kRecentUs) return newest.number(0);
  }
  return 0;
}

// What came in seconds before it is older than kRecentUs.
std::int64_t EventStore::first_recent_second() const {
  return (clock_.age_us() - kRecentUs) / kSecondUs;
}

// Behind each change that brought events, up to `last`.
void EventStore::note_last_event(std::int64_t last) {
  last_events_[clock_.age_us() / kSecondUs] = last;
  const auto recent = last_events_.lower_bound(first_recent_second());
  if (recent != last_events_.begin()) last_events_.erase(last_events_.begin(), std::prev(recent));
}

Result<std::vector<EventStore::GoneSink>> EventStore::gone_sinks() {
  std::vector<GoneSink> gone;
  Result<void> looked = look([&]() PLIVO_REQUIRES(reader_mutex_) {
    Query rows = reader_->query(
        "SELECT number, name, waiting FROM sink WHERE configured = 0 AND waiting > 0");
    while (rows.next()) {
      gone.push_back({rows.number(0), rows.text(1), static_cast<std::uint64_t>(rows.number(2))});
    }
  });
  if (!looked) return looked.error();
  return gone;
}

SinkId EventStore::id_of(const std::string& sink) const {
  const MutexLock guard(import_mutex_);
  const auto found = sinks_.find(sink);
  return found == sinks_.end() ? 0 : found->second.id;
}

}  // namespace plivo_dial
