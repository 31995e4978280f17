// File: lib/webhook/callback_options.h
//
// The options that Plivo reads from the fragment of a URL: timeouts, retries, edge. Use them for
// PlivoCallbackOptions. Source: Plivo docs, voice/concepts/callback-configurations.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

// What callbackUrl and recording URLs carry when nothing is configured: Plivo tries five times
// more, also after a 5xx answer (its own default is one retry, and none after 5xx).
inline constexpr std::string_view kDefaultCallbackFragment = "rc=5&rp=ct,rt,5xx";

// Turns arguments such as "ct=2000" "rp=ct,rt,5xx" into a fragment ("ct=2000&rp=ct,rt,5xx"), in
// the order given. The single argument "none" gives an empty fragment. Fails on unknown keys
// (proposing the nearest), values out of range, unknown words and repeats. Keys and ranges: ct
// 100-10000 ms, rt 100-40000 ms, tt 100-55000 ms, rc 0-5, rp a comma list of 4xx 5xx ct rt all,
// er one of nearest local n_california n_virginia frankfurt singapore mumbai.
Result<std::string> parse_callback_options(std::span<const std::string_view> arguments);

}  // namespace plivo_dial
