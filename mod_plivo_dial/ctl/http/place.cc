// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/place.h"

#include <algorithm>

#include "lib/base/absolute_url.h"

namespace plivo_dial::ctl {
namespace {

std::string port_of(const Place& place) {
  return std::string(place.port.empty() ? usual_port(place.scheme) : place.port);
}

}  // namespace

Place place_of_authority(std::string_view authority) {
  const std::size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  Place place;
  const std::size_t bracket = std::min(authority.find(']'), authority.size());
  const std::size_t colon = authority.find(':', bracket == authority.size() ? 0 : bracket);
  place.host = authority.substr(0, colon);
  place.port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
  return place;
}

Place place_of(std::string_view url) {
  Place place = place_of_authority(authority_of(url));
  place.scheme = url.substr(0, url.find("://"));
  return place;
}

std::string_view usual_port(std::string_view scheme) {
  return scheme == "https" ? "443" : "80";
}

std::string connection_to(const Place& place) {
  return std::string(place.host) + ":" + port_of(place);
}

std::string origin_under_name(const Place& place, std::string_view host) {
  const std::string port = port_of(place);
  return std::string(place.scheme) + "://" + std::string(host) +
         (port == usual_port(place.scheme) ? "" : ":" + port);
}

}  // namespace plivo_dial::ctl
