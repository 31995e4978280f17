// File: mod_plivo_dial/ctl/httpd/answer_locations.h
//
// Which Locations of a configuration take calls, and under which URL Plivo reaches them. Whoever
// plans, prints or examines what stands at Plivo asks here. Pure functions.
//
//   for (const ManifestLocation& location : config.locations) {
//     if (answers_calls(location)) print(answer_url_of(location));
//   }
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {

// Whether requests reach the module there, and begin calls.
bool answers_calls(const ManifestLocation& location);

// "https://pbx.example.com/dialstatus", or "" without a PlivoPublicURL.
std::string answer_url_of(const ManifestLocation& location);

}  // namespace plivo_dial::ctl
