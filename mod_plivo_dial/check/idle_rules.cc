// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/idle_rules.h"

#include <algorithm>

#include "mod_plivo_dial/config/directive_lines.h"
#include "mod_plivo_dial/config/handler_word.h"

namespace plivo_dial {
namespace {

constexpr const char* kRules[] = {"RewriteRule", "Redirect", "RedirectMatch", "RedirectPermanent",
                                  "RedirectTemp"};

// The paths of Locations with our handler.
std::vector<std::string> our_locations(apr_pool_t* pool) {
  std::vector<std::string> paths;
  for (const DirectiveLine& line : directive_lines(pool, "SetHandler")) {
    if (our_handler(line.word.c_str()) != nullptr) {
      paths.push_back(plain_location(pool, line.location));
    }
  }
  return paths;
}

}  // namespace

std::vector<IdleRule> idle_rules(apr_pool_t* pool) {
  const std::vector<std::string> ours = our_locations(pool);
  std::vector<IdleRule> rules;
  for (const char* directive : kRules) {
    for (const DirectiveLine& line : directive_lines(pool, directive)) {
      const std::string path = plain_location(pool, line.location);
      if (path.empty() || std::find(ours.begin(), ours.end(), path) == ours.end()) continue;
      rules.push_back({position_of(line.line), line.line->directive, path});
    }
  }
  return rules;
}

}  // namespace plivo_dial
