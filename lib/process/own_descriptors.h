// File: lib/process/own_descriptors.h
//
// A descriptor table of a thread's own. The kernel closes a table with the last thread that has it,
// and copies it for each program that is started: where one thread may hang in the kernel, what the
// others have open must not depend on it, nor they on what hangs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {

// Gives the calling thread a table of its own with the standard three, 0 and 1 being /dev/null, and
// nothing else: descriptors from before mean nothing to it, nor its own to others. Where the kernel
// refuses it, and under ThreadSanitizer, which knows one table for a process, all stays as it is.
void take_own_descriptors();

}  // namespace plivo_dial
