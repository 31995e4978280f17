// SPDX-License-Identifier: Apache-2.0
#include "lib/store/call_parties.h"

#include <utility>

#include "lib/event/json.h"

namespace plivo_dial {
namespace {

// Bounds the memory of a list that goes through all calls of a day.
constexpr std::size_t kMostCalls = 10'000;

Parties named_in(const std::string& body) {
  Result<Event> event = event_from_json(body);
  if (!event) return {};
  return {std::move(event->from), std::move(event->to),
          event->dial_status ? std::move(event->dial_status) : std::move(event->call_status)};
}

}  // namespace

Parties CallParties::of(const std::string& body, std::int64_t lane, const std::string& call) {
  Parties parties = named_in(body);
  if ((parties.from && parties.to) || lane == 0 || call.empty()) return parties;
  const Parties& others = of_call(lane, call);
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
  Query bodies = store_.query(
      "SELECT body FROM event WHERE lane = ? AND lane <> 0 AND call = ? ORDER BY seq", lane, call);
  while (bodies.next()) {
    Parties named = named_in(bodies.text(0));
    if (!named.from || !named.to) continue;
    found = std::move(named);
    break;
  }
  return found;
}

}  // namespace plivo_dial
