// File: mod_plivo_dial/check/check_config.h
//
// What can only be judged when the whole configuration has been read: plans that need a URL, a
// spool that can't be written, programs that can't be run. Use it from the check_config hook,
// which `apachectl configtest` reaches.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/prepare.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Everything wrong, in words for the administrator.
struct ConfigReport {
  std::vector<std::string> errors;
  // Wrong now, but not by the configuration's fault: a missing directory, a program that can't be
  // run. It stops a start, but never a server that runs.
  std::vector<std::string> environment_errors;
  // Beside those, what only who starts httpd can judge: PD0106.
  std::vector<std::string> unjudged;
  std::vector<std::string> warnings;
  std::vector<std::string> twins;  // Locations of several virtual hosts for one URL: PD0105
};

// Judges the configuration, of which `prepared` was made.
ConfigReport check_configuration(const Prepared& prepared, apr_pool_t* scratch,
                                 server_rec* main_server);

}  // namespace plivo_dial
