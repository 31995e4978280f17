// SPDX-License-Identifier: Apache-2.0
#include "lib/store/store_import.h"

#include <algorithm>
#include <limits>

#include "lib/base/fnv1a.h"
#include "lib/store/dead_letter.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::size_t kRememberedCalls = 4096;
constexpr std::int64_t kHoldUs = microseconds(kOrderHold).count();

constexpr std::int64_t kFlowWindowUs = microseconds(kFlowDedupeWindow).count();

bool is_another_time(std::int64_t one_us, std::int64_t other_us) {
  const std::int64_t distance = one_us - other_us;
  return distance >= kFlowWindowUs || distance <= -kFlowWindowUs;
}

CallStep step_of_row(const Query& row, int first_column) {
  return {static_cast<CallStep::Kind>(row.number(first_column)), row.number(first_column + 1),
          row.text(first_column + 2), row.number(first_column + 3) != 0};
}

}  // namespace

// Whoever makes two calls share a lane only makes them wait for each other.
std::int64_t lane_of_call(const std::string& call) {
  const auto lane = static_cast<std::int64_t>(fnv1a(call) >> 1);
  return lane == 0 ? 1 : lane;
}

void ImportMemory::reload(Database& database, steady_clock::time_point now, std::int64_t even_us) {
  held_.clear();
  held_by_time_.clear();
  held_by_lane_.clear();
  progress_.clear();
  Query rows = database.query(
      "SELECT number, lane, call, name, accepted_us, step, stage, leg, talked FROM held");
  while (rows.next()) {
    hold({static_cast<std::uint64_t>(rows.number(0)), rows.number(1), rows.text(2), rows.text(3),
          step_of_row(rows, 5), rows.number(4), even_us, now + kOrderHold});
  }
}

void ImportMemory::hold(Held held) {
  held_by_time_.emplace(held.even_us, held.number);
  held_by_lane_.emplace(held.lane, held.number);
  held_.emplace(held.number, std::move(held));
}

void ImportMemory::let_go(std::uint64_t number) {
  const auto found = held_.find(number);
  if (found == held_.end()) return;
  held_by_time_.erase({found->second.even_us, number});
  held_by_lane_.erase({found->second.lane, number});
  held_.erase(found);
}

std::vector<ImportMemory::Held> ImportMemory::held_of_lane(std::int64_t lane) const {
  std::vector<Held> of_lane;
  for (auto at = held_by_lane_.lower_bound({lane, 0});
       at != held_by_lane_.end() && at->first == lane; ++at) {
    of_lane.push_back(held_.at(at->second));
  }
  std::ranges::stable_sort(of_lane, {}, [](const Held& held) { return place_of(held.step); });
  return of_lane;
}

const ImportMemory::Held* ImportMemory::first_accepted_before(std::int64_t even_us) const {
  if (held_by_time_.empty() || held_by_time_.begin()->first >= even_us) return nullptr;
  return &held_.at(held_by_time_.begin()->second);
}

CallProgress& ImportMemory::progress_of(Database& database, const std::string& call) {
  const auto known = progress_.find(call);
  if (known != progress_.end()) return known->second;
  if (progress_.size() >= kRememberedCalls) progress_.clear();
  CallProgress& progress = progress_[call];
  // The repeated condition lets the index be used, which leaves events without a call out.
  Query rows = database.query(
      "SELECT step, stage, leg, talked FROM event WHERE lane = ? AND lane <> 0 AND call = ? "
      "ORDER BY seq",
      lane_of_call(call), call);
  while (rows.next()) progress.add(step_of_row(rows, 0));
  return progress;
}

ImportTransaction::Segment ImportTransaction::open_segment(const SegmentMark& mark) {
  database_
      .query(
          "INSERT INTO segment(name, offset, ended, frames, last_us) VALUES(?, 0, 0, 0, 0) "
          "ON CONFLICT(name) DO NOTHING",
          mark.name)
      .run();
  Segment segment;
  segment.name = mark.name;
  {
    Query row = database_.query("SELECT number, offset FROM segment WHERE name = ?", mark.name);
    if (!row.next()) return segment;
    segment.number = row.number(0);
    segment.offset = static_cast<std::size_t>(row.number(1));
  }
  database_
      .query("UPDATE segment SET offset = max(offset, ?), ended = max(ended, ?) WHERE number = ?",
             static_cast<std::int64_t>(mark.offset), mark.ended, segment.number)
      .run();
  return segment;
}

