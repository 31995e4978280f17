// File: lib/schedule/openings.h
//
// A schedule as requests look at it: the instants at which it opens and closes, worked out in
// advance, with the reason of each, and the offsets of its zone. Made by lib/calendar, stored as
// bytes, read where they lie (openings_view.h). The bytes, all integers little-endian:
//
//   header    magic[8] "PLVOPENS"  version u32  crc u32 (of all that follows)  size u32 (of all)
//             offsets u32  changes u32  reasons u32  text u32 (bytes of it)  0 u32
//             from i64  until i64
//   offsets   at i64  seconds i32  0 u32
//   changes   at i64  reason u32  open u32 (0 or 1)
//   reasons   start u32  length u32, in the text, one behind the other
//   text      the reasons, UTF-8
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/schedule/zone_offsets.h"

namespace plivo_dial {

inline constexpr std::string_view kOpeningsMagic = "PLVOPENS";
inline constexpr std::uint32_t kOpeningsVersion = 1;
inline constexpr std::size_t kOpeningsHeaderSize = 56;
inline constexpr std::size_t kOpeningsEntrySize = 16;  // of an offset and of a change
inline constexpr std::size_t kOpeningsReasonSize = 8;

// What a table may hold, so that reading a hostile one takes no longer than a good one.
inline constexpr std::size_t kMostOffsets = 256;
inline constexpr std::size_t kMostChanges = 1'000'000;
inline constexpr std::size_t kMostReasonText = 64 * 1024 * 1024;
// 1900-01-01 and the end of 9999: no instant of a table is outside.
inline constexpr Instant kEarliestInstant = -2'208'988'800;
inline constexpr Instant kLatestInstant = 253'402'300'799;
// More than any zone differs from UTC.
inline constexpr std::int32_t kLargestOffset = 2 * 86'400;

// From `at` on it is open or closed for that reason, until the next one. The state of two
// neighbours may be the same when their reasons are not.
struct OpeningsChange {
  Instant at = 0;
  bool open = false;
  std::uint32_t reason = 0;  // index into Openings::reasons

  friend bool operator==(const OpeningsChange&, const OpeningsChange&) = default;
};

// Known is what happens from `from` up to but not at `until`; the first change is at `from`. Both
// lists are sorted by time, without equals.
struct Openings {
  Instant from = 0;
  Instant until = 0;
  std::vector<OffsetChange> offsets;  // one at least
  std::vector<OpeningsChange> changes;
  std::vector<std::string> reasons;  // "weekly hours", "holidays.txt:4: Christmas"

  friend bool operator==(const Openings&, const Openings&) = default;
};

// The bytes of `openings`, which keeps to what stands above. Pure.
std::string encode_openings(const Openings& openings);

}  // namespace plivo_dial
