// File: mod_plivo_dial/ctl/doctor/doctor_plivo.h
//
// The part of `plivo-dialctl doctor --plivo` that asks Plivo where calls to the numbers of the
// configuration go. It leaves the machine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/findings.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

// Asks the API at `origin` by `http` for each number in the configuration, with Auth ID and token
// of the accounts of its Location, as far as this user may read them. Where a Location takes every
// number, it looks for one of the account's that leads there. All findings are of check "Plivo".
void check_plivo(const ConfigManifest& config, const std::string& origin, HttpClient& http,
                 Findings& findings);

}  // namespace plivo_dial::ctl
