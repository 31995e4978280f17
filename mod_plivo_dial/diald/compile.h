// File: mod_plivo_dial/diald/compile.h
//
// plivo-diald --compile: makes the tables of a configuration, which httpd's parent asks for at its
// start, and the dispatcher itself when a file has changed. It is a process of its own, since
// calendars are read by a library, the time zone database once in a process, and much memory at
// once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {

// Reads the configuration (dispatcher_config.h) from standard input, becomes its identity, and puts
// the tables into its spool, unless that is not wanted. Prints one object of JSON: "faults", what
// is wrong with the files; "remarks", what is unusual; "error", what else went wrong, or null. The
// exit status: 0 when the tables are made.
int compile_for(bool dry_run);

}  // namespace plivo_dial
