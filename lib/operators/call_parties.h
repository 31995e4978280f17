// File: lib/operators/call_parties.h
//
// Who called whom: Plivo names From and To in most of a call's requests, but not in those about a
// leg that rings, is answered or ends, so these take them from another event of their call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "lib/event/event.h"

namespace plivo_dial {

// What a list tells of an event beside the store's own columns.
struct Parties {
  std::optional<std::string> from, to;
  std::optional<std::string> status;  // its dial_status, or else its call_status
};

// Looks a call up once. For one thread.
class CallParties {
 public:
  // The kept events of a call, in their order; or of several whose lane is the same.
  using EventsOfLane = std::function<std::vector<Event>(std::int64_t lane)>;

  explicit CallParties(EventsOfLane events_of) : events_of_(std::move(events_of)) {}

  // Of an event in `lane` (0: of no call). What neither it nor the kept events of its call name is
  // empty.
  Parties of(const Event& event, std::int64_t lane);

 private:
  const Parties& of_call(std::int64_t lane, const std::string& call);

  const EventsOfLane events_of_;
  std::unordered_map<std::string, Parties> calls_;
};

}  // namespace plivo_dial
