// SPDX-License-Identifier: Apache-2.0
#include "lib/books/upkeep.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "lib/books/first_waiting.h"
#include "lib/store/call_records.h"
#include "lib/store/kept_events.h"
#include "lib/store/store_file.h"
#include "lib/store/store_tables.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;

// In one transaction, in which no delivery is recorded.
constexpr int kSegmentsAtATime = 64;
constexpr int kBlocksAtATime = 32;
constexpr std::size_t kLooseEventsAtATime = 100;
constexpr std::int64_t kForgottenAtATime = 200;
constexpr std::size_t kRecordsAtATime = 200;
constexpr std::int64_t kAgeSavedUs = 60'000'000;
constexpr std::size_t kMarkedEvents = 10'000;

}  // namespace

// --- Segments.

// Whether no event up to `seq` waits in the log for the sink.
bool Upkeep::is_through(const SinkState& sink, std::uint64_t seq) const {
  if (sink.progress.position() >= seq) return true;
  return std::ranges::none_of(sink.spans, [&](const SinkSpan& span) {
    return span.first <= seq && span.last > sink.progress.position();
  });
}

// Those for which something waits in the log; the others are through with all of it.
std::vector<SinkState> Upkeep::busy_sinks(Database& database) const {
  std::vector<SinkState> sinks = book_.all();
  std::erase_if(sinks, [&](const SinkState& sink) {
    return database.number(
               "SELECT waiting - waiting_rows FROM sink "
               "WHERE number = ?",
               sink.id) == 0;
  });
  return sinks;
}

std::vector<Upkeep::Candidate> Upkeep::candidates(Database& database, std::int64_t before_us) {
  std::vector<Candidate> found;
  Query rows = database.query(
      "SELECT number, name, last_seq FROM segment "
      "WHERE number > ? AND ended = 1 AND last_us <= ? ORDER BY number LIMIT ?",
      looked_at_segment_, before_us, kSegmentsAtATime);
  while (rows.next()) {
    found.push_back({rows.number(0), rows.text(1), static_cast<std::uint64_t>(rows.number(2))});
    looked_at_segment_ = rows.number(0);
  }
  if (found.size() < kSegmentsAtATime) looked_at_segment_ = 0;
  return found;
}

bool Upkeep::is_waited_for(Database& database, const Candidate& segment,
                           const std::vector<SinkState>& sinks) const {
  if (database.number("SELECT EXISTS(SELECT 1 FROM held WHERE segment = ?)", segment.number) != 0) {
    return true;
  }
  const auto waits = [&](const SinkState& sink) { return !is_through(sink, segment.last_seq); };
  if (std::ranges::any_of(sinks, waits)) return true;
  return database.number(
             "SELECT EXISTS(SELECT 1 FROM delivery INDEXED BY delivery_segment "
             "WHERE segment = ? AND state = 0)",
             segment.number) != 0;
}

// False when one cannot be read at the moment.
bool Upkeep::keep_dead_of(Database& database, std::int64_t segment) {
  std::set<std::uint64_t> dead;
  {
    Query rows = database.query(
        "SELECT seq FROM delivery INDEXED BY delivery_segment WHERE segment = ? AND state = 2",
        segment);
    while (rows.next()) dead.insert(static_cast<std::uint64_t>(rows.number(0)));
  }
  for (const std::uint64_t seq : dead) {
    const std::optional<LogEntry> entry = EventLog(database).find(seq);
    if (!entry) continue;
    const auto stored = read_stored_event(database, files_, *entry);
    if (!stored) return false;
    if (*stored) keep_event(database, *entry, (*stored)->json);
  }
  return true;
}

Result<std::vector<std::string>> Upkeep::finished_segments(std::int64_t now_us, microseconds keep) {
  std::vector<std::string> names;
  // What it says may be wrong, and the segments are what it is made anew from.
  if (store_.harm() != StoreHarm::kNone) {
    return Error{"'" + store_path(store_.spool()) + "' is harmed"};
  }
  // What is delivered is the first to go when space is needed.
  const bool at_once = store_.is_full() || keep.count() == 0;
  const std::int64_t before =
      at_once ? std::numeric_limits<std::int64_t>::max() : now_us - keep.count();
  std::vector<SinkState> sinks;
  std::vector<Candidate> finished;
  Result<void> done = store_.look([&](Database& database) {
    sinks = busy_sinks(database);
    finished = candidates(database, before);
    std::erase_if(finished, [&](const Candidate& segment) {
      return is_waited_for(database, segment, sinks);
    });
  });
  if (!done) return done.error();
  if (finished.empty()) return names;
  done = store_.change_at_any_price([&](Database& database) {
    names.clear();
    sinks = busy_sinks(database);
    for (const Candidate& segment : finished) {
      // An operator may have sent some of it again.
      if (is_waited_for(database, segment, sinks)) continue;
      if (!keep_dead_of(database, segment.number)) continue;
      database
          .query("UPDATE segment SET leaving = max(leaving, 1) WHERE number = ?", segment.number)
          .run();
      names.push_back(segment.name);
    }
  });
  if (!done) return done.error();
  return names;
}

