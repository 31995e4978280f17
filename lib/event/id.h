// File: lib/event/id.h
//
// The id of an event: unique over all servers without asking anybody, and sortable by the time at
// which it was made. Use it once for each accepted webhook; retries and replays keep the id.
//
//   make_event_id(1'795'166'102'184'467)        -> "01m7w3srn8", and 16 more of random bits
//   is_event_id("01m7w3srn854ssqv6fe8sy2yjk")   -> true
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace plivo_dial {

inline constexpr std::size_t kEventIdLength = 26;

// A new id: 48 bits of milliseconds since 1970 (`received_us` is in microseconds, UTC), then 80
// random bits of the kernel's, in lower-case Crockford base32 (no i, l, o, u). Ids of later
// milliseconds compare greater, byte by byte. Throws std::runtime_error when the kernel has no
// randomness to give, which no supported kernel does. Safe from any thread and after fork().
std::string make_event_id(std::int64_t received_us);

// The id of these very bits. Of `milliseconds` the low 48 bits count. Pure.
std::string encode_event_id(std::uint64_t milliseconds, const std::array<std::uint8_t, 10>& random);

// Whether `text` has the form of an id: 26 characters of [0-9a-z]. Ids that pass are safe as file
// names, header values and arguments.
bool is_event_id(std::string_view text);

}  // namespace plivo_dial
