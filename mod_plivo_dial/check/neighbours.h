// File: mod_plivo_dial/check/neighbours.h
//
// Modules beside this one that may refuse a webhook before the handler sees it, or are asked about
// because they look so. For the manifest (make_manifest.h), from which `plivo-dialctl doctor` has
// them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

struct Neighbour {
  std::string name;   // "security2"
  bool provided_for;  // the configuration has the line that it needs for our Locations
};

// Those that are loaded. `sections` of merged_sections().
std::vector<Neighbour> neighbours(apr_pool_t* pool, const std::vector<Section>& sections);

}  // namespace plivo_dial
