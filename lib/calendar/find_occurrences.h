// File: lib/calendar/find_occurrences.h
//
// When the events of a calendar take place within a period, repetitions and replaced ones included.
//
// By the clock on the wall: an event of 22:00 to 06:00 ends at 06:00 also in the night in which
// clocks change, whether it has DTEND in the same zone or a DURATION of days; one with a DURATION
// of hours lasts as long as that. Times that a clock never shows, or shows twice, are taken as RFC
// 5545 (3.3.5) has it. Dates are days of the schedule's zone. An event without a length takes no
// time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "lib/calendar/read_calendar.h"
#include "lib/calendar/recurrence.h"
#include "lib/calendar/zone_table.h"

namespace plivo_dial {

struct Occurrence {
  Instant from = 0;
  Instant to = 0;  // from < to
  std::string summary;
};

// Tables of zones, each worked out once: from 1970, since old events go on, to the end of a period.
class ZoneTables {
 public:
  // The schedule's zone, which must be known.
  ZoneTables(std::string zone, Instant until) : zone_(std::move(zone)), until_(until) {}

  // Of the zone that a CalendarTime names; those are known.
  const ZoneOffsets& of(const std::string& zone);
  Instant instant(const CalendarTime& time, WallMeaning meaning);

 private:
  std::string zone_;
  Instant until_;
  std::map<std::string, ZoneOffsets, std::less<>> tables_;
};

// The occurrences of `calendar` that touch from..until, not cut. An instance that is replaced
// (RECURRENCE-ID) is left out of its series, also when the one in its place is cancelled. Rules
// that cannot be followed go to the faults of `calendar`, with their lines, and so do more than
// kMostOccurrences, or more than ten seconds of search.
std::vector<Occurrence> find_occurrences(CalendarFile& calendar, ZoneTables& zones, Instant from,
                                         Instant until);

}  // namespace plivo_dial