void ImportTransaction::take(const ImportBatch& batch) {
  for (const SegmentMark& mark : batch.segments) {
    segments_.push_back(open_segment(mark));
    if (mark.gone) ++sums_["vanished"];
  }
  for (const ImportFrame& frame : batch.frames) {
    if (database_.failed()) return;
    Segment& segment = segments_[frame.segment];
    if (frame.offset < segment.offset) continue;
    ++segment.frames;
    segment.last_us = std::max(segment.last_us, frame.even_us);
    take_frame(frame, batch);
  }
  release(batch.now, false);
}

void ImportTransaction::take_frame(const ImportFrame& frame, const ImportBatch& batch) {
  ++sums_["frames"];
  if (!frame.head) {
    ++sums_["refused"];
    return;
  }
  // Whatever comes from here on was accepted too late for those.
  while (const auto* held = memory_.first_accepted_before(frame.even_us - kHoldUs)) {
    release_up_to(ImportMemory::Held(*held));
    if (database_.failed()) return;
  }
  if (is_written_again(frame) || is_duplicate(frame)) return;
  const CallStep& step = frame.head->step;
  if (step.kind == CallStep::Kind::kUnordered || !frame.head->call) {
    insert(frame, false);
    return;
  }
  CallProgress& progress = memory_.progress_of(database_, *frame.head->call);
  // What a lost store had given to the sinks already needs no waiting.
  const bool is_old = memory_.prior != nullptr && !memory_.prior->empty();
  if (!is_old && (progress.is_ahead(step) || follows_held(*frame.head->call, step, progress))) {
    hold(frame, batch.now);
    return;
  }
  if (progress.begins_again(step)) release_call(*frame.head->call);
  CallProgress& now = memory_.progress_of(database_, *frame.head->call);
  insert(frame, now.is_late(step));
  now.add(step);
  release_satisfied(lane_of_call(*frame.head->call));
}

// What could not be synced in one segment goes to the next one, and may be whole in both.
bool ImportTransaction::is_written_again(const ImportFrame& frame) {
  const std::string& id = frame.head->id;
  if (database_.number("SELECT EXISTS(SELECT 1 FROM event WHERE id = ?1) OR "
                       "EXISTS(SELECT 1 FROM held WHERE id = ?1)",
                       id) == 0) {
    return false;
  }
  ++sums_["duplicates"];
  report_.duplicates.push_back({id, id});
  return true;
}

// Remembers the keys that are new, also those of a duplicate. A key is remembered for the dedupe
// window of the store's age, whatever the wall clock said when its events were accepted. Only what
// a flow sends, which has no nonce, may be another one later.
bool ImportTransaction::is_duplicate(const ImportFrame& frame) {
  std::string first_id;
  std::int64_t first_us = frame.even_us;
  for (const WebhookKey& key : frame.keys) {
    Query seen = database_.query("SELECT accepted_us, id FROM seen WHERE key = ?",
                                 std::span<const std::uint8_t>(key));
    if (!first_id.empty() || !seen.next()) continue;
    if (frame.of_flow && is_another_time(frame.even_us, seen.number(0))) continue;
    first_us = seen.number(0);
    first_id = seen.text(1);
  }
  const std::string& id = first_id.empty() ? frame.head->id : first_id;
  const std::int64_t distance =
      frame.of_flow ? kFlowWindowUs : std::numeric_limits<std::int64_t>::max();
  for (const WebhookKey& key : frame.keys) {
    database_
        .query(
            "INSERT INTO seen(key, accepted_us, id, taken_us) VALUES(?, ?, ?, ?) "
            "ON CONFLICT(key) DO UPDATE SET accepted_us = excluded.accepted_us, "
            "id = excluded.id WHERE abs(excluded.accepted_us - seen.accepted_us) >= ?",
            std::span<const std::uint8_t>(key), first_us, id, memory_.age_us, distance)
        .run();
  }
  if (first_id.empty()) return false;
  ++sums_["duplicates"];
  report_.duplicates.push_back({frame.head->id, first_id, frame.of_flow});
  return true;
}

