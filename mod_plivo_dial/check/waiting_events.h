// File: mod_plivo_dial/check/waiting_events.h
//
// Events that wait for a sink which the tested configuration does not have: a reload with it makes
// dead letters of them. For configtest alone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

// A warning for each such sink. Asks the dispatcher's program, for at most 5 seconds; where that
// can't tell, there is no warning.
std::vector<std::string> waiting_warnings(const ServerConfig& server);

}  // namespace plivo_dial
