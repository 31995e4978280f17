// File: lib/calendar/openings_painter.h
//
// Layers of open and closed times, each over those before it, to the changes that are seen from
// above.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/schedule/openings.h"

namespace plivo_dial {

// For one schedule and one period.
class OpeningsPainter {
 public:
  OpeningsPainter(Instant from, Instant until) : from_(from), until_(until) {}

  // Paints `from` up to `to` over all that was painted before. What is outside of the period is cut
  // off; nothing is painted when `to` is not behind `from`.
  void paint(Instant from, Instant to, bool open, const std::string& reason);

  // Puts changes and reasons into `openings`. The whole period must have been painted.
  void finish(Openings& openings) const;

 private:
  struct Layer {
    Instant from;
    Instant to;
    bool open;
    std::uint32_t reason;
  };

  Instant from_;
  Instant until_;
  std::vector<Layer> layers_;
  std::vector<std::string> reasons_;
  std::map<std::string, std::uint32_t> index_of_reason_;
};

}  // namespace plivo_dial
