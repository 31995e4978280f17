// File: lib/plan/call_facts.h
//
// What a document may take from the request that it answers. Plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/plan/when.h"
#include "lib/webhook/request_parameters.h"

namespace plivo_dial {

class Slots;

// What a document may take from the request; views, "" when unknown.
struct CallFacts {
  std::string_view caller;                        // From
  std::string_view called;                        // To
  std::string_view round = {};                    // of round_of
  std::string_view ours = {};                     // the number of the administrator's, To or From
  std::string_view call = {};                     // the id, by which targets are drawn
  const RequestParameters* parameters = nullptr;  // for places in attributes; null: all empty
  const Hours* hours = nullptr;                   // for when=; null: every line holds
  Slots* slots = nullptr;  // of a document that is prepared: notes values of requests (slots.h)
};

}  // namespace plivo_dial
