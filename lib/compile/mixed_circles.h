// File: lib/compile/mixed_circles.h
//
// Numbers that call each other in a circle over several maps and the sections of the configuration:
// +14155550101 of a map calls +14155550102, whose section calls +14155550101. Those within one map
// are its own faults (lib/route/route_circles.h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/route/route_map.h"
#include "lib/settings/tables_config.h"

namespace plivo_dial {

struct NamedMap {
  const std::string* path;
  const RouteMap* map;
};

// A sentence for each circle, with the places of all its lines. Pure; takes time in proportion to
// the maps.
std::vector<std::string> mixed_circles(const std::vector<NamedMap>& maps,
                                       const std::vector<SectionDials>& dials);

}  // namespace plivo_dial
