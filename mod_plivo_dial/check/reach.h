// File: mod_plivo_dial/check/reach.h
//
// Where on this machine a connection reaches a server of the configuration: by httpd's Listen
// lines, and by the addresses of its virtual hosts, which take their connections from the main
// server. Use it at configuration time, to say where to ask.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// "127.0.0.1:8080", "[::1]:443": each address and port once, in the order of the Listen lines. A
// Listen without an address is tried at 127.0.0.1. Empty: no connection gets there. Which of
// several virtual hosts of one address it is, the request's host name decides.
std::vector<std::string> reached_at(apr_pool_t* pool, const server_rec* main_server,
                                    const server_rec* server);

}  // namespace plivo_dial
