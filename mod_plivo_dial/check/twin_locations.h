// File: mod_plivo_dial/check/twin_locations.h
//
// Locations of different virtual hosts that Plivo would ask by one and the same URL.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

// A sentence for each pair, with both places. Virtual hosts that inherit one Location, or include
// one file, are no such pair.
std::vector<std::string> twin_warnings(const std::vector<Section>& sections);

}  // namespace plivo_dial
