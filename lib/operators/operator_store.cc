// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/operator_store.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/base/without_plus.h"
#include "lib/operators/call_parties.h"
#include "lib/operators/unfinished_events.h"
#include "lib/store/dead_letter.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/store_file.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

constexpr std::int64_t kRowsAtATime = 200;  // in one transaction, in which no delivery is recorded
constexpr std::size_t kNumbersAtATime = 256;

std::uint64_t count_of(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

bool is_party(const std::optional<std::string>& party, const std::string& wanted) {
  return wanted.empty() || (party && without_plus(*party) == without_plus(wanted));
}

}  // namespace

OperatorStore::OperatorStore(const std::string& spool, std::unique_ptr<Database> database)
    : spool_(spool), database_(std::move(database)), files_(spool), finder_(*database_, files_) {}

Result<std::unique_ptr<OperatorStore>> OperatorStore::open(const std::string& spool,
                                                           Database::Access access) {
  Result<std::unique_ptr<Database>> database = connect_to_store(spool, access);
  if (!database) return database.error();
  return std::unique_ptr<OperatorStore>(new OperatorStore(spool, std::move(*database)));
}

Result<void> OperatorStore::look(const std::function<void()>& work) {
  return database_->read([&] {
    names_.load(*database_);
    work();
  });
}

// --- How it stands.

Result<StoreStatus> OperatorStore::status() {
  StoreStatus status;
  Result<void> read = look([&] {
    status.events =
        count_of(read_counter(*database_, "events") - read_counter(*database_, "forgotten"));
    status.held = count_of(database_->number("SELECT count(*) FROM held"));
    status.segments = count_of(database_->number("SELECT count(*) FROM segment"));
    for (const SinkState& state : read_sinks(*database_)) {
      SinkStatus sink;
      sink.name = state.name;
      sink.configured = state.configured;
      {
        Query row = database_->query(
            "SELECT waiting, retrying, delivered, dead FROM sink "
            "WHERE number = ?",
            state.id);
        if (!row.next()) continue;
        sink.waiting = count_of(row.number(0));
        sink.retrying = count_of(row.number(1));
        sink.delivered = count_of(row.number(2));
        sink.dead = count_of(row.number(3));
      }
      if (sink.waiting > 0) sink.oldest_waiting_us = oldest_waiting(*database_, state, names_);
      status.sinks.push_back(std::move(sink));
    }
  });
  if (!read) return read.error();
  return status;
}

Result<std::vector<OperatorStore::SinkName>> OperatorStore::sinks() {
  std::vector<SinkName> names;
  Result<void> read = look([&] {
    for (const SinkState& sink : read_sinks(*database_)) {
      names.push_back({sink.name, sink.configured});
    }
  });
  if (!read) return read.error();
  return names;
}

Result<StoreBalance> OperatorStore::balance() {
  Result<StoreInventory> both = inventory();
  if (!both) return both.error();
  return std::move(both->balance);
}

Result<std::vector<SegmentStatus>> OperatorStore::segments() {
  std::vector<SegmentStatus> segments;
  Result<void> read = look([&] { segments = read_segments(*database_); });
  if (!read) return read.error();
  return segments;
}

Result<StoreInventory> OperatorStore::inventory() {
  StoreInventory inventory;
  Result<void> read = look([&] {
    inventory.balance = read_balance(*database_, names_);
    inventory.segments = read_segments(*database_);
  });
  if (!read) return read.error();
  return inventory;
}

// --- Events.

// Looks through the log, since ids stand in no order there.
Result<std::vector<std::string>> OperatorStore::ids_with_prefix(const std::string& prefix,
                                                                std::size_t limit) {
  std::set<std::string> ids;
  Result<void> read = look([&] {
    if (prefix.size() == kEventIdLength) {
      if (const auto entry = finder_.find(prefix)) ids.emplace(entry->id());
      return;
    }
    EventWalk walk(*database_);
    for (auto entry = walk.behind(0); entry; entry = walk.behind(entry->seq)) {
      if (!entry->id().starts_with(prefix)) continue;
      ids.emplace(entry->id());
      if (ids.size() > limit) ids.erase(std::prev(ids.end()));
    }
  });
  if (!read) return read.error();
  return std::vector<std::string>(ids.begin(), ids.end());
}

