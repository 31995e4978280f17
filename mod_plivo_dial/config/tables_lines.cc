// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/tables_lines.h"

#include <algorithm>

#include "lib/webhook/continuation.h"

namespace plivo_dial {
namespace {

void add_map(const DirConfig& config, std::vector<RouteMapFile>& maps) {
  if (config.route_map == nullptr) return;
  const RouteMapLine& line = *config.route_map;
  const std::vector<std::string> plans = plan_names(config);
  const auto known = std::ranges::find(maps, line.path, &RouteMapFile::path);
  if (known == maps.end()) {
    maps.push_back({line.path, plans, to_string(line.position)});
    return;
  }
  std::erase_if(known->plans, [&](const std::string& name) {
    return std::ranges::find(plans, name) == plans.end();
  });
}

}  // namespace

std::vector<std::string> plan_names(const DirConfig& config) {
  std::vector<std::string> names;
  if (config.numbers == nullptr) return names;
  for (const auto& [name, section] : config.numbers->sections) {
    if (is_plan_name(name)) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

TablesConfig tables_of(const ServerConfig& server, const std::vector<Section>& sections) {
  TablesConfig tables;
  tables.schedules = server.schedules;
  for (const Section& section : sections) add_map(*section.config, tables.maps);
  return tables;
}

}  // namespace plivo_dial
