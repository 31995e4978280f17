// File: lib/route/route_circles.h
//
// Routes that lead back to themselves: +14155550101 calls +14155550102, whose line calls
// +14155550101. A call would go round until somebody answers or Plivo gives up, and each round is
// paid for. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "lib/route/faults.h"
#include "lib/route/route_map.h"

namespace plivo_dial {

// Each line of the circle calls the number of the one behind it, the last that of the first; by
// their places in RouteMap::lines. A line that calls itself is read_route_map()'s to find.
using RouteCircle = std::vector<std::size_t>;

// At most this many are looked for.
inline constexpr std::size_t kMostCircles = 100;

// Circles among the lines for one called number each (a beginning with a star may belong to others,
// who call nobody back). Where lines are in a circle at least one of theirs is found. Takes time in
// proportion to the map.
std::vector<RouteCircle> circles(const RouteMap& map);

// The circle as a fault of its first line.
Fault fault_of(const RouteMap& map, const RouteCircle& circle);

// Adds each circle of the map that was read to its faults.
void add_circles(ReadRouteMap& read);

}  // namespace plivo_dial
