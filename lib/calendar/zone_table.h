// File: lib/calendar/zone_table.h
//
// What the clocks of a zone show over a period, from the time zone database of this machine (of the
// package tzdata), through Howard Hinnant's date library. The database is read when it is first
// needed, and kept: a process that lives on sees no update of tzdata.
//
//   const Result<ZoneOffsets> london = zone_table("Europe/London", from, until);
//   instant_of(*london, wall, WallMeaning::kOpening)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/schedule/zone_offsets.h"

namespace plivo_dial {

using ZoneOffsets = std::vector<OffsetChange>;

// The offsets of the zone with the IANA name `name`, of old names too, from `from` to `until`;
// never empty. An unknown name is refused with the nearest one, and one of Windows with what it is
// called elsewhere. Takes the files' word for it up to 2037, the last year they cover. Safe from
// any thread.
Result<ZoneOffsets> zone_table(std::string_view name, Instant from, Instant until);

// Whether there is such a zone.
bool is_zone(std::string_view name);

}  // namespace plivo_dial
