// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/twin_locations.h"

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

bool are_twins(const Section& one, const Section& other) {
  return one.serves && other.serves && one.server != other.server &&
         !same_place(one.config->position, other.config->position) && !url_of(one).empty() &&
         url_of(one) == url_of(other);
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
  for (std::size_t i = 0; i < sections.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (!are_twins(sections[k], sections[i])) continue;
      // The main server comes first, and behind it httpd has the last virtual host first.
      const bool with_main = !sections[k].server->is_virtual;
      const Section& later = sections[with_main ? i : k];
      const Section& earlier = sections[with_main ? k : i];
      warnings.push_back("<Location \"" + std::string(later.path) + "\"> of " + place_of(later) +
                         " has the URL " + url_of(later) + ", which that of " + place_of(earlier) +
                         " has, too: Plivo's requests for it come to one of the two, and the other "
                         "is never asked; give each virtual host the PlivoPublicURL of its own "
                         "name, or keep one of these Locations");
      break;
    }
  }
  return warnings;
}

}  // namespace plivo_dial
