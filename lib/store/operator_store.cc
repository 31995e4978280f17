// SPDX-License-Identifier: Apache-2.0
#include "lib/store/operator_store.h"

#include <utility>

#include "lib/base/without_plus.h"
#include "lib/event/json.h"
#include "lib/store/call_parties.h"
#include "lib/store/dead_letter.h"
#include "lib/store/store_file.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

// Of a delivery `d`, when it is tried next, as a clock on the wall shows it.
std::string next_by_wall_clock() {
  return std::string("CASE WHEN d.next_ms > 0 THEN d.next_ms + ") + kClockLag + " ELSE 0 END";
}

constexpr int kRowsAtATime = 200;  // in one transaction, in which no delivery is recorded

std::uint64_t count_of(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

// Whether "a,b" has `name`; an empty list has every name.
bool list_has(const std::string& list, const std::string& name) {
  return list.empty() || ("," + list + ",").find("," + name + ",") != std::string::npos;
}

}  // namespace

// Where a search by time has come to.
struct OperatorStore::Place {
  std::int64_t accepted_us;
  std::int64_t seq;  // 0: before all events of that time
  bool is_end = false;
};

// A sink that gets events once more.
struct OperatorStore::Replayed {
  std::int64_t sink = 0;
  std::string sink_name;
  std::string events;  // its events= option
  AcceptedBetween when;
};

Result<std::unique_ptr<OperatorStore>> OperatorStore::open(const std::string& spool,
                                                           Database::Access access) {
  Result<std::unique_ptr<Database>> database = connect_to_store(spool, access);
  if (!database) return database.error();
  return std::unique_ptr<OperatorStore>(new OperatorStore(spool, std::move(*database)));
}

Result<StoreStatus> OperatorStore::status() {
  StoreStatus status;
  Result<void> read = database_->read([&] {
    status.events = count_of(database_->number(kKeptEvents));
    status.held = count_of(database_->number("SELECT value FROM counter WHERE name = 'held'"));
    status.segments = count_of(database_->number("SELECT count(*) FROM segment"));
    Query rows = database_->query(
        "SELECT name, configured, waiting, retrying, delivered, dead, "
        "(SELECT e.accepted_us FROM delivery d INDEXED BY delivery_waiting "
        " JOIN event e ON e.seq = d.seq "
        " WHERE d.sink = number AND d.state = 0 ORDER BY d.seq LIMIT 1) "
        "FROM sink ORDER BY name");
    while (rows.next()) {
      SinkStatus sink;
      sink.name = rows.text(0);
      sink.configured = rows.number(1) != 0;
      sink.waiting = count_of(rows.number(2));
      sink.retrying = count_of(rows.number(3));
      sink.delivered = count_of(rows.number(4));
      sink.dead = count_of(rows.number(5));
      if (!rows.is_null(6)) sink.oldest_waiting_us = rows.number(6);
      status.sinks.push_back(std::move(sink));
    }
  });
  if (!read) return read.error();
  return status;
}

namespace {

bool is_party(const std::optional<std::string>& party, const std::string& wanted) {
  return wanted.empty() || (party && without_plus(*party) == without_plus(wanted));
}

DeliveryRow row_of(const Query& rows) {
  DeliveryRow row;
  row.event_id = rows.text(0);
  row.seq = count_of(rows.number(1));
  row.name = rows.text(2);
  if (!rows.is_null(3)) row.call = rows.text(3);
  row.accepted_us = rows.number(4);
  row.late = rows.number(5) != 0;
  row.sink = rows.text(6);
  row.state = static_cast<DeliveryState>(rows.number(7));
  row.attempts = static_cast<unsigned>(rows.number(8));
  row.next_ms = rows.number(9);
  row.error = rows.text(10);
  return row;
}

// What lists events, newest first, out of `tables` of which `seq` is their number.
std::string list_statement(const std::string& tables, const std::string& seq) {
  return "SELECT e.id, e.seq, e.name, e.call, e.accepted_us, e.late, s.name, d.state, "
         "d.attempts, " +
         next_by_wall_clock() + ", d.error, e.body, e.lane FROM " + tables +
         " CROSS JOIN sink s CROSS JOIN delivery d ON d.sink = s.number AND d.seq = e.seq WHERE " +
         seq +
         " < ? AND e.accepted_us >= ? AND (? < 0 OR d.state = ?) AND (? = '' OR s.name = ?) "
         "AND (? = '' OR substr(e.call, 1, length(?)) = ?) ORDER BY " +
         seq + " DESC, s.name";
}

}  // namespace

