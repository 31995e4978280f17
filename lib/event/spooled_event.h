// File: lib/event/spooled_event.h
//
// What the payload of a spool frame holds: the keys by which a webhook is recognised when it comes
// a second time, and the event. Written by whoever accepts a webhook, read by the dispatcher.
//
//   <64 hex digits>[ <64 hex digits>[ <64 hex digits>]]<line feed>{"v":1,...}
//
// It is text, so that no payload can hold what looks like a frame. A payload that begins with '{'
// is an event without keys, as versions before the keys wrote it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/webhook/webhook_key.h"

namespace plivo_dial {

inline constexpr std::size_t kMaxEventKeys = 3;

struct SpooledEvent {
  std::vector<WebhookKey> keys;  // at most kMaxEventKeys; none: nothing is known as its duplicate
  std::string_view json;         // of event/json.h; a view into the payload
};

// The payload for an event. Of `keys` the first kMaxEventKeys count. `json` is what to_json gives.
// Safe from any thread.
std::string encode_spooled_event(std::span<const WebhookKey> keys, std::string_view json);

// The JSON in what encode_spooled_event wrote, for who does not ask for the keys; "" where there is
// none. A view into the payload. Safe from any thread.
std::string_view json_of_spooled_event(std::string_view payload);

// Reads what encode_spooled_event wrote; does not look into the JSON. The error says what is wrong
// and quotes nothing of the payload. Safe from any thread.
Result<SpooledEvent> parse_spooled_event(std::string_view payload);

}  // namespace plivo_dial
