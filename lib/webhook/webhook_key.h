// File: lib/webhook/webhook_key.h
//
// By what a webhook is recognised when it comes a second time: by Plivo's retry, or replayed by
// somebody else (V3 signatures hold a nonce and no time). Use webhook_keys on every accepted
// webhook; remembering the keys is the work of whoever stores the events.
//
//   const WebhookKeys keys = webhook_keys(account, nonce, webhook, parameters);
//   std::vector<WebhookKey> known;
//   if (keys.request) known.push_back(*keys.request);
//   if (keys.occurrence) known.push_back(*keys.occurrence);
//   known.push_back(signed_string_key(account, v3_string_to_sign(url, body, nonce)));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "lib/webhook/webhook.h"

namespace plivo_dial {

using WebhookKey = std::array<std::uint8_t, 32>;  // SHA-256

// A webhook is a duplicate when any of its keys was seen before.
struct WebhookKeys {
  // Over account, endpoint, nonce and the sorted pairs of query and body. Without a nonce the pairs
  // alone tell requests apart; digits have no key then, since they can be pressed twice. Nothing at
  // the endpoint `event` when the request names no call, or by what has not the form of a call's
  // id: two calls that end alike are then told in the same words, and an event twice does less harm
  // than one that is lost.
  std::optional<WebhookKey> request;

  // Of what happens once per leg (call.answer, call.ring, call.hangup, dial.answered,
  // dial.connected, dial.ended, dial.result): over account, endpoint, kind, stage, round and leg
  // (by its number, where it has no id), so that it stays the same over a retry with a fresh nonce,
  // also when the caller leaves in between. Of ends (call.hangup, dial.ended) also over status,
  // cause, durations, times and cost, and of dial.result over status and cause, so that requests
  // that say different things stay two. Of recordings: over what is said of them, where RecordingID
  // or RecordUrl names one. Spellings of a status and the case of an id make no difference. Digits
  // can be dialled again: theirs is over account, endpoint and nonce alone. Nothing for the other
  // kinds (a call may be sent back to its plan often), without a nonce, at the endpoint `event` (a
  // flow reports in its own words), for a malformed stage, and when the leg isn't named.
  std::optional<WebhookKey> occurrence;
};

// `account`: the configured name that the signature matched, "" without one. `nonce`: as received,
// "" without one. `webhook` was read from `parameters`. Throws std::runtime_error only when
// libcrypto itself fails; safe from any thread.
WebhookKeys webhook_keys(std::string_view account, std::string_view nonce, const Webhook& webhook,
                         const RequestParameters& parameters);

// A third key, for a request whose signature matched: over account and the string that was signed
// (signature.h), which holds URL and nonce. Different pairs can make one string, as "a=bc" and
// "ab=c" do in V3, and V2 signs none of them: however somebody who captured a request changes it
// within that, it stays the same request. Throws and is safe as webhook_keys.
WebhookKey signed_string_key(std::string_view account, std::string_view signed_string);

}  // namespace plivo_dial
