// File: mod_plivo_dial/diald/waiting.h
//
// What httpd's configtest asks the dispatcher's program, since httpd itself reads no store: for
// which sinks events wait.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plivo_dial {

// Prints a line "COUNT NAME" for each sink of the store in `spool` for which events wait, whether
// it is configured or not. As root it becomes the owner of the spool first, so that no file of
// root's is left there. Returns the exit status: 0, also without a store, or 1, and nothing
// printed, when it can't be read.
int print_waiting(const std::string& spool);

}  // namespace plivo_dial
