// File: lib/compile/compile_tables.h
//
// From schedules, route maps and lists, as people write them, to the one image that requests look
// into. Not for httpd's process: calendars and time zones need libraries of their own.
//
//   const auto tables = compile_tables(config, wall_clock_us());
//   if (!tables) for (const std::string& fault : tables.error().faults) print(fault);
//   write_image(path_in_spool(spool, kTablesFile), tables->image);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/settings/tables_config.h"

namespace plivo_dial {

struct CompiledTables {
  std::string image;
  std::vector<std::string> remarks;  // what is unusual and no fault, with its file
};

// All that is wrong, each "file:line: what, and the remedy" as far as it has a place; `message` has
// them one a line.
struct CompileError : Error {
  std::vector<std::string> faults;
};

// Reads all files that `config` names. Schedules are worked out from the day before `now_us`,
// microseconds since 1970, for two years. Whatever is wrong in one of the files is told, and then
// there are no tables. 100,000 lines of a map take about half a second.
Result<CompiledTables, CompileError> compile_tables(const TablesConfig& config,
                                                    std::int64_t now_us);

// The files that `config` names, overrides left out: what tables depend on.
std::vector<std::string> files_of(const TablesConfig& config);

}  // namespace plivo_dial
