// File: lib/schedule/date_text.h
//
// Dates and local times as the files of schedules write them: 2026-12-24, 2026-12-24T15:00. No time
// zone data, no locale. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plivo_dial {

inline constexpr std::int64_t kSecondsOfDay = 86'400;

// What a wall clock shows, in seconds since it showed 1970-01-01T00:00: no instant until a zone
// tells by how much it differs from UTC.
using WallSeconds = std::int64_t;

// "2026-12-24", of the years 1970 to 9999; nothing for all else, or a day that does not exist.
std::optional<std::chrono::year_month_day> parse_date(std::string_view text);

// "2026-12-24T15:00", or with a blank in place of the T; 24:00 is the next midnight.
std::optional<WallSeconds> parse_wall_time(std::string_view text);

// The time that somebody asks for: by the clocks on the wall, "2026-12-24T15:00", or of UTC,
// "2026-12-24T15:00Z".
struct AskedTime {
  std::int64_t seconds = 0;  // since 1970-01-01T00:00 on the wall, or in UTC
  bool is_utc = false;
};
std::optional<AskedTime> parse_asked_time(std::string_view text);

// "2026-12-24T15:00", or "2026-12-24T15:00:07" where it is no whole minute.
std::string wall_time_text(WallSeconds wall);

// "2026-12-24".
std::string date_text(std::chrono::year_month_day date);

}  // namespace plivo_dial
