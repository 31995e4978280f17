// SPDX-License-Identifier: Apache-2.0
#include "lib/books/former_sink.h"

#include <algorithm>

#include "lib/store/byte_order.h"

namespace plivo_dial {
namespace {

// Of more, one behind the other, a gap in the sink's progress or between its spans is made; fewer
// get rows.
constexpr std::size_t kFewEvents = 128;

bool needs_no_row(const DeliveryRowState& row) {
  return row.state == DeliveryState::kDelivered && row.attempts <= 1 && row.error.empty();
}

}  // namespace

bool is_plain(const DeliveryRowState& row) {
  return row.state == DeliveryState::kWaiting && row.attempts <= 1 && row.failures == 0 &&
         row.next_ms == 0 && row.error.empty();
}

bool FormerSink::takes(const std::string& name) const {
  return row_.events.empty() || std::ranges::find(row_.events, name) != row_.events.end();
}

void FormerSink::count(DeliveryState state) {
  waiting_ += state == DeliveryState::kWaiting ? 1 : 0;
  delivered_ += state == DeliveryState::kDelivered ? 1 : 0;
  dead_ += state == DeliveryState::kDead ? 1 : 0;
}

void FormerSink::add(const LogEntry& entry, const std::string& name,
                     const std::optional<DeliveryRowState>& row) {
  const bool is_of_span = entry.segment != 0 && takes(name);
  if (!row) {
    if (is_of_span && in_span_) note_missing(entry);
    return;
  }
  count(row->state);
  if (is_of_span) go_on_with_span(entry.seq);
  const bool is_as_its_block =
      row->attempts == (entry.presumed ? 1u : 0u) && row->begun_ms <= entry.begun_ms;
  if (is_of_span && is_plain(*row) && is_as_its_block) return wait_in_log(entry);
  settle(entry.seq);
  if (is_of_span && needs_no_row(*row)) return;
  insert_delivery_row(database_, row_.number, entry, *row);
}

// An operator removed its dead letter, or the sink was not configured for a while.
void FormerSink::note_missing(const LogEntry& entry) {
  missing_.push_back(entry);
  if (missing_.size() < kFewEvents) return;
  begin_span(database_, row_.number, span_);
  in_span_ = false;
  missing_.clear();
}

void FormerSink::go_on_with_span(std::uint64_t seq) {
  if (!in_span_) span_ = {seq, seq, row_.events};
  in_span_ = true;
  span_.last = seq;
  DeliveryRowState dropped;
  dropped.state = static_cast<DeliveryState>(kDroppedState);
  for (const LogEntry& entry : missing_) {
    settle(entry.seq);
    insert_delivery_row(database_, row_.number, entry, dropped);
  }
  missing_.clear();
}

void FormerSink::wait_in_log(const LogEntry& entry) {
  end_of_run_ = entry.seq;
  if (run_.size() <= kFewEvents) run_.push_back(entry);
}

// Everything up to this number, but for a long run of what waits.
void FormerSink::settle(std::uint64_t seq) {
  if (run_.size() > kFewEvents) {
    progress_.settle(settled_up_to_ + 1, run_.front().seq - 1);
    settled_up_to_ = end_of_run_;
  } else {
    for (const LogEntry& entry : run_) {
      DeliveryRowState row;
      row.attempts = entry.presumed ? 1 : 0;
      row.begun_ms = entry.begun_ms;
      insert_delivery_row(database_, row_.number, entry, row);
    }
  }
  run_.clear();
  end_of_run_ = 0;
  progress_.settle(settled_up_to_ + 1, seq);
  settled_up_to_ = std::max(settled_up_to_, seq);
}

void FormerSink::finish(std::uint64_t last_seq) {
  if (row_.configured && in_span_) go_on_with_span(span_.last);
  if (row_.configured) {
    if (!in_span_) span_ = {last_seq + 1, SinkSpan::kOpen, row_.events};
    span_.last = SinkSpan::kOpen;
  }
  if (row_.configured || in_span_) begin_span(database_, row_.number, span_);
  if (run_.empty()) {
    settle(last_seq);
  } else {
    progress_.settle(settled_up_to_ + 1, run_.front().seq - 1);
  }
  const std::string progress = progress_.encode();
  database_
      .query("UPDATE sink SET progress = ?, taken = ?, delivered = ?, dropped = ? WHERE number = ?",
             bytes_of(progress), waiting_ + delivered_ + row_.forgotten + dead_ + row_.dropped,
             delivered_ + row_.forgotten, row_.dropped, row_.number)
      .run();
}

}  // namespace plivo_dial
