// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/event_queue.h"

#include <algorithm>

namespace plivo_dial {

void EventQueue::add(std::vector<QueuedEvent> events) {
  if (events.empty()) return;
  const std::lock_guard<std::mutex> guard(mutex_);
  const auto by_seq = [](const QueuedEvent& a, const QueuedEvent& b) { return a.seq < b.seq; };
  const bool in_order = std::is_sorted(events.begin(), events.end(), by_seq) &&
                        (events_.empty() || events_.back().seq < events.front().seq);
  for (QueuedEvent& event : events) events_.push_back(std::move(event));
  if (!in_order) std::sort(events_.begin(), events_.end(), by_seq);
  changed_.notify_all();
}

std::deque<QueuedEvent>::const_iterator EventQueue::behind(std::uint64_t seq) const {
  return std::upper_bound(events_.begin(), events_.end(), seq,
                          [](std::uint64_t a, const QueuedEvent& b) { return a < b.seq; });
}

std::optional<QueuedEvent> EventQueue::next(std::uint64_t seq, std::chrono::milliseconds time,
                                            std::uint64_t seen_wakes) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, time,
                    [&] { return behind(seq) != events_.end() || wakes_ != seen_wakes; });
  const auto found = behind(seq);
  return found == events_.end() ? std::nullopt : std::optional(*found);
}

void EventQueue::wake() {
  const std::lock_guard<std::mutex> guard(mutex_);
  ++wakes_;
  changed_.notify_all();
}

std::uint64_t EventQueue::wakes() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return wakes_;
}

void EventQueue::remove_segment(const std::string& segment) {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::erase_if(events_, [&](const QueuedEvent& event) { return *event.segment == segment; });
}

}  // namespace plivo_dial
