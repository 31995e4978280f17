// File: mod_plivo_dial/ctl/tables/map_names.h
//
// What a route map may name: the schedules and plans of httpd's configuration.
//
//   const MapNames names = map_names(*httpd_config(""), "/etc/plivo-dial/numbers.txt");
//   read_route_map(text, &names.configured())
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/route/route_line.h"
#include "lib/settings/config_manifest.h"

namespace plivo_dial::ctl {

struct MapNames {
  std::string unknown;  // why they are not known; "" where they are
  std::vector<std::string> schedules;
  std::vector<std::string> plans;

  // Views of them.
  ConfiguredNames configured() const;
};

// The plans are those that a map at `path` may name, as PlivoRouteMap has it; of a file that no
// Location names, those of all Locations. Pure but for the directory that a relative path is below.
MapNames map_names(const ConfigManifest& config, const std::string& path);

}  // namespace plivo_dial::ctl
