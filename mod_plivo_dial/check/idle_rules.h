// File: mod_plivo_dial/check/idle_rules.h
//
// Rules of other modules that stand in a <Location> of ours and do nothing there, since its
// requests are claimed (claim.h). Use it at configuration time, to warn of them: somebody wrote
// them to keep others out.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

struct IdleRule {
  Position position;
  std::string directive;  // as written
  std::string location;   // the path of the Location
};

// The rewrite rules and redirects in Locations that have our handler, each once. Those that stand
// elsewhere, such as a redirect of the whole site, are not meant for us.
std::vector<IdleRule> idle_rules(apr_pool_t* pool);

}  // namespace plivo_dial
