// File: lib/calendar/recurrence.h
//
// When a rule of a calendar (RRULE of RFC 5545, 3.3.10) repeats an event, by libical. Its iterators
// search on for centuries when nothing fits a rule (BYMONTH=2;BYMONTHDAY=30), so that each is told
// where to end, and a rule that repeats more often than opening hours do is refused.
//
//   const auto weekly = find_recurrences("FREQ=WEEKLY;BYDAY=MO,FR", {start, false}, from, to);
//   weekly->walls
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/schedule/zone_offsets.h"

namespace plivo_dial {

// Of one rule, and of one schedule.
inline constexpr std::size_t kMostOccurrences = 10'000;

struct RecurrenceStart {
  WallSeconds wall = 0;
  bool is_date = false;
};

struct Recurrences {
  std::vector<WallSeconds> walls;  // sorted
  std::optional<Instant> until;    // the rule ends here, in UTC: leave out what is later
};

// What `rule` makes of an event with that DTSTART, by the clock of its zone, from `from` to `to`.
// Errors name the part of the rule and the remedy: a rule that is none; one of FREQ=HOURLY or more
// often, or of more than 24 times a day; an INTERVAL of more than 1000; days that no year has; one
// of another calendar (RSCALE); more than kMostOccurrences. Safe from any thread.
Result<Recurrences> find_recurrences(const std::string& rule, const RecurrenceStart& start,
                                     WallSeconds from, WallSeconds to);

}  // namespace plivo_dial
