// File: mod_plivo_dial/ctl/tables/map_report.h
//
// What `plivo-dialctl map` says of a route map. Pure functions.
//
//   print(render_map_check({"numbers.txt", read_route_map(text, nullptr), names}));
//     -> numbers.txt: no fault in 2 numbers, 1 prefix, 0 from: and 0 forwarded: lines. ...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/route/route_map.h"
#include "mod_plivo_dial/ctl/tables/map_names.h"

namespace plivo_dial::ctl {

struct MapCheck {
  std::string file;  // as people named it
  ReadRouteMap read;
  MapNames names;  // by which it was read
};

// For people, safe for a terminal: each remark, each fault with its line, and a line that adds up.
std::string render_map_check(const MapCheck& check);

// One JSON object, see the manual.
std::string render_map_check_json(const MapCheck& check);

}  // namespace plivo_dial::ctl
