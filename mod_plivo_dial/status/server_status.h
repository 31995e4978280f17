// File: mod_plivo_dial/status/server_status.h
//
// This server's status file, see lib/status: made by the parent, written to by all processes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/spool/spool_error.h"
#include "lib/status/refused_events.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Where the status file of this configuration is, or will be: in DefaultRuntimeDir.
std::string status_file_path(apr_pool_t* scratch, const server_rec* main_server);

// Makes it for all children of this configuration, and sets g_shared.status; what was counted
// stays. Where it can't be made, children share counters that no tool sees, and the log says so. In
// the parent, before children are forked.
void open_server_status(apr_pool_t* scratch, server_rec* main_server);

// Makes the spool's link to the file anew where it is missing, as in a directory that took the
// place of the one before. In the parent.
void keep_status_link(server_rec* main_server);

// The dispatcher that this httpd has started; 0 for none. In the parent.
void note_dispatcher(pid_t pid);

// What became of an event in this process. From any thread.
void note_event(const SpoolResult<void>& stored, LostEvent if_not);

}  // namespace plivo_dial
