// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/twin_locations.h"

#include <map>
#include <string_view>

namespace plivo_dial {
namespace {

std::string url_of(const Section& section) {
  if (section.config->public_url == nullptr) return "";
  return section.config->public_url->url.join(location_of(*section.config));
}

bool same_place(const Position& one, const Position& other) {
  return one.line == other.line && one.file != nullptr && other.file != nullptr &&
         std::string_view(one.file) == other.file;
}

// Of two that have one URL.
bool are_twins(const Section& one, const Section& other) {
  return one.server != other.server && !same_place(one.config->position, other.config->position);
}

std::string place_of(const Section& section) {
  const server_rec& server = *section.server;
  const char* const name = server.server_hostname == nullptr ? "?" : server.server_hostname;
  return (server.is_virtual ? "the virtual host " + std::string(name)
                            : std::string("the main server")) +
         " (" + to_string(section.config->position) + ")";
}

}  // namespace

std::vector<std::string> twin_warnings(const std::vector<Section>& sections) {
  std::vector<std::string> warnings;
  // A call centre has thousands of sections.
  std::map<std::string, std::vector<std::size_t>> by_url;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::string url = sections[i].serves ? url_of(sections[i]) : "";
    if (url.empty()) continue;
    std::vector<std::size_t>& before = by_url[url];
    for (const std::size_t k : before) {
      if (!are_twins(sections[k], sections[i])) continue;
      const Section& later = sections[i];
      const Section& earlier = sections[k];
      warnings.push_back("<Location \"" + std::string(later.path) + "\"> of " + place_of(later) +
                         " has the URL " + url + ", which that of " + place_of(earlier) +
                         " has, too: Plivo's requests for it come to one of the two, and the other "
                         "is never asked; give each virtual host the PlivoPublicURL of its own "
                         "name, or keep one of these Locations");
      break;
    }
    before.push_back(i);
  }
  return warnings;
}

}  // namespace plivo_dial