Result<std::vector<DeliveryRow>> OperatorStore::list(const DeliveryFilter& filter) {
  std::vector<DeliveryRow> listed;
  Result<void> read = database_->read([&] {
    static const std::string kOfAll = list_statement("event e", "e.seq");
    static const std::string kOfUnfinished =
        list_statement("unfinished u CROSS JOIN event e ON e.seq = u.seq", "u.seq");
    const bool unfinished = filter.state && *filter.state != DeliveryState::kDelivered;
    Query rows =
        database_->query((unfinished ? kOfUnfinished : kOfAll).c_str(), filter.before_seq,
                         filter.since_us, filter.state ? static_cast<int>(*filter.state) : -1,
                         filter.state ? static_cast<int>(*filter.state) : -1, filter.sink,
                         filter.sink, filter.call, filter.call, filter.call);
    std::optional<std::int64_t> seq;
    std::size_t events = 0;
    bool fits = false;
    CallParties calls(*database_);
    Parties parties;
    while (rows.next()) {
      if (seq != rows.number(1)) {
        seq = rows.number(1);
        parties = calls.of(rows.text(11), rows.number(12), rows.text(3));
        fits = is_party(parties.from, filter.from) && is_party(parties.to, filter.to);
        if (fits && ++events > filter.limit) break;
      }
      if (!fits) continue;
      DeliveryRow& row = listed.emplace_back(row_of(rows));
      row.from = parties.from;
      row.to = parties.to;
      row.status = parties.status;
    }
  });
  if (!read) return read.error();
  return listed;
}

Result<std::optional<Event>> OperatorStore::event(const std::string& id) {
  std::optional<std::string> body;
  std::uint64_t seq = 0;
  bool late = false;
  Result<void> read = database_->read([&] {
    Query row = database_->query("SELECT body, seq, late FROM event WHERE id = ?", id);
    if (!row.next()) return;
    body = row.text(0);
    seq = count_of(row.number(1));
    late = row.number(2) != 0;
  });
  if (!read) return read.error();
  if (!body) return std::optional<Event>();
  Result<Event> event = event_from_json(*body);
  if (!event) return event.error();
  event->seq = seq;
  event->late = late;
  return std::optional<Event>(std::move(*event));
}

Result<std::vector<DeliveryRow>> OperatorStore::deliveries(const std::string& id) {
  std::vector<DeliveryRow> listed;
  Result<void> read = database_->read([&] {
    const std::string statement =
        "SELECT e.id, e.seq, e.name, e.call, e.accepted_us, e.late, s.name, d.state, d.attempts, " +
        next_by_wall_clock() +
        ", d.error FROM event e CROSS JOIN sink s CROSS JOIN delivery d "
        "ON d.sink = s.number AND d.seq = e.seq WHERE e.id = ? ORDER BY s.name";
    Query rows = database_->query(statement.c_str(), id);
    while (rows.next()) listed.push_back(row_of(rows));
  });
  if (!read) return read.error();
  return listed;
}

Result<std::vector<OperatorStore::SinkName>> OperatorStore::sinks() {
  std::vector<SinkName> names;
  Result<void> read = database_->read([&] {
    Query rows = database_->query("SELECT name, configured FROM sink ORDER BY name");
    while (rows.next()) names.push_back({rows.text(0), rows.number(1) != 0});
  });
  if (!read) return read.error();
  return names;
}

Result<std::vector<std::string>> OperatorStore::ids_with_prefix(const std::string& prefix,
                                                                std::size_t limit) {
  std::vector<std::string> ids;
  const std::string behind = prefix + '\x7F';  // ids are ASCII
  Result<void> read = database_->read([&] {
    Query rows = database_->query(
        "SELECT DISTINCT id FROM event WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", prefix,
        behind, static_cast<std::int64_t>(limit));
    while (rows.next()) ids.push_back(rows.text(0));
  });
  if (!read) return read.error();
  return ids;
}

Result<void> OperatorStore::check_configured(const std::string& sink) {
  const bool configured =
      database_->number("SELECT count(*) FROM sink WHERE name = ? AND configured = 1", sink) > 0;
  if (Result<void> asked = database_->take_error(); !asked) return asked;
  if (configured) return {};
  return Error{"there is no sink '" + sink +
               "' in the configuration that plivo-diald has; see "
               "PlivoEventSink"};
}

