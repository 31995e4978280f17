// File: mod_plivo_dial/check/check_config.h
//
// What can only be judged when the whole configuration has been read: plans that need a URL, a
// spool that can't be written, programs that can't be run. Use it from the check_config hook,
// which `apachectl configtest` reaches.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/check/config_report.h"
#include "mod_plivo_dial/config/prepare.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Judges the configuration, of which `prepared` was made.
ConfigReport check_configuration(const Prepared& prepared, apr_pool_t* scratch,
                                 server_rec* main_server);

}  // namespace plivo_dial
