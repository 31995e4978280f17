// File: lib/settings/tables_config.h
//
// What the directives say of the tables that requests look into: schedules, route maps and lists of
// callers. The module tells plivo-diald, which makes the tables of it (lib/compile).
//
//   TablesConfig tables;
//   tables.schedules = {{{"office", "Europe/London", "Mon-Fri 09:00-18:00"}, "/etc/a.conf:7"}};
//   tables.maps = {{"/etc/plivo-dial/numbers.txt", {"sales"}, "/etc/a.conf:9"}};
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/json/json_value.h"

namespace plivo_dial {

// One PlivoSchedule line, which parse_schedule() takes.
struct ScheduleLine {
  std::vector<std::string> arguments;
  std::string position;  // "/etc/apache2/x.conf:7"

  friend bool operator==(const ScheduleLine&, const ScheduleLine&) = default;
};

// A file of PlivoRouteMap.
struct RouteMapFile {
  std::string path;                // absolute
  std::vector<std::string> plans;  // that its lines may name
  std::string position;            // of the first line that names it

  friend bool operator==(const RouteMapFile&, const RouteMapFile&) = default;
};

// A file of PlivoAllowFrom or PlivoDenyFrom.
struct NumberListFile {
  std::string path;
  std::string position;

  friend bool operator==(const NumberListFile&, const NumberListFile&) = default;
};

// Whom a number with a section of its own rings, or a plan that maps name.
struct SectionDials {
  std::string name;                  // "+14155550199", "sales"
  std::vector<std::string> targets;  // of all its stages
  std::string position;              // of its first stage

  friend bool operator==(const SectionDials&, const SectionDials&) = default;
};

struct TablesConfig {
  std::vector<ScheduleLine> schedules;  // names are unique
  std::vector<RouteMapFile> maps;       // paths are unique
  std::vector<NumberListFile> lists;    // paths are unique
  std::vector<SectionDials> dials;      // beside maps, for circles over both

  bool empty() const { return schedules.empty() && maps.empty() && lists.empty(); }
  friend bool operator==(const TablesConfig&, const TablesConfig&) = default;
};

// {"schedules":[{"arguments":[...],"position":"..."}],"maps":[{"path":"...","plans":[...],
//  "position":"..."}],"lists":[{"path":"...","position":"..."}],"dials":[{"name":"...",
//  "targets":[...],"position":"..."}]}, pure ASCII on one line.
std::string to_json(const TablesConfig& tables);

// Reads what to_json wrote; the error names the member.
Result<TablesConfig> tables_config_from_json(const JsonValue& value);

// A number for what the tables hold, wherever the lines stand.
std::uint64_t digest_of(const TablesConfig& tables);

}  // namespace plivo_dial
