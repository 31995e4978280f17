// File: mod_plivo_dial/check/server_name.h
//
// What a server is called for people.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// "main server", or the virtual host's "name:port".
std::string server_name(const server_rec& server);

}  // namespace plivo_dial
