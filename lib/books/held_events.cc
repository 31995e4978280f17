// SPDX-License-Identifier: Apache-2.0
#include "lib/books/held_events.h"

#include <algorithm>

namespace plivo_dial {

void HeldEvents::clear() {
  const std::uint64_t last = last_number_;
  *this = HeldEvents();
  last_number_ = last;
}

void HeldEvents::note_number(std::uint64_t number) {
  last_number_ = std::max(last_number_, number);
}

void HeldEvents::hold(HeldEvent event) {
  note_number(event.number);
  by_time_.emplace(event.even_us, event.number);
  by_lane_.emplace(event.lane, event.number);
  by_id_.emplace(event.head.id, event.number);
  for (const WebhookKey& key : event.keys) by_key_.emplace(key, event.number);
  by_number_.emplace(event.number, std::move(event));
}

void HeldEvents::let_go(std::uint64_t number) {
  const auto found = by_number_.find(number);
  if (found == by_number_.end()) return;
  const HeldEvent& event = found->second;
  by_time_.erase({event.even_us, number});
  by_lane_.erase({event.lane, number});
  by_id_.erase(event.head.id);
  for (const WebhookKey& key : event.keys) by_key_.erase(key);
  by_number_.erase(found);
}

std::vector<std::uint64_t> HeldEvents::of_lane(std::int64_t lane) const {
  std::vector<std::uint64_t> numbers;
  for (auto at = by_lane_.lower_bound({lane, 0}); at != by_lane_.end() && at->first == lane; ++at) {
    numbers.push_back(at->second);
  }
  std::ranges::stable_sort(numbers, {},
                           [this](std::uint64_t number) { return place_of(at(number).head.step); });
  return numbers;
}

const HeldEvent* HeldEvents::first_accepted_before(std::int64_t even_us) const {
  if (by_time_.empty() || by_time_.begin()->first >= even_us) return nullptr;
  return &by_number_.at(by_time_.begin()->second);
}

const HeldEvent* HeldEvents::with_id(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &by_number_.at(found->second);
}

const HeldEvent* HeldEvents::with_key(const WebhookKey& key) const {
  const auto found = by_key_.find(key);
  return found == by_key_.end() ? nullptr : &by_number_.at(found->second);
}

void HeldEvents::move(std::uint64_t number, std::uint32_t segment, std::uint32_t offset) {
  HeldEvent& event = by_number_.at(number);
  event.segment = segment;
  event.offset = offset;
}

void HeldEvents::add_key(std::uint64_t number, const WebhookKey& key) {
  if (by_key_.emplace(key, number).second) by_number_.at(number).keys.push_back(key);
}

}  // namespace plivo_dial
