// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/lane_queue.h"

#include <algorithm>

namespace plivo_dial {

// A free lane stands in exactly one of ready_ and delayed_, by its first event.
void LaneQueue::make_ready(std::int64_t number, const Lane& lane) {
  if (lane.busy || lane.events.empty()) return;
  const WaitingEvent& first = lane.events.front();
  if (first.next_ms > 0) {
    delayed_.emplace(first.next_ms, number);
  } else {
    ready_.emplace(first.seq, number);
  }
}

void LaneQueue::make_unready(std::int64_t number, const Lane& lane) {
  if (lane.busy || lane.events.empty()) return;
  ready_.erase({lane.events.front().seq, number});
  delayed_.erase({lane.events.front().next_ms, number});
}

void LaneQueue::insert(Lane& lane, const WaitingEvent& event) {
  if (lane.unrecorded.count(event.seq) > 0) return;
  const auto by_seq = [](const WaitingEvent& a, std::uint64_t seq) { return a.seq < seq; };
  // One that an operator sends again must not push away what is being handed over.
  const bool has_one_in_hand = lane.busy && !lane.events.empty();
  if (has_one_in_hand && lane.events.front().seq == event.seq) return;
  const auto begin = lane.events.begin() + (has_one_in_hand ? 1 : 0);
  const auto place = std::lower_bound(begin, lane.events.end(), event.seq, by_seq);
  if (place != lane.events.end() && place->seq == event.seq) return;
  lane.events.insert(place, event);
  ++size_;
}

void LaneQueue::add(const WaitingEvent& event) {
  const auto found = lanes_.find(event.lane);
  if (found == lanes_.end()) {
    if (event.lane_head != event.seq) return;
    Lane& lane = lanes_[event.lane];
    insert(lane, event);
    make_ready(event.lane, lane);
    return;
  }
  Lane& lane = found->second;
  if (!lane.complete) return;
  if (lane.events.size() >= kEventsOfLane) {
    lane.complete = false;
    return;
  }
  make_unready(event.lane, lane);
  insert(lane, event);
  make_ready(event.lane, lane);
}

void LaneQueue::add_lane(std::int64_t number, const std::vector<WaitingEvent>& events,
                         bool complete) {
  if (events.empty()) {
    lanes_.erase(number);
    return;
  }
  Lane& lane = lanes_[number];
  make_unready(number, lane);
  for (const WaitingEvent& event : events) insert(lane, event);
  lane.complete = complete;
  make_ready(number, lane);
}

std::optional<WaitingEvent> LaneQueue::take(std::int64_t now_ms) {
  while (!delayed_.empty() && delayed_.begin()->first <= now_ms) {
    const std::int64_t number = delayed_.begin()->second;
    delayed_.erase(delayed_.begin());
    Lane& lane = lanes_.at(number);
    lane.events.front().next_ms = 0;
    make_ready(number, lane);
  }
  if (ready_.empty()) return std::nullopt;
  const std::int64_t number = ready_.begin()->second;
  ready_.erase(ready_.begin());
  Lane& lane = lanes_.at(number);
  lane.busy = true;
  return lane.events.front();
}

std::optional<std::int64_t> LaneQueue::next_time() const {
  if (delayed_.empty()) return std::nullopt;
  return delayed_.begin()->first;
}

void LaneQueue::handed_over(std::int64_t number) {
  Lane& lane = lanes_.at(number);
  lane.unrecorded.insert(lane.events.front().seq);
  lane.events.pop_front();
  --size_;
  lane.busy = false;
  make_ready(number, lane);
}

bool LaneQueue::recorded(const WaitingEvent& event) {
  Lane& lane = lanes_.at(event.lane);
  lane.unrecorded.erase(event.seq);
  if (!lane.events.empty() || !lane.unrecorded.empty()) return false;
  const bool complete = lane.complete;
  if (complete) lanes_.erase(event.lane);
  return !complete;
}

void LaneQueue::put_back(std::int64_t number) {
  Lane& lane = lanes_.at(number);
  lane.busy = false;
  make_ready(number, lane);
}

void LaneQueue::take_back(const WaitingEvent& event, bool busy) {
  Lane& lane = lanes_.at(event.lane);
  lane.unrecorded.erase(event.seq);
  make_unready(event.lane, lane);
  insert(lane, event);
  lane.busy = lane.busy || busy;
  make_ready(event.lane, lane);
}

void LaneQueue::delay(const WaitingEvent& event, bool in_store) {
  const auto found = lanes_.find(event.lane);
  Lane& lane = found->second;
  // What was handed over before and is not recorded must not be found again as waiting.
  if (in_store && lane.unrecorded.empty()) {
    size_ -= lane.events.size();
    lanes_.erase(found);
    return;
  }
  lane.busy = false;
  lane.events.front() = event;
  make_ready(event.lane, lane);
}

}  // namespace plivo_dial
