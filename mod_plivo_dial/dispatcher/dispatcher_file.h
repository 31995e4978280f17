// File: mod_plivo_dial/dispatcher/dispatcher_file.h
//
// For PlivoDispatcher External: plivo-diald runs as a unit of the system's, and finds in a file
// what httpd's configuration says of spool and sinks. httpd writes it at each start and reload, and
// plivo-diald notices; so there is one configuration, httpd's.
//
// All functions run in httpd's parent.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/result.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Whether the file can be there: its directory is, or can be made in a directory that is. For
// configtest; changes nothing. The error names the path and the remedy.
Result<void> check_dispatcher_file(const std::string& path);

// Replaces the file of PlivoDispatcher External by the configuration as it stands, readable for
// httpd's Group. Makes its directory if only that is missing. Logs what goes wrong; then the
// dispatcher goes on with what it has.
void write_dispatcher_file(server_rec* main_server);

}  // namespace plivo_dial