// Whether an event that is held comes before `step`, which must not overtake it.
bool ImportTransaction::follows_held(const std::string& call, const CallStep& step,
                                     const CallProgress& progress) const {
  if (progress.is_late(step)) return false;
  const std::vector<ImportMemory::Held> of_lane = memory_.held_of_lane(lane_of_call(call));
  return std::any_of(of_lane.begin(), of_lane.end(), [&](const ImportMemory::Held& held) {
    return held.call == call && place_of(held.step) < place_of(step);
  });
}

void ImportTransaction::hold(const ImportFrame& frame, steady_clock::time_point now) {
  const EventHead& head = *frame.head;
  const std::int64_t lane = lane_of_call(*head.call);
  database_
      .query(
          "INSERT INTO held(id, lane, call, name, step, stage, leg, talked, accepted_us, "
          "segment, offset, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          head.id, lane, *head.call, head.name, static_cast<int>(head.step.kind), head.step.stage,
          head.step.leg, head.step.talked, frame.accepted_us, segments_[frame.segment].number,
          static_cast<std::int64_t>(frame.offset), frame.json)
      .run();
  memory_.hold({static_cast<std::uint64_t>(database_.last_row()), lane, *head.call, head.name,
                head.step, frame.accepted_us, frame.even_us, now + kOrderHold});
}

std::uint64_t ImportTransaction::insert(const ImportFrame& frame, bool late) {
  const EventHead& head = *frame.head;
  const std::int64_t lane = head.call ? lane_of_call(*head.call) : 0;
  const bool from_segment = frame.segment < segments_.size();
  const bool has_number =
      frame.old_seq != 0 &&
      database_.number("SELECT count(*) FROM event WHERE seq = ?", frame.old_seq) == 0;
  const std::int64_t segment = from_segment ? segments_[frame.segment].number : 0;
  database_
      .query(
          "INSERT INTO event(seq, id, lane, call, name, step, stage, leg, talked, accepted_us, "
          "late, segment, offset, body) "
          "VALUES(nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?)",
          has_number ? frame.old_seq : 0, head.id, lane, head.call, head.name,
          static_cast<int>(head.step.kind), head.step.stage, head.step.leg, head.step.talked,
          frame.accepted_us, late, segment, static_cast<std::int64_t>(frame.offset), frame.json)
      .run();
  const auto number = static_cast<std::uint64_t>(database_.last_row());
  ++sums_["events"];
  if (!from_segment) ++sums_["from_dead_letters"];
  if (from_segment) insert_deliveries(number, lane, head.name, frame.even_us, &frame);
  return number;
}

// A row for each sink that takes the event. `frame` is null for one that was held.
void ImportTransaction::insert_deliveries(std::uint64_t seq, std::int64_t event_lane,
                                          const std::string& name, std::int64_t even_us,
                                          const ImportFrame* frame) {
  const std::int64_t lane = event_lane == 0 ? -static_cast<std::int64_t>(seq) : event_lane;
  ++report_.events;
  for (const auto& [sink_name, sink] : sinks_) {
    if (!wants_event(sink.config, name) || even_us < sink.from_us) continue;
    DeliveryState state = DeliveryState::kWaiting;
    unsigned attempts = 0;
    std::string error;
    if (memory_.prior != nullptr && frame != nullptr) {
      state = prior_state(sink_name, *frame, &attempts, &error);
    }
    if (even_us < memory_.presumed_before_us) attempts = std::max(attempts, 1u);
    insert_delivery(sink.id, seq, lane, state, attempts, error);
  }
}

// How a sink stood to the event before the store was made anew.
DeliveryState ImportTransaction::prior_state(const std::string& sink, const ImportFrame& frame,
                                             unsigned* attempts, std::string* error) {
  const auto dead = memory_.dead_letters.find({frame.head->id, sink});
  if (dead != memory_.dead_letters.end()) {
    const Result<DeadLetter> letter = read_dead_letter(dead->second);
    memory_.used_dead_letters.insert(dead->first);
    if (letter) {
      *attempts = letter->attempts;
      *error = letter->reason;
      return DeliveryState::kDead;
    }
  }
  if (!memory_.prior->delivered(sink, segments_[frame.segment].name, frame.offset, frame.old_seq)) {
    return DeliveryState::kWaiting;
  }
  *attempts = 1;
  return DeliveryState::kDelivered;
}

