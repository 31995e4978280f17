// File: lib/store/call_parties.h
//
// Who called whom: Plivo names From and To in most of a call's requests, but not in those about a
// leg that rings, is answered or ends, so these take them from another event of their call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "lib/store/database.h"

namespace plivo_dial {

// What a list tells of an event beside the store's own columns.
struct Parties {
  std::optional<std::string> from, to;
  std::optional<std::string> status;  // its dial_status, or else its call_status
};

// Looks a call up once. For one thread, and within one read of the store.
class CallParties {
 public:
  explicit CallParties(Database& store) : store_(store) {}

  // Of the event with this body, which is of `call` in `lane` (0: of none). What neither it nor the
  // kept events of its call name is empty, and so is everything of a body that can't be read.
  Parties of(const std::string& body, std::int64_t lane, const std::string& call);

 private:
  const Parties& of_call(std::int64_t lane, const std::string& call);

  Database& store_;
  std::unordered_map<std::string, Parties> calls_;
};

}  // namespace plivo_dial
