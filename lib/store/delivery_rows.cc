// SPDX-License-Identifier: Apache-2.0
#include "lib/store/delivery_rows.h"

namespace plivo_dial {

void insert_delivery_row(Database& database, SinkId sink, const LogEntry& entry,
                         const DeliveryRowState& row) {
  database
      .query(
          "INSERT INTO delivery(sink, seq, lane, segment, state, attempts, failures, next_ms, "
          "begun_ms, error) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          sink, entry.seq, entry.delivery_lane(), static_cast<std::int64_t>(entry.segment),
          static_cast<int>(row.state), row.attempts, row.failures, row.next_ms, row.begun_ms,
          row.error)
      .run();
}

bool change_delivery_row(Database& database, SinkId sink, const DeliveryChange& change) {
  // That the first attempt was the last one needs no row.
  if (change.state == DeliveryState::kDelivered && change.attempts <= 1) {
    const std::int64_t removed =
        database
            .query(
                "DELETE FROM delivery WHERE sink = ? AND seq = ? AND error = '' AND attempts <= 1",
                sink, change.seq)
            .run();
    if (removed > 0) return true;
  }
  const bool keeps_error = change.state == DeliveryState::kWaiting && change.error.empty();
  return database
             .query(
                 "UPDATE delivery SET state = ?, attempts = ?, failures = ?, next_ms = ?, "
                 "error = CASE WHEN ? THEN error ELSE ? END WHERE sink = ? AND seq = ?",
                 static_cast<int>(change.state), change.attempts, change.failures, change.next_ms,
                 keeps_error, change.error, sink, change.seq)
             .run() > 0;
}

DeliveryRowState delivery_row_in(const Query& row) {
  return {static_cast<DeliveryState>(row.number(0)),
          static_cast<unsigned>(row.number(1)),
          static_cast<unsigned>(row.number(2)),
          row.number(3),
          row.number(4),
          row.text(5)};
}

std::optional<DeliveryRowState> find_delivery_row(Database& database, SinkId sink,
                                                  std::uint64_t seq) {
  Query row = database.query(
      "SELECT state, attempts, failures, next_ms, begun_ms, error FROM delivery "
      "WHERE sink = ? AND seq = ?",
      sink, seq);
  return row.next() ? std::optional(delivery_row_in(row)) : std::nullopt;
}

}  // namespace plivo_dial
