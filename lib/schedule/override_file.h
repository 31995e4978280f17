// File: lib/schedule/override_file.h
//
// The file of override=, by which a receptionist's script opens or closes a schedule at once. One
// line: `closed`, `open`, `closed until 2026-12-24T15:00`, `open until 2026-12-24T15:00` (a time of
// the schedule's zone), or `auto`. An empty file is `auto`, too. Behind # may stand what people
// want to note. Read by httpd's children, so reading it is cheap, and the end is understood by the
// schedule's table of offsets alone. Pure functions.
//
//   const Result<Override> override = parse_override("closed until 2026-12-24T15:00\n");
//   const std::optional<bool> open = overridden(*override, view, seconds);   // false until then
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/schedule/openings_view.h"

namespace plivo_dial {

inline constexpr std::size_t kLargestOverrideFile = 1024;

struct Override {
  std::optional<bool> open;          // nothing: as the schedule says
  std::optional<WallSeconds> until;  // nothing: until the file changes

  friend bool operator==(const Override&, const Override&) = default;
};

// Reads the content of such a file. Errors name the value and the remedy.
Result<Override> parse_override(std::string_view content);

// As such a file has it: "auto", "closed", "open until 2026-12-24T15:00".
std::string to_string(const Override& override);

// Whether it is open at `instant` by `override`, or nothing when that says nothing of it. The end
// is when the wall clock shows no earlier time any more.
std::optional<bool> overridden(const Override& override, const OpeningsView& openings,
                               Instant instant);

}  // namespace plivo_dial
