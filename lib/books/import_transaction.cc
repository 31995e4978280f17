// SPDX-License-Identifier: Apache-2.0
#include "lib/books/import_transaction.h"

#include <algorithm>
#include <utility>

#include "lib/store/dead_letter.h"
#include "lib/store/delivery_rows.h"
#include "lib/store/kept_events.h"
#include "lib/store/store_tables.h"
#include "lib/store/stored_event.h"

namespace plivo_dial {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::int64_t kHoldUs = microseconds(kOrderHold).count();
constexpr std::int64_t kFlowWindowUs = microseconds(kFlowDedupeWindow).count();

bool is_another_time(std::int64_t one_us, std::int64_t other_us) {
  const std::int64_t distance = one_us - other_us;
  return distance >= kFlowWindowUs || distance <= -kFlowWindowUs;
}

}  // namespace

ImportTransaction::ImportTransaction(Database& database, ImportMemory& memory,
                                     std::map<std::string, ImportSink>& sinks, const SinkBook& book,
                                     ImportReport* report)
    : database_(database), memory_(memory), report_(*report), log_(database) {
  for (auto& [name, sink] : sinks) {
    std::optional<SinkState> state = book.find(sink.id);
    if (state) recipients_.push_back({&sink, std::move(*state)});
  }
}

ImportTransaction::Segment ImportTransaction::open_segment(const SegmentMark& mark) {
  Segment segment;
  {
    Query row = database_.query("SELECT number, offset FROM segment WHERE name = ?", mark.name);
    if (row.next()) {
      segment.number = row.number(0);
      segment.offset = static_cast<std::size_t>(row.number(1));
    }
  }
  const auto offset = static_cast<std::int64_t>(mark.offset);
  if (segment.number == 0) {
    database_
        .query("INSERT INTO segment(name, offset, ended) VALUES(?, ?, ?)", mark.name, offset,
               mark.ended)
        .run();
    segment.number = database_.last_row();
  } else {
    database_
        .query("UPDATE segment SET offset = max(offset, ?), ended = max(ended, ?) WHERE number = ?",
               offset, mark.ended, segment.number)
        .run();
  }
  return segment;
}