void ImportTransaction::insert_delivery(SinkId sink, std::uint64_t seq, std::int64_t lane,
                                        DeliveryState state, unsigned attempts,
                                        const std::string& error) {
  database_
      .query(
          "INSERT INTO delivery(sink, seq, lane, state, attempts, failures, next_ms, begun_ms, "
          "error) VALUES(?, ?, ?, ?, ?, 0, 0, ?, ?) ON CONFLICT DO NOTHING",
          sink, seq, lane, static_cast<int>(state), attempts, memory_.clock_ms, error)
      .run();
  ++taken_[sink];
}

void ImportTransaction::take_dead_letter(SinkId sink, const ImportFrame& frame,
                                         const std::string& reason, unsigned attempts) {
  const std::uint64_t seq = insert(frame, false);
  const std::int64_t lane =
      frame.head->call ? lane_of_call(*frame.head->call) : -static_cast<std::int64_t>(seq);
  insert_delivery(sink, seq, lane, DeliveryState::kDead, attempts, reason);
}

void ImportTransaction::release(steady_clock::time_point now, bool all) {
  for (;;) {
    const auto& held = memory_.held();
    // In the order of their numbers, in which they were held.
    if (held.empty() || database_.failed()) return;
    const ImportMemory::Held first = held.begin()->second;
    if (!all && first.until > now) return;
    release_up_to(first);
  }
}

void ImportTransaction::release_one(const ImportMemory::Held& held) {
  CallProgress& progress = memory_.progress_of(database_, held.call);
  database_
      .query(
          "INSERT INTO event(id, lane, call, name, step, stage, leg, talked, accepted_us, late, "
          "segment, offset, body) SELECT id, lane, call, name, step, stage, leg, talked, "
          "accepted_us, ?, segment, offset, body FROM held WHERE number = ?",
          progress.is_late(held.step), held.number)
      .run();
  const auto seq = static_cast<std::uint64_t>(database_.last_row());
  database_.query("DELETE FROM held WHERE number = ?", held.number).run();
  ++sums_["events"];
  insert_deliveries(seq, held.lane, held.name, held.even_us, nullptr);
  progress.add(held.step);
  memory_.let_go(held.number);
}

// The time of `held` is over: what should precede it and is there goes before it.
void ImportTransaction::release_up_to(const ImportMemory::Held& held) {
  for (const ImportMemory::Held& one : memory_.held_of_lane(held.lane)) {
    if (one.call == held.call && place_of(one.step) <= place_of(held.step)) release_one(one);
  }
  release_satisfied(held.lane);
}

// All that is held of `call`, in its order.
void ImportTransaction::release_call(const std::string& call) {
  for (const ImportMemory::Held& one : memory_.held_of_lane(lane_of_call(call))) {
    if (one.call == call) release_one(one);
  }
}

void ImportTransaction::release_satisfied(std::int64_t lane) {
  for (bool released = true; released && !database_.failed();) {
    released = false;
    for (const ImportMemory::Held& one : memory_.held_of_lane(lane)) {
      const CallProgress& progress = memory_.progress_of(database_, one.call);
      if (progress.is_ahead(one.step) || follows_held(one.call, one.step, progress)) continue;
      release_one(one);
      released = true;
      break;
    }
  }
}

void ImportTransaction::finish() {
  for (const Segment& segment : segments_) {
    if (segment.frames == 0) continue;
    database_
        .query(
            "UPDATE segment SET frames = frames + ?, last_us = max(last_us, ?) "
            "WHERE number = ?",
            segment.frames, segment.last_us, segment.number)
        .run();
  }
  for (const auto& [name, value] : sums_) {
    database_
        .query(
            "INSERT INTO counter(name, value) VALUES(?, ?) "
            "ON CONFLICT(name) DO UPDATE SET value = value + excluded.value",
            name, value)
        .run();
  }
  for (const auto& [sink, rows] : taken_) {
    database_.query("UPDATE sink SET taken = taken + ? WHERE number = ?", rows, sink).run();
  }
}

}  // namespace plivo_dial
