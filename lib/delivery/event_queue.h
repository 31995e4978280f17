// File: lib/delivery/event_queue.h
//
// The events that are in the spool, in the order of their numbers: where each stands, not what it
// says, so that a long backlog takes little memory. The importer fills it, each sink's thread walks
// over it at its own pace.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace plivo_dial {

struct QueuedEvent {
  std::uint64_t seq = 0;
  std::shared_ptr<const std::string> segment;  // its name; shared by the segment's events
  std::size_t offset = 0;                      // of the frame
};

// Thread-safe.
class EventQueue {
 public:
  // Takes events in, in any order.
  void add(std::vector<QueuedEvent> events);

  // The first event behind number `seq`, or nothing when none came in the time, or when wake() was
  // called since wakes() gave `seen_wakes`.
  std::optional<QueuedEvent> next(std::uint64_t seq, std::chrono::milliseconds time,
                                  std::uint64_t seen_wakes);

  // Ends the waiting of all in next().
  void wake();
  std::uint64_t wakes() const;

  // Drops the events of a segment that is removed.
  void remove_segment(const std::string& segment);

 private:
  std::deque<QueuedEvent>::const_iterator behind(std::uint64_t seq) const;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t wakes_ = 0;
  std::deque<QueuedEvent> events_;  // by seq
};

}  // namespace plivo_dial
