// File: lib/status/status_text.h
//
// What a status file says, in sentences for the administrator: the same at configtest and in tools.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/status/status_file.h"

namespace plivo_dial {

// "httpd's processes of user www-data could not store events since 2026-11-29T17:50:23Z ...", with
// the counts and the reason. The reason's bytes are those of the file. Reads the database of users.
std::string refused_events_text(const RefusedEventsReport& report);

// The name of a user, or "user id 1001".
std::string user_text(uid_t user);

}  // namespace plivo_dial
