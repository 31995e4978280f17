// File: mod_plivo_dial/ctl/doctor/doctor_locations.h
//
// The part of `plivo-dialctl doctor` that asks each Location, on this machine and under its public
// URL, who answers there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/findings.h"

namespace plivo_dial::ctl {

struct LocationOptions {
  std::string url;              // where httpd answers on this machine; "": where httpd says
  bool offline = false;         // leaves the public URL out
  bool proxy_protocol = false;  // httpd on this machine expects the PROXY protocol
};

// Sends what makes no event. Reads the token of each Location's first account, as far as this user
// may.
void check_locations(const ConfigManifest& config, const LocationOptions& options,
                     Findings& findings);

}  // namespace plivo_dial::ctl
