// SPDX-License-Identifier: Apache-2.0
#include "lib/store/call_records.h"

namespace plivo_dial {

void CallRecords::put(const CallRecord& record) {
  database_
      .query(
          "INSERT INTO record(call, closed_us, body) VALUES(?, ?, ?) ON CONFLICT(call) "
          "DO UPDATE SET closed_us = excluded.closed_us, body = excluded.body",
          record.call, record.closed_us, record.body)
      .run();
}

std::optional<CallRecord> CallRecords::find(std::string_view call) {
  Query row = database_.query("SELECT closed_us, body FROM record WHERE call = ?", call);
  if (!row.next()) return std::nullopt;
  return CallRecord{std::string(call), row.number(0), row.text(1)};
}

bool CallRecords::any_before(std::int64_t before_us) {
  return database_.number("SELECT EXISTS(SELECT 1 FROM record WHERE closed_us < ?)", before_us) !=
         0;
}

bool CallRecords::forget_some(std::int64_t before_us, std::size_t limit) {
  const std::int64_t forgotten =
      database_
          .query(
              "DELETE FROM record WHERE call IN (SELECT call FROM record INDEXED BY record_closed "
              "WHERE closed_us < ? ORDER BY closed_us LIMIT ?)",
              before_us, static_cast<std::int64_t>(limit))
          .run();
  return !database_.failed() && forgotten == static_cast<std::int64_t>(limit);
}

}  // namespace plivo_dial
