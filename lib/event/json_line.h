// File: lib/event/json_line.h
//
// The event's JSON for a place that takes lines up to a length only, such as syslog. Use
// event/json.h where there is no such limit.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lib/event/event.h"

namespace plivo_dial {

// The shortest `limit` that every event fits into.
inline constexpr std::size_t kMinJsonLine = 6000;

// The object of event/json.h in printable ASCII (others as \uXXXX), at most `limit` bytes, which is
// at least kMinJsonLine. When it is longer it says "truncated":true and names in "left_out" what is
// missing or cut, as `left_out` does then: first params with params_raw; then, until it fits,
// values of more than 200 bytes in the order of fields_left_out_of_json() (event_fields.h), the
// statuses last; at last node, account, endpoint, call, event and id are cut to 200 bytes. Safe
// from any thread.
std::string to_json_line(const Event& event, std::size_t limit,
                         std::vector<std::string>* left_out = nullptr);

}  // namespace plivo_dial