Result<std::optional<Event>> OperatorStore::event(const std::string& id) {
  std::optional<Event> event;
  Result<void> read = look([&] {
    if (const auto entry = finder_.find(id)) event = finder_.event(*entry);
  });
  if (!read) return read.error();
  return event;
}

std::vector<DeliveryRow> OperatorStore::rows_of_event(const LogEntry& entry,
                                                      const std::vector<SinkState>& sinks,
                                                      const DeliveryFilter& filter) {
  std::vector<DeliveryRow> rows;
  const std::int64_t lag_ms = read_counter(*database_, "clock_lag_ms");
  for (const SinkStanding& standing : standings_of(*database_, sinks, entry, name_of(entry))) {
    if (filter.state && *filter.state != standing.state) continue;
    DeliveryRow& row = rows.emplace_back();
    row.event_id = entry.id();
    row.seq = entry.seq;
    row.name = name_of(entry);
    row.accepted_us = entry.accepted_us;
    row.late = entry.late;
    row.sink = standing.sink_name;
    row.state = standing.state;
    row.attempts = standing.attempts;
    row.next_ms = standing.next_ms > 0 ? standing.next_ms + lag_ms : 0;
    row.error = standing.error;
  }
  return rows;
}

Result<std::vector<DeliveryRow>> OperatorStore::deliveries(const std::string& id) {
  std::vector<DeliveryRow> rows;
  Result<void> read = look([&] {
    const std::optional<LogEntry> entry = finder_.find(id);
    if (!entry) return;
    rows = rows_of_event(*entry, read_sinks(*database_), {});
    const std::optional<Event> event = finder_.event(*entry);
    for (DeliveryRow& row : rows) row.call = event ? event->call : std::nullopt;
  });
  if (!read) return read.error();
  return rows;
}

// --- Lists.

// The next numbers of events that may be wanted, the highest first; none at the end.
std::vector<std::uint64_t> OperatorStore::numbers_before(const DeliveryFilter& filter,
                                                         std::uint64_t seq, EventWalk& walk) {
  if (filter.state && *filter.state != DeliveryState::kDelivered) {
    return unfinished_before(*database_, *filter.state, seq, walk);
  }
  std::vector<std::uint64_t> numbers;
  for (auto entry = walk.before(seq); entry && numbers.size() < kNumbersAtATime;
       entry = walk.before(entry->seq)) {
    numbers.push_back(entry->seq);
  }
  return numbers;
}

Result<std::vector<DeliveryRow>> OperatorStore::list(const DeliveryFilter& filter) {
  std::vector<DeliveryRow> listed;
  Result<void> read = look([&] {
    EventWalk walk(*database_);
    EventLog log(*database_);
    CallParties calls([this](std::int64_t lane) { return finder_.events_of_call(lane); });
    const std::vector<SinkState> sinks = read_sinks(*database_, filter.sink);
    std::size_t events = 0;
    std::uint64_t before = filter.before_seq;
    while (events < filter.limit) {
      if (filter.since_us > 0 && log.is_all_before(before, filter.since_us)) return;
      const std::vector<std::uint64_t> numbers = numbers_before(filter, before, walk);
      if (numbers.empty()) return;
      before = numbers.back();
      for (const std::uint64_t seq : numbers) {
        const std::optional<LogEntry> entry = walk.find(seq);
        if (!entry || entry->accepted_us < filter.since_us) continue;
        std::vector<DeliveryRow> rows = rows_of_event(*entry, sinks, filter);
        // One that cannot be read any more is listed as well, as far as nobody asks for its fields.
        const Event event = rows.empty() ? Event() : finder_.event(*entry).value_or(Event());
        const Parties parties = calls.of(event, entry->lane);
        const bool is_wanted = event.call.value_or("").starts_with(filter.call) &&
                               is_party(parties.from, filter.from) &&
                               is_party(parties.to, filter.to);
        if (rows.empty() || !is_wanted) continue;
        for (DeliveryRow& row : rows) {
          row.call = event.call;
          row.from = parties.from;
          row.to = parties.to;
          row.status = parties.status;
          listed.push_back(std::move(row));
        }
        if (++events == filter.limit) return;
      }
    }
  });
  if (!read) return read.error();
  return listed;
}

