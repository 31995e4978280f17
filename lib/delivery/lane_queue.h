// File: lib/delivery/lane_queue.h
//
// The events of one sink that are in memory, in lanes: one after the other inside a lane, lanes
// beside each other, the lane with the oldest event first. Bounded, so that a long backlog costs
// no memory: what does not fit stays in the store, where DeliverySchedule finds it again.
//
// With events 1 and 3 of lane 7, and 2 of lane 8:
//
//   queue.take(now_ms)->seq     -> 1
//   queue.take(now_ms)->seq     -> 2
//   queue.take(now_ms)          -> nothing: both lanes are busy
//   queue.handed_over(7);
//   queue.take(now_ms)->seq     -> 3
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/books/event_store.h"

namespace plivo_dial {

// Not thread-safe.
class LaneQueue {
 public:
  static constexpr std::size_t kEvents = 1024;  // in memory, but for the last page
  static constexpr std::size_t kEventsOfLane = 64;

  // Whether it is time to look for more events, and whether more may be added.
  bool wants_more() const { return ready_.empty() || size_ < kEvents / 2; }
  bool has_room() const { return size_ < kEvents; }
  bool has_lane(std::int64_t lane) const { return lanes_.count(lane) > 0; }

  // Takes an event in that waits in the store, unless it is in already, does not fit into its lane,
  // or an earlier one of its lane waits in the store for its time.
  void add(const WaitingEvent& event);

  // Takes a lane in that is not in memory, with its first events; `complete` when the store has no
  // more of it.
  void add_lane(std::int64_t lane, const std::vector<WaitingEvent>& events, bool complete);

  // Hands out the oldest event whose lane is free and whose time has come; its lane is busy until
  // one of the calls below.
  std::optional<WaitingEvent> take(std::int64_t now_ms);

  // When the next one's time comes of those that wait in memory.
  std::optional<std::int64_t> next_time() const;

  // The event that was taken is through; its lane goes on. The lane stays known until recorded().
  void handed_over(std::int64_t lane);

  // That this event is through is in the store now. True when the store may have more of its lane:
  // add_lane() it.
  bool recorded(const WaitingEvent& event);

  // The event that was taken goes back to its place.
  void put_back(std::int64_t lane);

  // An event that was handed over goes back, since it turned out that it was lost on the way; as
  // one that is taken when `busy`.
  void take_back(const WaitingEvent& event, bool busy);

  // The event that was taken waits for its time, next_ms; the store knows when `in_store`, so that
  // its lane can be forgotten until then.
  void delay(const WaitingEvent& event, bool in_store);

 private:
  struct Lane {
    std::deque<WaitingEvent> events;     // by seq
    bool busy = false;                   // the first one was taken
    bool complete = true;                // the store has no more that should be here
    std::set<std::uint64_t> unrecorded;  // handed over, and the store does not know
  };
  using Lanes = std::unordered_map<std::int64_t, Lane>;

  void insert(Lane& lane, const WaitingEvent& event);
  void make_ready(std::int64_t number, const Lane& lane);
  void make_unready(std::int64_t number, const Lane& lane);

  Lanes lanes_;
  std::set<std::pair<std::uint64_t, std::int64_t>> ready_;   // first event, lane
  std::set<std::pair<std::int64_t, std::int64_t>> delayed_;  // time, lane
  std::size_t size_ = 0;
};

}  // namespace plivo_dial
