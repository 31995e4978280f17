// File: lib/base/timestamp.h
//
// RFC 3339 times in UTC with microseconds, as events carry them. No time zone data, no locale.
//
//   format_timestamp(1'795'166'102'184'467)     -> "2026-11-20T09:15:02.184467Z"
//   parse_timestamp("2026-11-20T09:15:02Z")     -> 1'795'166'102'000'000
//   parse_timestamp("2026-11-20 09:15:02")      -> nothing
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plivo_dial {

// `microseconds` since 1970-01-01 UTC as "2026-11-20T09:15:02.184467Z"; values outside the years
// 1970 to 9999 give the nearest one inside. Safe from any thread.
std::string format_timestamp(std::int64_t microseconds);

// The reverse. The form is that of format_timestamp, with one to six digits of fraction or none;
// anything else, or a date that does not exist, gives nothing. Safe from any thread.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

}  // namespace plivo_dial
