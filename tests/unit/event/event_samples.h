// File: tests/unit/event/event_samples.h
//
// Requests and events that the tests of lib/event share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/event/event.h"
#include "lib/event/make_event.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial::event_samples {

inline constexpr std::string_view kId = "01k9x4mq2rabcdefghjkmnpqrs";
inline constexpr std::int64_t kReceived = 1'763'630'102'184'467;  // 2025-11-20T09:15:02.184467Z

// The event of a POST with this query and body, received at `endpoint`.
Event event_of(Endpoint endpoint, std::string_view query, std::string_view body);

// An event with every field set, as no single webhook would have it.
Event full_event();

// Values that attackers and broken networks send: quotes, keys, line ends, control bytes, broken
// UTF-8, NUL.
std::vector<std::string> hostile_values();

// Whether both events say the same, field by field; a failure names the field.
void expect_same(const Event& left, const Event& right);

}  // namespace plivo_dial::event_samples