Result<std::vector<OperatorStore::Row>> OperatorStore::rows_of(const std::string& id,
                                                               const std::string& sink) {
  std::vector<Row> found;
  Result<void> read = database_->read([&] {
    Query rows = database_->query(
        "SELECT d.sink, s.name, d.seq, d.lane, d.state FROM event e CROSS JOIN sink s "
        "CROSS JOIN delivery d ON d.sink = s.number AND d.seq = e.seq "
        "WHERE e.id = ? AND (? = '' OR s.name = ?)",
        id, sink, sink);
    while (rows.next()) {
      found.push_back({rows.number(0), rows.text(1), rows.number(2), rows.number(3),
                       static_cast<DeliveryState>(rows.number(4)), id});
    }
  });
  if (!read) return read.error();
  return found;
}

// Within a transaction. A lane's events go in their order: what waits behind this one for its own
// time must not be due before it. What was delivered since it was looked at stays so. The number of
// rows that wait now.
std::int64_t OperatorStore::make_wait(const Row& row, std::int64_t now_us) {
  const bool was_delivered = row.state == DeliveryState::kDelivered;
  const std::string statement =
      std::string("UPDATE delivery SET state = 0, failures = 0, next_ms = 0, begun_ms = ? - ") +
      kClockLag + " WHERE sink = ? AND seq = ? AND (state <> 1 OR ?)";
  const std::int64_t made =
      database_->query(statement.c_str(), now_us / 1000, row.sink, row.seq, was_delivered).run();
  database_
      ->query(
          "UPDATE delivery INDEXED BY delivery_lane SET next_ms = 0 WHERE sink = ? AND lane = ? "
          "AND state = 0 "
          "AND next_ms <> 0",
          row.sink, row.lane)
      .run();
  return made;
}

Result<void> OperatorStore::remove_letters(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    Result<void> removed = remove_dead_letter(spool_, row.event_id, row.sink_name);
    if (!removed) return removed;
  }
  return {};
}

Result<std::uint64_t> OperatorStore::send_again(const std::vector<Row>& rows, std::int64_t now_us) {
  std::int64_t count = 0;
  Result<void> changed = database_->change([&] {
    for (const Row& row : rows) count += make_wait(row, now_us);
  });
  if (!changed) return changed.error();
  return count_of(count);
}

Result<std::uint64_t> OperatorStore::retry(const std::string& id, const std::string& sink,
                                           std::int64_t now_us) {
  Result<std::vector<Row>> rows = rows_of(id, sink);
  if (!rows) return rows.error();
  std::erase_if(*rows, [](const Row& row) { return row.state == DeliveryState::kDelivered; });
  for (const Row& row : *rows) {
    if (Result<void> known = check_configured(row.sink_name); !known) return known.error();
  }
  return send_again(*rows, now_us);
}

