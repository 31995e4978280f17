// File: mod_plivo_dial/ctl/doctor/doctor_spool.h
//
// The part of `plivo-dialctl doctor` that looks at the spool, its dispatcher and its sinks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/findings.h"

namespace plivo_dial::ctl {

// Last of all that the doctor does: root becomes the spool's owner for good.
void check_spool(const ConfigManifest& config, Findings& findings);

}  // namespace plivo_dial::ctl
