// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/tables/map_names.h"

#include <algorithm>
#include <filesystem>

#include "lib/webhook/continuation.h"
#include "mod_plivo_dial/ctl/tables/configured_tables.h"

namespace plivo_dial::ctl {
namespace {

std::string absolute_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

std::vector<std::string> all_plans(const ConfigManifest& config) {
  std::vector<std::string> plans;
  for (const ManifestLocation& location : config.locations) {
    for (const ManifestPlan& plan : location.plans) {
      if (is_plan_name(plan.name)) plans.push_back(plan.name);
    }
  }
  std::ranges::sort(plans);
  const auto twice = std::ranges::unique(plans);
  plans.erase(twice.begin(), twice.end());
  return plans;
}

}  // namespace

ConfiguredNames MapNames::configured() const {
  return {{schedules.begin(), schedules.end()}, {plans.begin(), plans.end()}};
}

MapNames map_names(const ConfigManifest& config, const std::string& path) {
  MapNames names;
  for (const ManifestSchedule& schedule : config.schedules) {
    if (!schedule.arguments.empty()) names.schedules.push_back(schedule.arguments.front());
  }
  const Result<TablesConfig> tables = configured_tables(config);
  if (tables) {
    const auto known =
        std::ranges::find(tables->maps, absolute_path(path),
                          [](const RouteMapFile& file) { return absolute_path(file.path); });
    if (known != tables->maps.end()) {
      names.plans = known->plans;
      return names;
    }
  }
  names.plans = all_plans(config);
  return names;
}

}  // namespace plivo_dial::ctl
