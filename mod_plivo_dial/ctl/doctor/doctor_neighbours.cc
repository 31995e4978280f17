// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_neighbours.h"

#include <algorithm>
#include <iterator>

#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {
namespace {

struct Advice {
  std::string_view name;
  std::string_view provided_for;
  std::string_view as_it_comes;  // "": it needs nothing
};

constexpr Advice kAdvice[] = {
    {"security2", "its engine is off for the Locations of mod_plivo_dial",
     "it reads requests before mod_plivo_dial, and its rules refuse some callers' names with 403: "
     "write SecRuleEngine Off into the Location"},
    {"evasive", "its limits leave room for a call",
     "it refuses with 403 who asks for one URL more than twice in a second, as the callbacks of a "
     "call do: raise DOSPageCount and DOSSiteCount"},
    {"mpm-itk", "no virtual host is served by another user",
     "a virtual host with AssignUserID is served by a user who may not write into the spool: give "
     "the one with the Location the user of httpd itself"},
    {"reqtimeout", "its usual limits are far from what a webhook takes", ""},
    {"remoteip", "signatures are believed, not addresses: it needs nothing", ""},
    {"passenger", "its applications do not get the URLs of mod_plivo_dial: it needs nothing", ""},
};

}  // namespace

void check_neighbours(const ConfigManifest& config, Findings& findings) {
  for (const ManifestNeighbour& neighbour : config.neighbours) {
    const auto* advice = std::find_if(std::begin(kAdvice), std::end(kAdvice),
                                      [&](const Advice& a) { return a.name == neighbour.name; });
    if (advice == std::end(kAdvice)) continue;
    const bool fine = neighbour.provided_for || advice->as_it_comes.empty();
    add(findings, "other modules", fine ? Health::kOk : Health::kWarning,
        neighbour.name + ": " + std::string(fine ? advice->provided_for : advice->as_it_comes) +
            (fine ? "" : "; see the guide Beside other modules"));
  }
}

}  // namespace plivo_dial::ctl
