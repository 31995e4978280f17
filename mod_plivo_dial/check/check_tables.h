// File: mod_plivo_dial/check/check_tables.h
//
// Schedules, route maps and lists: that each name is known, and that their files are without
// faults. The files are read by plivo-diald, since calendars and time zones need libraries that
// httpd has not.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lib/access/file_access.h"
#include "mod_plivo_dial/config/prepare.h"

namespace plivo_dial {

// That the schedules which `plan` asks for are among those of `server`; each error names the line
// and the nearest name.
std::vector<std::string> schedule_errors(const ResolvedPlan& plan, const ServerConfig& server);

// Override files that are there and that `identity` may not read, each with its line and why: its
// processes read them themselves.
std::vector<std::pair<std::string, std::string>> unreadable_overrides(const Tables& tables,
                                                                      const Identity& identity);

struct TablesReport {
  std::vector<std::string> faults;    // of files, with their lines
  std::vector<std::string> warnings;  // what is unusual in them
  std::string error;                  // why it can't be told; "" where it was
};

// Has the tables made, and, where this is not a mere test, put into the spool. Takes as long as
// that does; nothing is done at a start whose tables are there already. At a start faults are
// warnings where there are older tables of this configuration.
TablesReport make_tables(const Tables& tables, server_rec* main_server);

}  // namespace plivo_dial
