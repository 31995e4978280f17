// File: mod_plivo_dial/ctl/tables/compile_report.h
//
// What `plivo-dialctl compile` tells of the tables that it made.
//
//   CompileReport report;
//   describe_tables(config, tables->image, wall_clock_us(), report);
//   print(render_compile(report));
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/schedule/zone_offsets.h"
#include "lib/settings/tables_config.h"

namespace plivo_dial::ctl {

struct CompileReport {
  struct ScheduleNow {
    std::string name;
    std::string zone;
    bool open = false;
    bool overridden = false;       // by the override file
    std::string reason;            // "weekly hours", "the override file"
    std::optional<Instant> until;  // when it closes or opens; nothing: not within what is known
    std::string until_wall;        // what the clocks of the zone show then
  };
  struct TableOfFile {
    std::string path;
    std::size_t size;  // lines of a map, entries of a list
  };

  bool made = false;  // they are in the spool
  bool dry_run = false;
  std::string image;     // its path; "" where there is nothing to make
  std::size_t size = 0;  // of the image, bytes
  std::vector<ScheduleNow> schedules;
  std::vector<TableOfFile> maps;
  std::vector<TableOfFile> lists;
  std::vector<std::string> faults;
  std::vector<std::string> remarks;
};

// Adds to `report` what is in `image`, the bytes that were made of `config`: its size, how
// schedules stand at `now_us`, microseconds since 1970, how long maps and lists are. Override files
// are read, and a fault of one is a remark. Fails only where the bytes are no image.
Result<void> describe_tables(const TablesConfig& config, std::string_view image,
                             std::int64_t now_us, CompileReport& report);

// For people, safe for a terminal; and one JSON object, see the manual. Pure.
std::string render_compile(const CompileReport& report);
std::string render_compile_json(const CompileReport& report);

}  // namespace plivo_dial::ctl
