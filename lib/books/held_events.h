// File: lib/books/held_events.h
//
// The events that wait some hundred milliseconds for an earlier one of their call. The table `held`
// says where they stand, so that they outlive a restart; what is asked of them at each import is in
// memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/books/call_progress.h"
#include "lib/books/import_batch.h"

namespace plivo_dial {

struct HeldEvent {
  std::uint64_t number = 0;  // in the table, as soon as it is written there
  bool is_written = false;
  std::uint32_t segment = 0;
  std::uint32_t offset = 0;
  std::int64_t lane = 0;
  EventHead head;
  std::vector<WebhookKey> keys;
  std::int64_t accepted_us = 0;
  std::int64_t even_us = 0;
  std::chrono::steady_clock::time_point until;
};

// Not thread-safe.
class HeldEvents {
 public:
  void clear();
  void hold(HeldEvent event);
  void let_go(std::uint64_t number);

  bool empty() const { return by_number_.empty(); }

  // In the order in which they were held.
  const std::map<std::uint64_t, HeldEvent>& all() const { return by_number_; }

  // The numbers of those of a lane in the order of their calls; equals as they were held.
  std::vector<std::uint64_t> of_lane(std::int64_t lane) const;
  const HeldEvent& at(std::uint64_t number) const { return by_number_.at(number); }

  // The one that was accepted first, if that is before `even_us`; else null.
  const HeldEvent* first_accepted_before(std::int64_t even_us) const;

  // The one with this id, or with one of its keys; else null.
  const HeldEvent* with_id(const std::string& id) const;
  const HeldEvent* with_key(const WebhookKey& key) const;

  // It stands in the table from now on.
  void note_written(std::uint64_t number) { by_number_.at(number).is_written = true; }

  // The next number: they rise.
  std::uint64_t next_number() { return ++last_number_; }
  void note_number(std::uint64_t number);  // is in use

  // Its frame stands elsewhere now.
  void move(std::uint64_t number, std::uint32_t segment, std::uint32_t offset);

  // A duplicate of it has brought another key.
  void add_key(std::uint64_t number, const WebhookKey& key);

 private:
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, HeldEvent> by_number_;
  std::set<std::pair<std::int64_t, std::uint64_t>> by_time_;
  std::set<std::pair<std::int64_t, std::uint64_t>> by_lane_;
  std::unordered_map<std::string, std::uint64_t> by_id_;
  std::map<WebhookKey, std::uint64_t> by_key_;
};

}  // namespace plivo_dial
