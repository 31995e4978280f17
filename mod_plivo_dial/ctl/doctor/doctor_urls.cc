// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_urls.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "lib/settings/config_manifest.h"
#include "lib/webhook/endpoint.h"

namespace plivo_dial::ctl {
namespace {

// What stands behind `prefix` in `url`, where `url` is that or goes on below it.
std::optional<std::string_view> rest_behind(std::string_view url, std::string prefix) {
  const bool root = prefix.ends_with('/');
  if (!url.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = url.substr(prefix.size() - (root ? 1 : 0));
  const bool whole = rest.empty() || rest.front() == '/' || rest.front() == '?';
  return whole ? std::optional(rest) : std::nullopt;
}

// httpd chooses the Location that says the most.
const ManifestLocation* location_of(const ConfigManifest& config, std::string_view url) {
  const ManifestLocation* best = nullptr;
  for (const ManifestLocation& location : config.locations) {
    if (!location.served || location.public_url.empty()) continue;
    if (!rest_behind(url, location.public_url + location.path)) continue;
    if (!best || best->path.size() < location.path.size()) best = &location;
  }
  return best;
}

bool is_on_server_of(const ManifestLocation& location, std::string_view url) {
  return !location.public_url.empty() && rest_behind(url, location.public_url);
}

}  // namespace

std::vector<NamedUrl> named_urls_in(const ConfigManifest& config,
                                    const ManifestLocation& location) {
  std::vector<NamedUrl> urls;
  for (const ManifestLocation& other : config.locations) {
    for (const ManifestUrl& named : other.own_urls) {
      const ManifestLocation* holder = location_of(config, named.url);
      if (!holder || holder->path != location.path || holder->public_url != location.public_url) {
        continue;
      }
      NamedUrl url{std::string(*rest_behind(named.url, location.public_url + location.path)),
                   named.endpoint, named.attribute};
      const bool asked = location.endpoint == to_string(Endpoint::kAnswer)
                             ? url.suffix == "/" + url.endpoint
                             : url.suffix.empty() && url.endpoint == location.endpoint;
      const bool known = std::ranges::any_of(urls, [&](const NamedUrl& earlier) {
        return earlier.suffix == url.suffix && earlier.endpoint == url.endpoint;
      });
      if (!asked && !known) urls.push_back(std::move(url));
    }
  }
  return urls;
}

std::vector<ManifestUrl> urls_of_others(const ConfigManifest& config,
                                        const ManifestLocation& location) {
  std::vector<ManifestUrl> urls;
  for (const ManifestUrl& named : location.own_urls) {
    if (is_on_server_of(location, named.url) && !location_of(config, named.url)) {
      urls.push_back(named);
    }
  }
  return urls;
}

}  // namespace plivo_dial::ctl
