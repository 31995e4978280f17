// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/neighbours.h"

#include <strings.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "mod_plivo_dial/check/assigned_user.h"
#include "mod_plivo_dial/config/directive_lines.h"

namespace plivo_dial {
namespace {

// The last SecRuleEngine for `path`; it is off where nobody sets it.
bool security_engine_is_on(apr_pool_t* pool, const std::vector<DirectiveLine>& lines,
                           const Section& section) {
  std::string of_server = "Off";
  std::string of_location;
  for (const DirectiveLine* line : in_order_of_merging(lines, section.server)) {
    if (line->location == nullptr) {
      of_server = line->word;
    } else if (covers(pool, line->location, section.path)) {
      of_location = line->word;
    }
  }
  const std::string& engine = of_location.empty() ? of_server : of_location;
  return strcasecmp(engine.c_str(), "Off") != 0;
}

bool security_is_off(apr_pool_t* pool, const std::vector<Section>& sections) {
  const std::vector<DirectiveLine> lines = directive_lines(pool, "SecRuleEngine");
  return std::none_of(sections.begin(), sections.end(), [&](const Section& section) {
    return section.serves && security_engine_is_on(pool, lines, section);
  });
}

// Its own limits are two requests for one page in a second; it has one set for all servers.
bool evasive_is_lenient(apr_pool_t* pool, const std::vector<Section>&) {
  constexpr int kEnoughForACall = 20;
  if (!directive_lines(pool, "DOSWhitelist").empty()) return true;
  const std::vector<DirectiveLine> counts = directive_lines(pool, "DOSPageCount");
  return !counts.empty() && std::atoi(counts.back().word.c_str()) >= kEnoughForACall;
}

// Whoever else serves may not write into the spool.
bool own_user_serves(apr_pool_t* pool, const std::vector<Section>& sections) {
  return std::all_of(sections.begin(), sections.end(), [&](const Section& section) {
    if (!section.serves) return true;
    const std::optional<AssignedUser> assigned = assigned_user(pool, section);
    return !assigned || assigned->uid == ap_unixd_config.user_id;
  });
}

bool always(apr_pool_t*, const std::vector<Section>&) {
  return true;
}

struct Known {
  const char* file;
  const char* name;
  bool (*is_provided_for)(apr_pool_t* pool, const std::vector<Section>& sections);
};

constexpr Known kKnown[] = {
    {"mod_security2.c", "security2", security_is_off},
    {"mod_evasive20.c", "evasive", evasive_is_lenient},
    {"mod_evasive.c", "evasive", evasive_is_lenient},
    {"mpm_itk.c", "mpm-itk", own_user_serves},
    {"mod_reqtimeout.c", "reqtimeout", always},
    {"mod_remoteip.c", "remoteip", always},
    {"mod_passenger.c", "passenger", always},
};

}  // namespace

std::vector<Neighbour> neighbours(apr_pool_t* pool, const std::vector<Section>& sections) {
  std::vector<Neighbour> found;
  for (const Known& known : kKnown) {
    if (ap_find_linked_module(known.file) == nullptr) continue;
    found.push_back({known.name, known.is_provided_for(pool, sections)});
  }
  return found;
}

}  // namespace plivo_dial
