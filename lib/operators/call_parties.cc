// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/call_parties.h"

namespace plivo_dial {
namespace {

// Bounds the memory of a list that goes through all calls of a day.
constexpr std::size_t kMostCalls = 10'000;

Parties named_in(const Event& event) {
  return {event.from, event.to, event.dial_status ? event.dial_status : event.call_status};
}

}  // namespace

Parties CallParties::of(const Event& event, std::int64_t lane) {
  Parties parties = named_in(event);
  if ((parties.from && parties.to) || lane == 0 || !event.call) return parties;
  const Parties& others = of_call(lane, *event.call);
  if (!parties.from) parties.from = others.from;
  if (!parties.to) parties.to = others.to;
  return parties;
}

// The first that names both: a later one, of a leg's hangup say, may name that leg's ends.
const Parties& CallParties::of_call(std::int64_t lane, const std::string& call) {
  const auto known = calls_.find(call);
  if (known != calls_.end()) return known->second;
  if (calls_.size() >= kMostCalls) calls_.clear();
  Parties& found = calls_[call];
  for (const Event& event : events_of_(lane)) {
    if (event.call != call || !event.from || !event.to) continue;
    found = named_in(event);
    break;
  }
  return found;
}

}  // namespace plivo_dial
