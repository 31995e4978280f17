// File: mod_plivo_dial/ctl/plan/routed_number.h
//
// A number that a route map decides: its line, and what the line makes of the Location's plan, in
// the words of the manifest.
//
//   RouteMaps maps;
//   const RoutedNumber routed = maps.look_up(location.route_map, "+14155550199");
//   if (routed.route) plan = routed_plan_of(plan, *routed.route, routed.position());
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "lib/base/result.h"
#include "lib/route/route.h"
#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/tables/loaded_map.h"

namespace plivo_dial::ctl {

// What a map says of a number.
struct RoutedNumber {
  std::string file;
  std::string key;             // the first word of the line: "+1415777*"
  std::optional<Route> route;  // nothing: no line is for the number
  std::size_t by_caller = 0;   // lines with from: or forwarded:, which come before it
  std::string error;           // why the map can't be asked; "" where it was

  std::string position() const;  // "/etc/plivo-dial/numbers.txt:3"
};

// Each map is read once.
class RouteMaps {
 public:
  // `number` in E.164; lines with from: or forwarded: are left out, as nobody is known who calls.
  RoutedNumber look_up(const std::string& file, const std::string& number);

 private:
  std::map<std::string, Result<LoadedMap>, std::less<>> maps_;
};

// `base`, the plan that the line names or that of its Location, with what the line says in its
// place; see mod_plivo_dial/config/routed_plan.h. Pure.
ManifestPlan routed_plan_of(const ManifestPlan& base, const Route& route,
                            const std::string& position);

}  // namespace plivo_dial::ctl
