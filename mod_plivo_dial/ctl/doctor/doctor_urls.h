// File: mod_plivo_dial/ctl/doctor/doctor_urls.h
//
// Where the URLs lead that directives hand to Plivo in place of the module's own (action=,
// callbackUrl=, confirmSound=): into a Location of the module's, or to another program on the same
// server. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/doctor/doctor_questions.h"

namespace plivo_dial::ctl {

// The URLs of all plans that lead into `location`, without those that are asked there anyway.
std::vector<NamedUrl> named_urls_in(const ConfigManifest& config, const ManifestLocation& location);

// The URLs of `location`'s plans that lead to its server, and into no Location of the module's.
std::vector<ManifestUrl> urls_of_others(const ConfigManifest& config,
                                        const ManifestLocation& location);

}  // namespace plivo_dial::ctl
