// File: mod_plivo_dial/config/routed_plan.h
//
// The plan of a call that a line of a route map is for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/route/route_code.h"
#include "mod_plivo_dial/config/answer_book.h"

namespace plivo_dial {

// `base`, the plan that the line names or that of its Location, with what the line says in its
// place: targets are the only stage, and without a plan= what the Location says of a call that
// begins gives way to them. `map`, the path of the map, must outlive the plan.
ResolvedPlan routed_plan(const ResolvedPlan& base, const RouteView& route, const std::string& map);

}  // namespace plivo_dial
