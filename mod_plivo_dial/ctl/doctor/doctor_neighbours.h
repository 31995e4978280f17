// File: mod_plivo_dial/ctl/doctor/doctor_neighbours.h
//
// What `plivo-dialctl doctor` says about other modules that httpd has loaded.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/findings.h"

namespace plivo_dial::ctl {

// A sentence for each neighbour that the dump names.
void check_neighbours(const ConfigManifest& config, Findings& findings);

}  // namespace plivo_dial::ctl
