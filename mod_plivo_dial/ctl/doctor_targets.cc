// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor_targets.h"

#include <algorithm>

#include "lib/base/absolute_url.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kThisMachine = "127.0.0.1";

struct Place {
  std::string_view scheme;
  std::string_view host;  // an IPv6 address keeps its brackets
  std::string_view port;  // "" when it is not written
};

// Of "host:port" or "host".
void read_authority(std::string_view authority, Place& place) {
  const std::size_t bracket = std::min(authority.find(']'), authority.size());
  const std::size_t colon = authority.find(':', bracket == authority.size() ? 0 : bracket);
  place.host = authority.substr(0, colon);
  place.port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
}

Place place_of(std::string_view url) {
  Place place;
  place.scheme = url.substr(0, url.find("://"));
  read_authority(authority_of(url), place);
  return place;
}

std::string_view usual_port(std::string_view scheme) {
  return scheme == "https" ? "443" : "80";
}

// The Location under the public name, by a connection to `place`.
ProbeTarget target(const DumpedLocation& location, const Place& place) {
  const Place named = place_of(location.public_url);
  const std::string_view name = named.host.empty() ? place.host : named.host;
  const std::string port(place.port.empty() ? usual_port(place.scheme) : place.port);
  const std::string shown_port = port == usual_port(place.scheme) ? "" : ":" + port;
  ProbeTarget target;
  target.url = std::string(place.scheme) + "://" + std::string(name) + shown_port + location.path;
  target.connect_to = std::string(place.host) + ":" + port;
  target.any_certificate = true;  // on the machine itself the name of the URL says nothing
  return target;
}

// The scheme that is likelier at the port of a virtual host.
std::string_view likely_scheme(std::string_view port, std::string_view public_url) {
  if (port == "443") return "https";
  if (port == "80") return "http";
  return public_url.starts_with("https:") ? "https" : "http";
}

}  // namespace

std::vector<ProbeTarget> local_targets(const DumpedLocation& location, std::string_view httpd_url) {
  const Place said = place_of(httpd_url);
  const std::string_view host = httpd_url.empty() ? kThisMachine : said.host;
  // A virtual host is dumped as "name:port", with 0 where it takes every port.
  Place virtual_host;
  read_authority(location.server, virtual_host);
  const bool one_port = !virtual_host.port.empty() && virtual_host.port != "0";
  if (!one_port && !httpd_url.empty()) return {target(location, said)};
  const std::string_view port = one_port ? virtual_host.port : "";
  const Place https{"https", host, port};
  const Place http{"http", host, port};
  const std::string_view scheme =
      port == said.port && one_port ? said.scheme : likely_scheme(port, location.public_url);
  if (scheme == "https") return {target(location, https), target(location, http)};
  return {target(location, http), target(location, https)};
}

}  // namespace plivo_dial::ctl