Result<bool> Upkeep::forget_some_of(const std::string& segment) {
  bool more = false;
  Result<void> changed = store_.change_at_any_price(
      [&](Database& database) { more = forget_part_of(database, segment); });
  if (!changed) return changed.error();
  return more;
}

// Within a transaction: first the rows of what took more than one attempt, then the segment, and
// with it the blocks that no other needs. Whether there is more to forget.
bool Upkeep::forget_part_of(Database& database, const std::string& name) {
  std::int64_t segment = 0;
  std::int64_t events = 0;
  std::uint64_t last_seq = 0;
  {
    Query row = database.query("SELECT number, events, last_seq FROM segment WHERE name = ?", name);
    if (!row.next()) return false;
    segment = row.number(0);
    events = row.number(1);
    last_seq = static_cast<std::uint64_t>(row.number(2));
  }
  const std::int64_t removed =
      database
          .query(
              "DELETE FROM delivery WHERE (sink, seq) IN (SELECT sink, seq FROM delivery "
              "INDEXED BY delivery_segment WHERE segment = ? AND state IN (1, 3) LIMIT ?)",
              segment, kForgottenAtATime)
          .run();
  if (removed == kForgottenAtATime) return true;
  if (database.number("SELECT leaving FROM segment WHERE number = ?", segment) < 2) {
    keep_dead_of(database, segment);
    const std::int64_t kept =
        database.number("SELECT count(*) FROM kept WHERE segment = ?", segment);
    // From here on it is forgotten for all who look, but for its blocks.
    database.query("UPDATE segment SET leaving = 2 WHERE number = ?", segment).run();
    add_to_counter(database, "forgotten", events - kept);
  }
  if (std::exchange(forgotten_segment_, segment) != segment) looked_at_block_ = 0;
  if (forget_blocks(database, segment, last_seq)) return true;
  database.query("DELETE FROM segment WHERE number = ?", segment).run();
  return false;
}

// Whether there are more blocks that may be of this segment alone.
bool Upkeep::forget_blocks(Database& database, std::int64_t segment, std::uint64_t last_seq) {
  EventLog log(database);
  for (int seen = 0; seen < kBlocksAtATime; ++seen) {
    const std::vector<LogEntry> entries = log.from(looked_at_block_);
    if (entries.empty() || entries.front().seq > last_seq || database.failed()) return false;
    looked_at_block_ = entries.back().seq + 1;
    const bool is_of_it = std::ranges::any_of(
        entries, [&](const LogEntry& entry) { return entry.segment == segment; });
    if (is_of_it && is_block_dead(database, entries)) log.remove_block_of(entries.front().seq);
  }
  return true;
}

// Whether all of its segments are forgotten.
bool Upkeep::is_block_dead(Database& database, const std::vector<LogEntry>& entries) {
  std::set<std::int64_t> segments;
  for (const LogEntry& entry : entries) segments.insert(entry.segment);
  return std::ranges::none_of(segments, [&](std::int64_t number) {
    return database.number("SELECT EXISTS(SELECT 1 FROM segment WHERE number = ? AND leaving < 2)",
                           number) != 0;
  });
}

// --- What is left behind.

// Whether a kept event is to stay: it waits or is a dead letter, or its segment is still there.
bool Upkeep::is_needed(Database& database, std::uint64_t seq) {
  return database.number(
             "SELECT EXISTS(SELECT 1 FROM delivery INDEXED BY delivery_event "
             "WHERE seq = ?1 AND state IN (0, 2)) OR EXISTS(SELECT 1 FROM kept k CROSS JOIN "
             "segment s "
             "ON s.number = k.segment WHERE k.seq = ?1 AND s.leaving < 2)",
             seq) != 0;
}

// Those whose dead letters were sent after all, or removed.
Result<bool> Upkeep::forget_loose_events() {
  std::vector<std::uint64_t> loose;
  bool is_end = false;
  Result<void> looked = store_.look([&](Database& database) {
    const std::vector<std::uint64_t> kept =
        kept_numbers_behind(database, looked_at_loose_, kLooseEventsAtATime);
    is_end = kept.size() < kLooseEventsAtATime;
    looked_at_loose_ = is_end ? 0 : kept.back();
    for (const std::uint64_t seq : kept) {
      if (!is_needed(database, seq)) loose.push_back(seq);
    }
  });
  if (!looked) return looked.error();
  if (loose.empty()) return !is_end;
  Result<void> changed = store_.change_at_any_price([&](Database& database) {
    for (const std::uint64_t seq : loose) {
      // An operator may have sent it again.
      if (is_needed(database, seq)) continue;
      database
          .query(
              "DELETE FROM delivery WHERE (sink, seq) IN (SELECT sink, seq FROM delivery "
              "INDEXED BY delivery_event WHERE seq = ?)",
              seq)
          .run();
      database.query("DELETE FROM kept WHERE seq = ?", seq).run();
      add_to_counter(database, "forgotten", 1);
    }
  });
  if (!changed) return changed.error();
  return !is_end;
}

