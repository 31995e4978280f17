// File: mod_plivo_dial/config/servers.h
//
// httpd's servers in the order in which people wrote them: httpd itself keeps its virtual hosts
// with the last one first.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// The main server, then each virtual host as it stands in the configuration. What is pointed to is
// httpd's.
std::vector<const server_rec*> servers_in_order(const server_rec* main_server);

}  // namespace plivo_dial
