// File: lib/schedule/zone_offsets.h
//
// From what the wall clock of a zone shows to instants and back, by a table of the zone's offsets
// alone: httpd's children have no time zone database.
//
//   constexpr OffsetChange london[] = {{1774746000, 3600}, {1792890000, 0}};   // of 2026
//   wall_of(london, 1782900000)          -> 1782903600
//
// A table is sorted by time and has an entry at least; the offset of the first one counts before
// it, too. `Offsets` is anything with size() and [] that gives an OffsetChange. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "lib/schedule/date_text.h"

namespace plivo_dial {

// Seconds since 1970-01-01T00:00 UTC.
using Instant = std::int64_t;

// From `at` on the zone's clocks show UTC and `seconds`.
struct OffsetChange {
  Instant at = 0;
  std::int32_t seconds = 0;

  friend bool operator==(const OffsetChange&, const OffsetChange&) = default;
};

// Which instant is meant by what a wall clock shows. When clocks are put forward some times are
// never shown; when they are put back some are shown twice.
enum class WallMeaning {
  kOpening,  // when it shows that time, or a later one, for the first time
  kClosing,  // when it shows no earlier time any more
  kEvent,    // as RFC 5545 (3.3.5) has it: the first of two; one never shown by the offset before
};

template <class Offsets>
std::int32_t offset_at(const Offsets& offsets, Instant instant) {
  std::size_t low = 0;
  for (std::size_t high = offsets.size(); low + 1 < high;) {
    const std::size_t middle = low + (high - low) / 2;
    (offsets[middle].at <= instant ? low : high) = middle;
  }
  return offsets[low].seconds;
}

template <class Offsets>
WallSeconds wall_of(const Offsets& offsets, Instant instant) {
  return instant + offset_at(offsets, instant);
}

namespace zone_offsets_detail {

template <class Offsets>
Instant opening_of(const Offsets& offsets, WallSeconds wall) {
  for (std::size_t i = 0;; ++i) {
    const Instant shown = wall - offsets[i].seconds;
    const Instant instant = i == 0 ? shown : std::max(shown, offsets[i].at);
    if (i + 1 == offsets.size() || instant < offsets[i + 1].at) return instant;
  }
}

template <class Offsets>
Instant closing_of(const Offsets& offsets, WallSeconds wall) {
  for (std::size_t i = offsets.size() - 1;; --i) {
    const Instant shown = wall - offsets[i].seconds;
    if (i > 0 && shown <= offsets[i].at) continue;
    return i + 1 == offsets.size() ? shown : std::min(shown, offsets[i + 1].at);
  }
}

template <class Offsets>
Instant event_of(const Offsets& offsets, WallSeconds wall) {
  for (std::size_t i = 0;; ++i) {
    const Instant shown = wall - offsets[i].seconds;
    if (i + 1 < offsets.size() && shown >= offsets[i + 1].at) continue;
    return i > 0 && shown < offsets[i].at ? wall - offsets[i - 1].seconds : shown;
  }
}

}  // namespace zone_offsets_detail

// The instant that `wall` means. Takes time by the number of entries.
template <class Offsets>
Instant instant_of(const Offsets& offsets, WallSeconds wall, WallMeaning meaning) {
  switch (meaning) {
    case WallMeaning::kOpening:
      return zone_offsets_detail::opening_of(offsets, wall);
    case WallMeaning::kClosing:
      return zone_offsets_detail::closing_of(offsets, wall);
    case WallMeaning::kEvent:
      break;
  }
  return zone_offsets_detail::event_of(offsets, wall);
}

}  // namespace plivo_dial
