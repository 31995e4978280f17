// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/tables_lines.h"

#include <algorithm>

#include "lib/route/caller_rules.h"
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

void add_lists(const DirConfig& config, std::vector<NumberListFile>& lists) {
  if (config.callers == nullptr) return;
  for (const auto& [path, position] : config.callers->files()) {
    if (std::ranges::find(lists, path, &NumberListFile::path) != lists.end()) continue;
    lists.push_back({path, to_string(position)});
  }
}

// Those of a Location and of what decides about some of its calls.
void add_all_lists(const DirConfig& config, std::vector<NumberListFile>& lists) {
  add_lists(config, lists);
  if (config.numbers == nullptr) return;
  for (const auto& [name, section] : config.numbers->sections) add_lists(*section.config, lists);
  if (config.numbers->otherwise != nullptr) add_lists(*config.numbers->otherwise->config, lists);
}

// Whom the numbers and plans of a Location with a map ring.
void add_dials(const AnswerBook& book, std::vector<SectionDials>& all) {
  for (const ResolvedPlan* resolved : book.plans()) {
    const Plan& plan = resolved->plan;
    const std::vector<const Stage*> stages = all_stages(plan);
    const bool is_named = plan.name.starts_with('+') || is_plan_name(plan.name);
    if (!is_named || stages.empty()) continue;
    SectionDials& dials = all.emplace_back();
    dials.name = plan.name;
    dials.position = to_string(stages.front()->position);
    for (const Stage* stage : stages) {
      for (const Target& target : stage->targets) dials.targets.push_back(target.address);
    }
  }
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

TablesConfig tables_of(const ServerConfig& server, const std::vector<Section>& sections,
                       const AnswerBooks& books) {
  TablesConfig tables;
  tables.schedules = server.schedules;
  for (const Section& section : sections) {
    add_map(*section.config, tables.maps);
    add_all_lists(*section.config, tables.lists);
    const AnswerBook* const book = books.find(*section.config);
    if (section.config->route_map != nullptr && book != nullptr) add_dials(*book, tables.dials);
  }
  std::ranges::sort(tables.lists, {}, &NumberListFile::path);
  std::ranges::sort(tables.dials, {}, &SectionDials::name);
  return tables;
}

}  // namespace plivo_dial
