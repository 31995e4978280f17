// File: lib/process/process_setup.h
//
// What plivo-diald does to its own process before it does anything else: httpd's parent, from which
// it may come, runs as root, with blocked signals and open files of its own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/access/file_access.h"
#include "lib/base/result.h"
#include "lib/base/system_file.h"

namespace plivo_dial {

// Opens /dev/null for those of descriptors 0 to 2 that are closed, closes all above, resets umask,
// signal mask and dispositions, ignores SIGPIPE, forgoes new privileges, and adopts the orphans of
// its hooks, and lets threads share their memory. The value, a signalfd, becomes readable by
// SIGTERM, SIGINT or SIGHUP. Call it before any thread starts.
Result<Descriptor> set_up_process();

// Gives memory that is free back to the system, such as that of a backlog that was worked off.
// Thread-safe; takes milliseconds.
void give_back_memory();

// As root takes groups, gid and uid of `identity` for good, and verifies that; uid 0 stays root
// only when `identity` says so. Another user than root keeps his own identity.
Result<void> take_identity(const Identity& identity);

}  // namespace plivo_dial
