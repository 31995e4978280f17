// File: lib/webhook/oddities.h
//
// What is unusual about a webhook that is served all the same: for whoever looks for the reason of
// a strange event. Costs time for each pair, so ask only where somebody reads the answer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "lib/webhook/webhook.h"

namespace plivo_dial {

struct Oddity {
  enum class Kind {
    kNotUtf8,      // name or value; the event shows U+FFFD and keeps the bytes in params_raw
    kRepeated,     // the name comes more than once; the event keeps all values
    kNotANumber,   // a parameter that Plivo sends as a number; the event's field is null
    kUnknownKind,  // the request at an endpoint of Plivo's reports nothing that is known here
  };
  Kind kind;
  std::string_view name;  // of the parameter, a view into it; "" for kUnknownKind
};

// In the order of the pairs, the query's before the body's, each name and kind once. Pure.
std::vector<Oddity> oddities_of(const Webhook& webhook, const RequestParameters& parameters);

}  // namespace plivo_dial
