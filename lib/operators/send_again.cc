// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/send_again.h"

#include <optional>
#include <utility>

#include "lib/store/delivery_rows.h"
#include "lib/store/store_tables.h"

namespace plivo_dial {
namespace {

constexpr std::int64_t kReplayedAtATime =
    200;  // in one transaction, in which no delivery is recorded

}  // namespace

// By the store's age, as the present dispatcher or the last one counted it.
std::int64_t age_ms_at(Database& database, std::int64_t wall_us) {
  return wall_us / 1000 - read_counter(database, "clock_lag_ms") -
         read_counter(database, "clock_base_ms");
}

// Within a transaction. A lane's events go in their order: what waits behind this one for its own
// time must not be due before it. What was delivered since it was looked at stays so. The number of
// events that wait now.
std::int64_t make_wait(Database& database, const SendTarget& target, std::int64_t begun_ms) {
  const auto& [standing, entry, was_given] = target;
  const bool was_delivered = standing.state == DeliveryState::kDelivered;
  std::int64_t made = 0;
  const std::optional<DeliveryRowState> row = find_delivery_row(database, standing.sink, entry.seq);
  if (row) {
    const bool is_delivered = row->state == DeliveryState::kDelivered;
    if (is_delivered && !was_delivered) return 0;
    made = database
               .query(
                   "UPDATE delivery SET state = 0, failures = 0, next_ms = 0, begun_ms = ? "
                   "WHERE sink = ? AND seq = ?",
                   begun_ms, standing.sink, entry.seq)
               .run();
    database
        .query("UPDATE sink SET delivered = delivered - ?, taken = taken + ? WHERE number = ?",
               is_delivered, static_cast<int>(row->state) == kDroppedState, standing.sink)
        .run();
  } else if (was_delivered || !was_given) {
    // Nobody knows of attempts before it was forgotten.
    insert_delivery_row(database, standing.sink, entry,
                        {DeliveryState::kWaiting, 1, 0, 0, begun_ms, ""});
    database
        .query("UPDATE sink SET delivered = delivered - ?, taken = taken + ? WHERE number = ?",
               was_given, !was_given, standing.sink)
        .run();
    made = 1;
  } else {
    // It waits in the log already, as soon as may be, or was delivered since.
    made = standing.has_row ? 0 : 1;
  }
  database
      .query(
          "UPDATE delivery INDEXED BY delivery_lane SET next_ms = 0 WHERE sink = ? AND lane = ? "
          "AND state = 0 "
          "AND next_ms <> 0",
          standing.sink, entry.delivery_lane())
      .run();
  return made;
}

// Within a transaction: the next events behind *after, which is set to where it stopped; to 0 at
// the end. Not of segments that are about to go.
std::vector<SendTarget> next_to_replay(Database& database, const SinkState& sink,
                                       const AcceptedBetween& when, const EventNames& names,
                                       std::uint64_t* after, EventWalk& walk) {
  std::vector<SendTarget> found;
  auto entry = walk.behind(*after);
  for (std::int64_t seen = 0; entry && seen < kReplayedAtATime; ++seen) {
    *after = entry->seq;
    const std::string name = names.name_of(entry->name);
    const bool is_then = entry->accepted_us >= when.since_us && entry->accepted_us < when.until_us;
    if (is_then && sink.takes_now(name) && !walk.is_about_to_go(*entry)) {
      std::optional<SinkStanding> standing = standing_of(database, sink, *entry, name);
      const bool was_given = standing.has_value();
      if (!was_given) {
        standing.emplace();
        standing->sink = sink.id;
        standing->sink_name = sink.name;
        standing->state = DeliveryState::kDelivered;
      }
      const bool waits = standing->state == DeliveryState::kWaiting;
      if (!waits) found.push_back({std::move(*standing), *entry, was_given});
    }
    entry = walk.behind(entry->seq);
  }
  if (!entry) *after = 0;
  return found;
}

}  // namespace plivo_dial
