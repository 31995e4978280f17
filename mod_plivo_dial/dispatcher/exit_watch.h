// File: mod_plivo_dial/dispatcher/exit_watch.h
//
// The kernel's view of the running dispatcher (child_end.h), kept over reloads; apart from what
// else is kept of it, whose layout the version before this one knows.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>

#include "mod_plivo_dial/dispatcher/child_end.h"

namespace plivo_dial {

// For the parent, which is single-threaded; close_exit_watch() for its children as well.

// From now on `pid` is watched, a child that was not collected, and no other.
void watch_exit_of(pid_t pid);

void close_exit_watch();

// How the one that is watched ended; see end_from_watch().
std::optional<ChildEnd> end_from_exit_watch();

}  // namespace plivo_dial