// Of `sink` or ("") of all; only of sinks that are configured, when `configured`.
Result<std::vector<OperatorStore::Row>> OperatorStore::some_dead(const std::string& sink,
                                                                 bool configured) {
  std::vector<Row> found;
  Result<void> read = database_->read([&] {
    Query rows = database_->query(
        "SELECT d.sink, s.name, d.seq, d.lane, e.id FROM sink s "
        "CROSS JOIN delivery d INDEXED BY delivery_dead_of ON d.sink = s.number "
        "CROSS JOIN event e ON e.seq = d.seq "
        "WHERE d.state = 2 AND (s.configured = 1 OR ? = 0) AND (? = '' OR s.name = ?) LIMIT ?",
        configured, sink, sink, kRowsAtATime);
    while (rows.next()) {
      found.push_back({rows.number(0), rows.text(1), rows.number(2), rows.number(3),
                       DeliveryState::kDead, rows.text(4)});
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
    const Result<std::vector<Row>> found = some_dead(sink, true);
    if (!found) return found.error();
    if (found->empty()) return count;
    Result<std::uint64_t> sent = send_again(*found, now_us);
    if (!sent) return sent;
    count += *sent;
  }
}

Result<OperatorStore::Replayed> OperatorStore::find_replayed(const std::string& sink,
                                                             const AcceptedBetween& when) {
  if (Result<void> known = check_configured(sink); !known) return known.error();
  Replayed what;
  what.sink_name = sink;
  what.when = when;
  Result<void> read = database_->read([&] {
    Query row = database_->query("SELECT number, events FROM sink WHERE name = ?", sink);
    if (!row.next()) return;
    what.sink = row.number(0);
    what.events = row.text(1);
  });
  if (!read) return read.error();
  return what;
}

Result<std::uint64_t> OperatorStore::replay(const std::string& sink, const AcceptedBetween& when,
                                            std::int64_t now_us) {
  Result<Replayed> what = find_replayed(sink, when);
  if (!what) return what.error();
  std::uint64_t count = 0;
  for (Place after{when.since_us, 0}; !after.is_end;) {
    std::uint64_t sent = 0;
    Result<void> changed = database_->change([&] {
      const std::vector<FoundEvent> found = find_some(*what, &after);
      sent = found.size();
      replay_some(*what, found, now_us);
    });
    if (!changed) return changed.error();
    count += sent;
  }
  return count;
}

Result<std::uint64_t> OperatorStore::count_replay(const std::string& sink,
                                                  const AcceptedBetween& when) {
  const Result<Replayed> what = find_replayed(sink, when);
  if (!what) return what.error();
  std::uint64_t count = 0;
  Result<void> read = database_->read([&] {
    for (Place after{when.since_us, 0}; !after.is_end;) count += find_some(*what, &after).size();
  });
  if (!read) return read.error();
  return count;
}

// Looks on behind the event at *after, and sets it to where it stopped.
std::vector<OperatorStore::FoundEvent> OperatorStore::find_some(const Replayed& what,
                                                                Place* after) {
  std::vector<FoundEvent> found;
  int seen = 0;
  Query rows = database_->query(
      "SELECT e.seq, e.lane, e.id, e.name, d.state, e.accepted_us "
      "FROM event e INDEXED BY event_accepted "
      "LEFT JOIN delivery d ON d.sink = ? AND d.seq = e.seq "
      "WHERE (e.accepted_us, e.seq) > (?, ?) AND e.accepted_us < ? "
      "ORDER BY e.accepted_us, e.seq LIMIT ?",
      what.sink, after->accepted_us, after->seq, what.when.until_us, kRowsAtATime);
  for (; rows.next(); ++seen) {
    const std::int64_t seq = rows.number(0);
    *after = {rows.number(5), seq};
    const bool is_new = rows.is_null(4);
    const auto state = static_cast<DeliveryState>(rows.number(4));
    if (!list_has(what.events, rows.text(3))) continue;
    if (!is_new && state == DeliveryState::kWaiting) continue;
    const std::int64_t lane = rows.number(1) == 0 ? -seq : rows.number(1);
    found.push_back({{what.sink, what.sink_name, seq, lane, state, rows.text(2)}, is_new});
  }
  after->is_end = seen < kRowsAtATime;
  return found;
}

void OperatorStore::replay_some(const Replayed& what, const std::vector<FoundEvent>& found,
                                std::int64_t now_us) {
  std::int64_t made = 0;
  for (const auto& [row, is_new] : found) {
    if (is_new) {
      made += database_
                  ->query(
                      // Nobody knows of attempts before a dead letter was dropped.
                      "INSERT INTO delivery(sink, seq, lane, state, attempts, failures, "
                      "next_ms, begun_ms, error) VALUES(?, ?, ?, 0, 1, 0, 0, 0, '')",
                      row.sink, row.seq, row.lane)
                  .run();
    }
    make_wait(row, now_us);
  }
  database_->query("UPDATE sink SET taken = taken + ? WHERE number = ?", made, what.sink).run();
}

Result<std::uint64_t> OperatorStore::drop(const std::vector<Row>& rows) {
  std::vector<Row> letters;
  Result<void> changed = database_->change([&] {
    for (const Row& row : rows) {
      // A letter that was sent again in the meantime is none any more.
      const std::int64_t dropped =
          database_
              ->query("DELETE FROM delivery WHERE sink = ? AND seq = ? AND state = 2", row.sink,
                      row.seq)
              .run();
      database_->query("UPDATE sink SET dropped = dropped + ? WHERE number = ?", dropped, row.sink)
          .run();
      if (dropped > 0) letters.push_back(row);
    }
  });
  if (!changed) return changed.error();
  if (Result<void> removed = remove_letters(letters); !removed) return removed.error();
  return std::uint64_t{letters.size()};
}

Result<std::uint64_t> OperatorStore::drop_dead(const std::string& id, const std::string& sink) {
  Result<std::vector<Row>> rows = rows_of(id, sink);
  if (!rows) return rows.error();
  std::erase_if(*rows, [](const Row& row) { return row.state != DeliveryState::kDead; });
  return drop(*rows);
}

Result<std::uint64_t> OperatorStore::drop_all_dead(const std::string& sink) {
  for (std::uint64_t count = 0;;) {
    const Result<std::vector<Row>> found = some_dead(sink, false);
    if (!found) return found.error();
    if (found->empty()) return count;
    Result<std::uint64_t> dropped = drop(*found);
    if (!dropped) return dropped;
    count += *dropped;
  }
}

}  // namespace plivo_dial