// --- Changes.

Result<void> OperatorStore::check_configured(const std::string& sink) {
  const bool configured =
      database_->number("SELECT count(*) FROM sink WHERE name = ? AND configured = 1", sink) > 0;
  if (Result<void> asked = database_->take_error(); !asked) return asked;
  if (configured) return {};
  return Error{"there is no sink '" + sink +
               "' in the configuration that plivo-diald has; see "
               "PlivoEventSink"};
}

Result<std::vector<SendTarget>> OperatorStore::targets_of(const std::string& id,
                                                          const std::string& sink) {
  std::vector<SendTarget> targets;
  Result<void> read = look([&] {
    const std::optional<LogEntry> entry = finder_.find(id);
    if (!entry) return;
    for (SinkStanding& standing :
         standings_of(*database_, read_sinks(*database_, sink), *entry, name_of(*entry))) {
      targets.push_back({std::move(standing), *entry});
    }
  });
  if (!read) return read.error();
  return targets;
}

Result<std::uint64_t> OperatorStore::send_again(const std::vector<SendTarget>& targets,
                                                std::int64_t now_us) {
  std::int64_t count = 0;
  Result<void> changed = database_->change([&] {
    const std::int64_t begun_ms = age_ms_at(*database_, now_us);
    for (const SendTarget& target : targets) count += make_wait(*database_, target, begun_ms);
  });
  if (!changed) return changed.error();
  return count_of(count);
}

Result<std::uint64_t> OperatorStore::retry(const std::string& id, const std::string& sink,
                                           std::int64_t now_us) {
  Result<std::vector<SendTarget>> targets = targets_of(id, sink);
  if (!targets) return targets.error();
  std::erase_if(*targets, [](const SendTarget& target) {
    return target.standing.state == DeliveryState::kDelivered;
  });
  for (const SendTarget& target : *targets) {
    if (Result<void> known = check_configured(target.standing.sink_name); !known) {
      return known.error();
    }
  }
  return send_again(*targets, now_us);
}

// Of `sink` or ("") of all; only of sinks that are configured, when `configured`.
Result<std::vector<SendTarget>> OperatorStore::some_dead(const std::string& sink, bool configured) {
  std::vector<SendTarget> found;
  Result<void> read = look([&] {
    EventWalk walk(*database_);
    for (const SinkState& state : read_sinks(*database_, sink)) {
      if (configured && !state.configured) continue;
      Query rows = database_->query(
          "SELECT seq FROM delivery INDEXED BY delivery_dead WHERE sink = ? AND state = 2 "
          "ORDER BY seq LIMIT ?",
          state.id, kRowsAtATime - static_cast<std::int64_t>(found.size()));
      while (rows.next()) {
        SendTarget target;
        target.standing.sink = state.id;
        target.standing.sink_name = state.name;
        target.standing.state = DeliveryState::kDead;
        target.standing.has_row = true;
        target.entry.seq = count_of(rows.number(0));
        if (const auto entry = walk.find(target.entry.seq)) target.entry = *entry;
        found.push_back(std::move(target));
      }
    }
  });
  if (!read) return read.error();
  return found;
}

