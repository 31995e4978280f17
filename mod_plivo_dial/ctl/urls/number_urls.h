// File: mod_plivo_dial/ctl/urls/number_urls.h
//
// What is to be entered at Plivo for each Location of httpd that takes calls. Pure functions of the
// configuration that httpd tells.
//
//   const std::vector<LocationUrls> all = urls_in(config, "");
//   std::fputs(render_urls("", all).c_str(), stdout);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {

// A Location, and the servers at which it is one: a virtual host has the Locations of the main
// server, and those with one PlivoPublicURL have one answer URL.
struct LocationUrls {
  const ManifestLocation* location;
  std::vector<std::string> servers;
  std::string answer;                // the answer URL; "" without a PlivoPublicURL
  std::vector<std::string> numbers;  // its calls come here; none: any number's may
};

// Those of all Locations that take calls, in the order of the configuration. With `number`, such as
// "+14155550199", only of those where a call to it is dialled or hears something. `config` must
// outlive them.
std::vector<LocationUrls> urls_in(const ConfigManifest& config, const std::string& number);

// Whether there is one, and each has its URLs.
bool is_complete(const std::vector<LocationUrls>& all);

// For people, safe for a terminal; and one JSON object, see the manual. `number` as in urls_in().
std::string render_urls(const std::string& number, const std::vector<LocationUrls>& all);
std::string render_urls_json(const std::string& number, const std::vector<LocationUrls>& all);

}  // namespace plivo_dial::ctl