Result<bool> Upkeep::forget_old_keys() {
  const std::int64_t age_us = clock_.age_us();
  // Not before the time without a dispatcher was skipped.
  const bool saves_time = intake_.knows_sinks() && age_us - saved_age_us_ >= kAgeSavedUs;
  bool more = false;
  Result<void> changed = store_.change(
      [&](Database& database) {
        if (saves_time) write_store_time(database, clock_.time());
        const std::vector<LogEntry> first = EventLog(database).from(0);
        const std::uint64_t first_kept =
            first.empty() ? std::numeric_limits<std::int64_t>::max() : first.front().seq;
        more =
            intake_.keys().forget_some(database, age_us, microseconds(kDedupeWindow), first_kept);
        database.query("DELETE FROM span WHERE last_seq < ?", first_kept).run();
      },
      [&] { intake_.keys().publish(); });
  if (!changed) {
    [[maybe_unused]] const Result<void> again =
        store_.look([&](Database& database) { intake_.keys().load(database); });
    return changed.error();
  }
  if (saves_time) saved_age_us_ = age_us;
  return more;
}

Result<bool> Upkeep::forget_old_records(microseconds keep) {
  const std::int64_t before_us = clock_.even_us() - keep.count();
  bool any = false;
  Result<void> done =
      store_.look([&](Database& database) { any = CallRecords(database).any_before(before_us); });
  if (!done) return done.error();
  if (!any) return false;
  bool more = false;
  done = store_.change_at_any_price([&](Database& database) {
    more = CallRecords(database).forget_some(before_us, kRecordsAtATime);
  });
  if (!done) return done.error();
  return more;
}

// --- For the case that the store is lost.

Result<void> Upkeep::save_marks() {
  if (intake_.is_catching_up()) return {};
  Result<DeliveredMarks> marks = delivered_marks();
  if (!marks) return marks.error();
  if (saved_marks_ && *saved_marks_ == *marks) return {};
  Result<void> written = write_delivered_marks(store_.spool(), *marks);
  if (written) saved_marks_ = std::make_unique<DeliveredMarks>(std::move(*marks));
  return written;
}

Result<DeliveredMarks> Upkeep::delivered_marks() {
  DeliveredMarks marks;
  const std::vector<SinkState> sinks = book_.all();
  Result<void> looked = store_.look([&](Database& database) {
    marks.next_seq = static_cast<std::uint64_t>(database.number(kLastNumber) + 1);
    for (const SinkState& sink : sinks) {
      // Named even where there is no segment yet: a store that is made anew gives nothing old to a
      // sink that it does not find here.
      if (sink.configured) mark_sink(database, sink, &marks.sinks[sink.name]);
    }
  });
  if (!looked) return looked.error();
  return marks;
}

// Where nothing waits, a sink is through with all that was taken in.
void Upkeep::mark_sink(Database& database, const SinkState& sink,
                       std::map<std::string, std::size_t>* marks) const {
  const FirstWaiting waiting = first_waiting(database, sink, intake_.names(), kMarkedEvents);
  Query segments = database.query(
      "SELECT s.name, s.number, s.last_seq, min(s.offset, ifnull((SELECT min(h.offset) FROM held h "
      "WHERE h.segment = s.number), s.offset)) FROM segment s WHERE s.leaving < 2");
  while (segments.next()) {
    auto through = static_cast<std::size_t>(segments.number(3));
    const auto found = waiting.offsets.find(segments.number(1));
    if (found != waiting.offsets.end()) through = std::min(through, found->second);
    // Of a long backlog only the beginning was looked at: what lies behind counts as waiting.
    if (static_cast<std::uint64_t>(segments.number(2)) > waiting.looked_up_to) through = 0;
    (*marks)[segments.text(0)] = through;
  }
}

Result<void> Upkeep::end_in_order() {
  if (delivery_.missed_attempts() || !intake_.knows_sinks()) return {};
  return store_.change_at_any_price([&](Database& database) {
    write_counter(database, "in_order", 1);
    write_store_time(database, clock_.time());
    for (const SinkState& sink : book_.all()) write_progress(database, sink.id, sink.progress);
  });
}

}  // namespace plivo_dial
