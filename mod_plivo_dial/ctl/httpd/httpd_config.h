// File: mod_plivo_dial/ctl/httpd/httpd_config.h
//
// httpd's configuration as it would be after a reload, for commands that need to know what it says:
// asked of httpd's own control program.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/settings/config_manifest.h"
#include "lib/settings/explanation.h"
#include "mod_plivo_dial/ctl/httpd/configtest.h"
#include "mod_plivo_dial/ctl/httpd/control_program.h"

namespace plivo_dial::ctl {

// For --httpd: the path that was given, or that of the distribution. The error names the remedy.
Result<std::string> control_program(const std::string& given);

// Runs `program` -t -D DUMP_PLIVO_JSON. Fails when it can't be run or does not end.
Result<ProgramRun> dump_of_httpd(const std::string& program);

// The configuration, by the control program `given` ("" for the distribution's). Fails when it has
// errors, cannot be read by this user, or has no Plivo directive; the error names the remedy.
// Faults in files of schedules and route maps are none of it.
Result<ConfigManifest> httpd_config(const std::string& given);

// What decides about the call of `question`, as the module itself tells it. Fails as
// httpd_config().
Result<std::vector<ExplainedCall>> explanation_of_httpd(const std::string& given,
                                                        const CallQuestion& question);

}  // namespace plivo_dial::ctl
