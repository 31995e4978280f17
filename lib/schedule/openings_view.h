// File: lib/schedule/openings_view.h
//
// Looks into the bytes of encode_openings() where they lie, for instance in a file that is mapped.
// Nothing outside of the bytes is ever read, whatever they hold and even when they change
// meanwhile.
//
//   const Result<OpeningsView> view = OpeningsView::open(bytes);     // once a request; cheap
//   if (!view) return view.error();
//   const std::optional<OpeningsState> now = view->state_at(seconds);
//   now->open, now->reason, view->next_change(seconds)
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/schedule/openings.h"

namespace plivo_dial {

struct OpeningsState {
  bool open = false;
  std::string_view reason;  // a view into the bytes; "" of bytes that are damaged
  Instant since = 0;        // when this reason began to count
};

// A table of offsets in bytes, for the templates of zone_offsets.h.
class OffsetsInPlace {
 public:
  explicit OffsetsInPlace(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size() / kOpeningsEntrySize; }
  OffsetChange operator[](std::size_t index) const;

 private:
  std::string_view bytes_;
};

// Does not own the bytes. Safe from any thread; copies are cheap.
class OpeningsView {
 public:
  // Judges the header: magic, version and that all parts fit into the bytes. Takes the same time
  // for a table of any length. Bytes that follow the table are passed over.
  static Result<OpeningsView> open(std::string_view bytes);

  // Judges all the rest, by the check value and entry by entry; for whoever maps a file, once.
  Result<void> check() const;

  Instant from() const { return from_; }
  Instant until() const { return until_; }

  // How it stands at `instant`; nothing outside of from() to until(), where nobody knows. A binary
  // search.
  std::optional<OpeningsState> state_at(Instant instant) const;

  // When it next opens or closes behind `instant`; nothing when it does not before until().
  std::optional<Instant> next_change(Instant instant) const;

  // Between the zone's wall clock and instants. Outside of the period by the nearest offset.
  WallSeconds wall_at(Instant instant) const { return wall_of(offsets_, instant); }
  Instant instant_at(WallSeconds wall, WallMeaning meaning) const {
    return instant_of(offsets_, wall, meaning);
  }

  // All of it. Call check() before.
  Openings decode() const;

 private:
  OpeningsView() : offsets_({}) {}

  std::size_t change_count() const { return changes_.size() / kOpeningsEntrySize; }
  OpeningsChange change(std::size_t index) const;
  std::string_view reason(std::uint32_t index) const;
  std::size_t change_at(Instant instant) const;
  Result<void> check_offsets() const;
  Result<void> check_changes() const;
  Result<void> check_reasons() const;

  std::string_view bytes_;
  OffsetsInPlace offsets_;
  std::string_view changes_;
  std::string_view reasons_;
  std::string_view text_;
  Instant from_ = 0;
  Instant until_ = 0;
};

}  // namespace plivo_dial
