// File: mod_plivo_dial/ctl/doctor/doctor_spool.h
//
// The part of `plivo-dialctl doctor` that looks at the spool, its dispatcher and its sinks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/ctl/httpd/doctor_config.h"
#include "mod_plivo_dial/ctl/findings.h"

namespace plivo_dial::ctl {

// Last of all that the doctor does: root becomes the spool's owner for good.
void check_spool(const DumpedConfig& config, Findings& findings);

}  // namespace plivo_dial::ctl
