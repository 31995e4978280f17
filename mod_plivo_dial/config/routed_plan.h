// File: mod_plivo_dial/config/routed_plan.h
//
// The plan of a call that a line of a route map is for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/route/route_code.h"
#include "lib/route/route_image.h"
#include "lib/tables/tables_view.h"
#include "mod_plivo_dial/config/answer_book.h"

namespace plivo_dial {

// The line of the map of `config` that is for a call with these numbers, of which the called one
// may be the name of a plan. Nothing where a section of `config` is for the number, or no line.
// `tables` may be null.
std::optional<FoundRoute> route_for(const DirConfig& config, const TablesView* tables,
                                    const CallNumbers& numbers);

// `base`, the plan that the line names or that of its Location, with what the line says in its
// place: targets are the only stage, and without a plan= what the Location says of a call that
// begins gives way to them. `map`, the path of the map, must outlive the plan.
ResolvedPlan routed_plan(const ResolvedPlan& base, const RouteView& route, const std::string& map);

}  // namespace plivo_dial