Result<std::uint64_t> OperatorStore::retry_dead(const std::string& sink, std::int64_t now_us) {
  if (!sink.empty()) {
    if (Result<void> known = check_configured(sink); !known) return known.error();
  }
  for (std::uint64_t count = 0;;) {
    const Result<std::vector<SendTarget>> found = some_dead(sink, true);
    if (!found) return found.error();
    if (found->empty()) return count;
    Result<std::uint64_t> sent = send_again(*found, now_us);
    if (!sent) return sent;
    count += *sent;
  }
}

Result<std::uint64_t> OperatorStore::replay(const std::string& sink, const AcceptedBetween& when,
                                            std::int64_t now_us) {
  if (Result<void> known = check_configured(sink); !known) return known.error();
  std::uint64_t count = 0;
  std::uint64_t after = 0;
  for (bool is_first = true; is_first || after != 0; is_first = false) {
    std::uint64_t sent = 0;
    Result<void> changed = database_->change([&] {
      names_.load(*database_);
      EventWalk walk(*database_);
      if (is_first) after = walk.last_before(when.since_us);
      for (const SinkState& state : read_sinks(*database_, sink)) {
        const std::vector<SendTarget> found =
            next_to_replay(*database_, state, when, names_, &after, walk);
        sent = found.size();
        const std::int64_t begun_ms = age_ms_at(*database_, now_us);
        for (const SendTarget& target : found) make_wait(*database_, target, begun_ms);
      }
    });
    if (!changed) return changed.error();
    count += sent;
  }
  return count;
}

Result<std::uint64_t> OperatorStore::count_replay(const std::string& sink,
                                                  const AcceptedBetween& when) {
  if (Result<void> known = check_configured(sink); !known) return known.error();
  std::uint64_t count = 0;
  Result<void> read = look([&] {
    EventWalk walk(*database_);
    for (const SinkState& state : read_sinks(*database_, sink)) {
      std::uint64_t after = walk.last_before(when.since_us);
      do {
        count += next_to_replay(*database_, state, when, names_, &after, walk).size();
      } while (after != 0);
    }
  });
  if (!read) return read.error();
  return count;
}

Result<std::uint64_t> OperatorStore::drop(const std::vector<SendTarget>& targets) {
  std::vector<SendTarget> dropped;
  Result<void> changed = database_->change([&] {
    for (const SendTarget& target : targets) {
      // A letter that was sent again in the meantime is none any more.
      const std::int64_t count =
          database_
              ->query("UPDATE delivery SET state = ? WHERE sink = ? AND seq = ? AND state = 2",
                      kDroppedState, target.standing.sink, target.entry.seq)
              .run();
      database_
          ->query("UPDATE sink SET dropped = dropped + ? WHERE number = ?", count,
                  target.standing.sink)
          .run();
      if (count > 0) dropped.push_back(target);
    }
  });
  if (!changed) return changed.error();
  for (const SendTarget& target : dropped) {
    Result<void> removed =
        remove_dead_letter(spool_, std::string(target.entry.id()), target.standing.sink_name);
    if (!removed) return removed.error();
  }
  return std::uint64_t{dropped.size()};
}

Result<std::uint64_t> OperatorStore::drop_dead(const std::string& id, const std::string& sink) {
  Result<std::vector<SendTarget>> targets = targets_of(id, sink);
  if (!targets) return targets.error();
  std::erase_if(*targets, [](const SendTarget& target) {
    return target.standing.state != DeliveryState::kDead;
  });
  return drop(*targets);
}

Result<std::uint64_t> OperatorStore::drop_all_dead(const std::string& sink) {
  for (std::uint64_t count = 0;;) {
    const Result<std::vector<SendTarget>> found = some_dead(sink, false);
    if (!found) return found.error();
    if (found->empty()) return count;
    Result<std::uint64_t> dropped = drop(*found);
    if (!dropped) return dropped;
    count += *dropped;
  }
}

}  // namespace plivo_dial
