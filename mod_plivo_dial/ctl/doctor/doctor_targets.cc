// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_targets.h"

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/http/place.h"

namespace plivo_dial::ctl {
namespace {

// The Location under the public name, by a connection to `place`.
ProbeTarget target(const ManifestLocation& location, const Place& place) {
  const Place named = place_of(location.public_url);
  ProbeTarget target;
  target.url =
      origin_under_name(place, named.host.empty() ? place.host : named.host) + location.path;
  target.connect_to = connection_to(place);
  target.any_certificate = true;  // on the machine itself the name of the URL says nothing
  return target;
}

// The scheme that is likelier at the port of a virtual host.
std::string_view likely_scheme(std::string_view port, std::string_view public_url) {
  if (port == "443") return "https";
  if (port == "80") return "http";
  return public_url.starts_with("https:") ? "https" : "http";
}

// By both schemes, the likelier first.
void add_targets(const ManifestLocation& location, const Place& place, std::string_view scheme,
                 std::vector<ProbeTarget>& targets) {
  const Place https{"https", place.host, place.port};
  const Place http{"http", place.host, place.port};
  targets.push_back(target(location, scheme == "https" ? https : http));
  targets.push_back(target(location, scheme == "https" ? http : https));
}

std::vector<ProbeTarget> targets_by_httpd(const ManifestLocation& location) {
  std::vector<ProbeTarget> targets;
  for (const std::string& text : location.places) {
    const Place place = place_of_authority(text);
    add_targets(location, place, likely_scheme(place.port, location.public_url), targets);
  }
  return targets;
}

// Of its virtual host, which is dumped as "name:port", with 0 where it takes every port; else "".
std::string_view own_port(const ManifestLocation& location) {
  const std::string_view port = place_of_authority(location.server).port;
  return port == "0" ? "" : port;
}

}  // namespace

std::vector<ProbeTarget> local_targets(const ManifestLocation& location,
                                       std::string_view httpd_url) {
  if (httpd_url.empty()) return targets_by_httpd(location);
  const Place said = place_of(httpd_url);
  const std::string_view port = own_port(location);
  if (port.empty()) return {target(location, said)};
  const std::string_view scheme =
      port == said.port ? said.scheme : likely_scheme(port, location.public_url);
  std::vector<ProbeTarget> targets;
  add_targets(location, {"", said.host, port}, scheme, targets);
  if (!said.port.empty() && said.port != port) {
    targets.push_back(target(location, said));
    targets.back().is_guess = true;
  }
  return targets;
}

}  // namespace plivo_dial::ctl