void ImportTransaction::take(const ImportBatch& batch) {
  for (const SegmentMark& mark : batch.segments) {
    segments_.push_back(open_segment(mark));
    if (mark.gone) ++sums_["vanished"];
  }
  for (const ImportFrame& frame : batch.frames) {
    if (database_.failed()) return;
    const Segment& segment = segments_[frame.segment];
    if (frame.offset < segment.offset) continue;
    SegmentSums& sums = segment_sums_[segment.number];
    ++sums.frames;
    sums.last_us = std::max(sums.last_us, frame.even_us);
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
  while (const auto* held = memory_.held.first_accepted_before(frame.even_us - kHoldUs)) {
    release_up_to(HeldEvent(*held));
    if (database_.failed()) return;
  }
  if (is_written_again(frame) || is_duplicate(frame)) return;
  const CallStep& step = frame.head->step;
  const bool is_of_call = step.kind != CallStep::Kind::kUnordered && frame.head->call;
  bool is_late = false;
  if (is_of_call) {
    const std::string& call = *frame.head->call;
    const CallProgress& progress = progress_of(call);
    // What a lost store had given to the sinks already needs no waiting.
    const bool is_old = memory_.prior != nullptr && !memory_.prior->empty();
    if (!is_old && (progress.is_ahead(step) || follows_held(call, step, progress))) {
      return hold(frame, batch.now);
    }
    if (progress.begins_again(step)) release_call(call);
    CallProgress& now = progress_of(call);
    is_late = now.is_late(step);
    now.add(step);
  }
  number({*frame.head, frame.accepted_us, frame.even_us,
          static_cast<std::uint32_t>(segments_[frame.segment].number),
          static_cast<std::uint32_t>(frame.offset), is_late, frame.old_seq, &frame});
  for (const WebhookKey& key : frame.keys) {
    memory_.keys.add(KeyKind::kDuplicate, hash_of(key), entries_.back().seq);
  }
  if (is_of_call) release_satisfied(lane_of_call(*frame.head->call));
}

std::optional<LogEntry> ImportTransaction::entry_of(std::uint64_t seq) {
  const auto found = std::find_if(entries_.rbegin(), entries_.rend(),
                                  [seq](const LogEntry& entry) { return entry.seq == seq; });
  return found == entries_.rend() ? log_.find(seq) : std::optional(*found);
}

CallProgress& ImportTransaction::progress_of(const std::string& call) {
  return memory_.progress_of(database_, call, [this](std::uint64_t seq) { return entry_of(seq); });
}

// What could not be synced in one segment goes to the next one, and may be whole in both.
bool ImportTransaction::is_written_again(const ImportFrame& frame) {
  const std::string& id = frame.head->id;
  const HeldEvent* const held = memory_.held.with_id(id);
  bool is_known = held != nullptr;
  if (is_known) {
    move_if_cut(*held, frame);
  } else {
    for (const std::uint64_t seq : memory_.keys.find(database_, KeyKind::kId, hash_of_id(id))) {
      const std::optional<LogEntry> entry = entry_of(seq);
      if (!entry || entry->id() != id) continue;
      is_known = true;
      move_if_cut(*entry, frame);
    }
  }
  if (!is_known) return false;
  ++sums_["duplicates"];
  report_.duplicates.push_back({id, id});
  return true;
}

void ImportTransaction::move_if_cut(const HeldEvent& held, const ImportFrame& frame) {
  if (memory_.read_frame(database_, held.segment, held.offset)) return;
  const std::int64_t segment = segments_[frame.segment].number;
  const auto offset = static_cast<std::uint32_t>(frame.offset);
  database_
      .query("UPDATE held SET segment = ?, offset = ? WHERE number = ?", segment,
             static_cast<std::int64_t>(offset), held.number)
      .run();
  memory_.held.move(held.number, static_cast<std::uint32_t>(segment), offset);
}

// Whoever could not sync a frame cuts it off where it stood first, and only this one is there.
void ImportTransaction::move_if_cut(const LogEntry& entry, const ImportFrame& frame) {
  if (memory_.read_frame(database_, entry.segment, entry.offset)) return;
  const auto segment = static_cast<std::uint32_t>(segments_[frame.segment].number);
  const auto offset = static_cast<std::uint32_t>(frame.offset);
  --segment_sums_[entry.segment].events;
  SegmentSums& sums = segment_sums_[segment];
  ++sums.events;
  sums.last_seq = std::max(sums.last_seq, entry.seq);
  const auto pending = std::ranges::find(entries_, entry.seq, &LogEntry::seq);
  if (pending != entries_.end()) {
    pending->segment = segment;
    pending->offset = offset;
    return;
  }
  log_.move(entry.seq, segment, offset);
  database_
      .query(
          "UPDATE delivery SET segment = ? WHERE (sink, seq) IN (SELECT sink, seq FROM delivery "
          "INDEXED BY delivery_event WHERE seq = ?)",
          static_cast<std::int64_t>(segment), entry.seq)
      .run();
}

// The id of the event that has this key, which `frame` is a duplicate of. Only what a flow sends,
// which has no nonce, may be another one later.
std::optional<std::string> ImportTransaction::first_with(const WebhookKey& key,
                                                         const ImportFrame& frame) {
  if (const HeldEvent* const held = memory_.held.with_key(key)) return held->head.id;
  const std::vector<std::uint64_t> known =
      memory_.keys.find(database_, KeyKind::kDuplicate, hash_of(key));
  if (known.empty()) return std::nullopt;
  const std::optional<LogEntry> first = entry_of(known.back());
  if (frame.of_flow && (!first || is_another_time(frame.even_us, first->even_us))) {
    return std::nullopt;
  }
  if (first) return std::string(first->id());
  return "number " + std::to_string(known.back()) + ", which is forgotten";
}

// Remembers the keys that are new as those of the first event.
bool ImportTransaction::is_duplicate(const ImportFrame& frame) {
  std::optional<std::string> first_id;
  std::vector<const WebhookKey*> others;
  const WebhookKey* shared = nullptr;
  for (const WebhookKey& key : frame.keys) {
    const std::optional<std::string> id = first_with(key, frame);
    if (!id) {
      others.push_back(&key);
    } else if (!first_id) {
      first_id = id;
      shared = &key;
    }
  }
  if (!first_id) return false;
  const HeldEvent* const held = memory_.held.with_key(*shared);
  for (const WebhookKey* const key : others) {
    if (held != nullptr) {
      memory_.held.add_key(held->number, *key);
    } else {
      const auto known = memory_.keys.find(database_, KeyKind::kDuplicate, hash_of(*shared));
      memory_.keys.add(KeyKind::kDuplicate, hash_of(*key), known.back());
    }
  }
  ++sums_["duplicates"];
  report_.duplicates.push_back({frame.head->id, *first_id, frame.of_flow});
  return true;
}

// Whether an event that is held comes before `step`, which must not overtake it.
bool ImportTransaction::follows_held(const std::string& call, const CallStep& step,
                                     const CallProgress& progress) const {
  if (memory_.held.empty() || progress.is_late(step)) return false;
  return std::ranges::any_of(memory_.held.of_lane(lane_of_call(call)), [&](std::uint64_t number) {
    const EventHead& held = memory_.held.at(number).head;
    return held.call == call && place_of(held.step) < place_of(step);
  });
}

// It gets its row when the transaction ends: most are let go before.
void ImportTransaction::hold(const ImportFrame& frame, steady_clock::time_point now) {
  const auto segment = static_cast<std::uint32_t>(segments_[frame.segment].number);
  const std::uint64_t number = memory_.held.next_number();
  memory_.held.hold({number, false, segment, static_cast<std::uint32_t>(frame.offset),
                     lane_of_call(*frame.head->call), *frame.head, frame.keys, frame.accepted_us,
                     frame.even_us, now + kOrderHold});
  newly_held_.push_back(number);
}

void ImportTransaction::write_held() {
  for (const std::uint64_t number : std::exchange(memory_.lost_held, {})) {
    database_.query("DELETE FROM held WHERE number = ?", number).run();
    ++sums_["refused"];
  }
  for (const std::uint64_t number : newly_held_) {
    const auto held = memory_.held.all().find(number);
    if (held == memory_.held.all().end()) continue;
    database_
        .query("INSERT INTO held(number, segment, offset, accepted_us) VALUES(?, ?, ?, ?)", number,
               static_cast<std::int64_t>(held->second.segment),
               static_cast<std::int64_t>(held->second.offset), held->second.accepted_us)
        .run();
    memory_.held.note_written(number);
  }
}

// The event gets its number and goes to the sinks.
const LogEntry& ImportTransaction::number(const Accepted& accepted) {
  const bool has_number = accepted.old_seq != 0 && !entry_of(accepted.old_seq);
  LogEntry entry;
  entry.seq = has_number ? accepted.old_seq : ++memory_.last_seq;
  memory_.last_seq = std::max(memory_.last_seq, entry.seq);
  entry.accepted_us = accepted.accepted_us;
  entry.even_us = accepted.even_us;
  entry.begun_ms = memory_.age_us / 1000;
  entry.lane = accepted.head.call ? lane_of_call(*accepted.head.call) : 0;
  entry.segment = accepted.segment;
  entry.offset = accepted.offset;
  entry.name = memory_.names.number_of(database_, accepted.head.name);
  entry.late = accepted.late;
  entry.presumed = accepted.even_us < memory_.presumed_before_us;
  entry.set_id(accepted.head.id);
  memory_.keys.add(KeyKind::kId, hash_of_id(accepted.head.id), entry.seq);
  if (entry.lane != 0) {
    memory_.keys.add(KeyKind::kCall, static_cast<std::uint64_t>(entry.lane), entry.seq);
  }
  ++sums_["events"];
  if (accepted.segment != 0) {
    SegmentSums& sums = segment_sums_[accepted.segment];
    ++sums.events;
    sums.last_seq = std::max(sums.last_seq, entry.seq);
    give(entry, accepted.head.name, accepted);
  }
  return entries_.emplace_back(entry);
}

void ImportTransaction::give(const LogEntry& entry, const std::string& name,
                             const Accepted& accepted) {
  ++report_.events;
  for (Recipient& recipient : recipients_) {
    if (wants_event(recipient.sink->config, name)) give_to(recipient, entry, accepted);
  }
}

void ImportTransaction::give_to(Recipient& recipient, const LogEntry& entry,
                                const Accepted& accepted) {
  ImportSink& sink = *recipient.sink;
  SinkProgress& progress = recipient.state.progress;
  if (entry.even_us < sink.from_us) {
    // Where it has begun with later ones, this one must not wait among them.
    recipient.is_changed = recipient.is_changed || sink.has_begun;
    if (sink.has_begun) progress.settle(entry.seq, entry.seq);
    return;
  }
  if (!sink.has_begun) {
    sink.has_begun = recipient.is_changed = true;
    recipient.state.spans.push_back({entry.seq, SinkSpan::kOpen, sink.config.events});
    begin_span(database_, sink.id, recipient.state.spans.back());
  }
  DeliveryRowState row;
  row.begun_ms = entry.begun_ms;
  if (memory_.prior != nullptr && accepted.frame != nullptr) {
    row.state = prior_state(recipient.state.name, *accepted.frame, &row.attempts, &row.error);
  }
  ++recipient.taken;
  const bool was_passed = progress.is_settled(entry.seq);
  if (row.state == DeliveryState::kWaiting && !was_passed) return;
  if (row.state == DeliveryState::kDelivered) {
    ++recipient.delivered;
  } else {
    if (entry.presumed) row.attempts = std::max(row.attempts, 1u);
    insert_delivery_row(database_, sink.id, entry, row);
  }
  progress.settle(entry.seq, entry.seq);
  recipient.is_changed = true;
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
  const std::string segment = segment_name_of(database_, segments_[frame.segment].number);
  if (!memory_.prior->delivered(sink, segment, frame.offset, frame.old_seq)) {
    return DeliveryState::kWaiting;
  }
  *attempts = 1;
  return DeliveryState::kDelivered;
}

void ImportTransaction::take_dead_letter(SinkId sink, const ImportFrame& frame,
                                         const std::string& json, const std::string& reason,
                                         unsigned attempts) {
  ++sums_["from_dead_letters"];
  const LogEntry& entry =
      number({*frame.head, frame.accepted_us, frame.even_us, 0, 0, false, 0, nullptr});
  keep_event(database_, entry, json);
  insert_delivery_row(database_, sink, entry,
                      {DeliveryState::kDead, attempts, 0, 0, entry.begun_ms, reason});
  database_.query("UPDATE sink SET taken = taken + 1 WHERE number = ?", sink).run();
  // It stands among the kept events alone.
  entries_.pop_back();
}

void ImportTransaction::release(steady_clock::time_point now, bool all) {
  // In the order of their numbers, in which they were held.
  while (!memory_.held.empty() && !database_.failed()) {
    const HeldEvent first = memory_.held.all().begin()->second;
    if (!all && first.until > now) return;
    release_up_to(first);
  }
}

void ImportTransaction::release_one(const HeldEvent& held) {
  CallProgress& progress = progress_of(*held.head.call);
  const LogEntry entry = number({held.head, held.accepted_us, held.even_us, held.segment,
                                 held.offset, progress.is_late(held.head.step), 0, nullptr});
  for (const WebhookKey& key : held.keys) {
    memory_.keys.add(KeyKind::kDuplicate, hash_of(key), entry.seq);
  }
  if (held.is_written) database_.query("DELETE FROM held WHERE number = ?", held.number).run();
  progress.add(held.head.step);
  memory_.held.let_go(held.number);
}

// The time of `held` is over: what should precede it and is there goes before it.
void ImportTransaction::release_up_to(const HeldEvent& held) {
  for (const std::uint64_t number : memory_.held.of_lane(held.lane)) {
    const HeldEvent& one = memory_.held.at(number);
    const bool precedes = place_of(one.head.step) <= place_of(held.head.step);
    if (one.head.call == held.head.call && precedes) release_one(HeldEvent(one));
  }
  release_satisfied(held.lane);
}

// All that is held of `call`, in its order.
void ImportTransaction::release_call(const std::string& call) {
  for (const std::uint64_t number : memory_.held.of_lane(lane_of_call(call))) {
    const HeldEvent& one = memory_.held.at(number);
    if (one.head.call == call) release_one(HeldEvent(one));
  }
}

void ImportTransaction::release_satisfied(std::int64_t lane) {
  for (bool released = true; released && !database_.failed();) {
    released = false;
    for (const std::uint64_t number : memory_.held.of_lane(lane)) {
      const HeldEvent& one = memory_.held.at(number);
      const std::string& call = *one.head.call;
      const CallProgress& progress = progress_of(call);
      if (progress.is_ahead(one.head.step) || follows_held(call, one.head.step, progress)) continue;
      release_one(HeldEvent(one));
      released = true;
      break;
    }
  }
}

void ImportTransaction::finish() {
  log_.append(entries_);
  write_held();
  memory_.keys.save(database_, memory_.age_us);
  for (const auto& [number, sums] : segment_sums_) {
    database_
        .query(
            "UPDATE segment SET frames = frames + ?, events = events + ?, "
            "last_seq = max(last_seq, ?), last_us = max(last_us, ?) WHERE number = ?",
            sums.frames, sums.events, sums.last_seq, sums.last_us, number)
        .run();
  }
  for (const auto& [name, value] : sums_) add_to_counter(database_, name.c_str(), value);
  write_counter(database_, "last_seq", static_cast<std::int64_t>(memory_.last_seq));
  for (const Recipient& recipient : recipients_) {
    const SinkId sink = recipient.sink->id;
    if (recipient.taken > 0) {
      database_
          .query("UPDATE sink SET taken = taken + ?, delivered = delivered + ? WHERE number = ?",
                 recipient.taken, recipient.delivered, sink)
          .run();
    }
    if (recipient.is_changed) write_progress(database_, sink, recipient.state.progress);
  }
}

std::vector<SinkState> ImportTransaction::changed_sinks() const {
  std::vector<SinkState> changed;
  for (const Recipient& recipient : recipients_) {
    if (recipient.is_changed) changed.push_back(recipient.state);
  }
  return changed;
}

}  // namespace plivo_dial
