// File: mod_plivo_dial/check/dump_config.h
//
// `apachectl -t -D DUMP_PLIVO`: every plan as requests will meet it, with file and line.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Prints to standard output. Shows no secrets, since the configuration structs hold none.
void dump_configuration(apr_pool_t* scratch, server_rec* main_server);

}  // namespace plivo_dial
