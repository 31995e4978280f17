// SPDX-License-Identifier: Apache-2.0
#include "lib/store/kept_events.h"

#include <utility>

namespace plivo_dial {
namespace {

KeptEvent kept_event_of(const Query& row) {
  KeptEvent kept;
  kept.entry.seq = static_cast<std::uint64_t>(row.number(0));
  kept.entry.set_id(row.text(1));
  kept.entry.accepted_us = kept.entry.even_us = row.number(2);
  kept.entry.begun_ms = row.number(3);
  kept.entry.lane = row.number(4);
  kept.entry.name = static_cast<std::uint8_t>(row.number(5));
  kept.entry.late = row.number(6) != 0;
  kept.entry.segment = static_cast<std::uint32_t>(row.number(7));
  kept.json = row.text(8);
  return kept;
}

}  // namespace

void keep_event(Database& database, const LogEntry& entry, const std::string& json) {
  database
      .query(
          "INSERT INTO kept(seq, id, accepted_us, begun_ms, lane, name, late, segment, body) "
          "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
          entry.seq, entry.id(), entry.accepted_us, entry.begun_ms, entry.lane,
          static_cast<int>(entry.name), entry.late, static_cast<std::int64_t>(entry.segment), json)
      .run();
}

std::optional<KeptEvent> find_kept_event(Database& database, std::uint64_t seq) {
  Query row = database.query(
      "SELECT seq, id, accepted_us, begun_ms, lane, name, late, segment, body FROM kept WHERE seq "
      "= ?",
      seq);
  return row.next() ? std::optional(kept_event_of(row)) : std::nullopt;
}

std::vector<KeptEvent> kept_events_before(Database& database, std::uint64_t seq,
                                          std::size_t limit) {
  std::vector<KeptEvent> kept;
  Query rows = database.query(
      "SELECT seq, id, accepted_us, begun_ms, lane, name, late, segment, body FROM kept WHERE seq "
      "< ? "
      "ORDER BY seq DESC LIMIT ?",
      seq, static_cast<std::int64_t>(limit));
  while (rows.next()) kept.push_back(kept_event_of(rows));
  return kept;
}

std::vector<std::uint64_t> kept_numbers_behind(Database& database, std::uint64_t seq,
                                               std::size_t limit) {
  std::vector<std::uint64_t> numbers;
  Query rows = database.query("SELECT seq FROM kept WHERE seq > ? ORDER BY seq LIMIT ?", seq,
                              static_cast<std::int64_t>(limit));
  while (rows.next()) numbers.push_back(static_cast<std::uint64_t>(rows.number(0)));
  return numbers;
}

}  // namespace plivo_dial
