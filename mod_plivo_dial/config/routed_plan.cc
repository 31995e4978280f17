// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/routed_plan.h"

#include <utility>

#include "lib/plan/target.h"
#include "lib/webhook/continuation.h"

namespace plivo_dial {
namespace {

Target target_at(std::string_view address) {
  const bool is_number = address.starts_with('+');
  return {is_number ? Target::Kind::kNumber : Target::Kind::kUser, std::string(address), {}};
}

Stage stage_of(const RouteView& route, const Position& position) {
  Stage stage;
  for (RouteTargets rest = route.targets; rest.size() > 0;) {
    stage.targets.push_back(target_at(rest.take_first()));
  }
  stage.position = position;
  return stage;
}

}  // namespace

std::optional<FoundRoute> route_for(const DirConfig& config, const TablesView* tables,
                                    const CallNumbers& numbers) {
  if (config.route_map == nullptr || tables == nullptr) return std::nullopt;
  const MapInImage* const map = tables->map(config.route_map->path);
  if (map == nullptr || is_plan_name(numbers.called)) return std::nullopt;
  if (config.numbers != nullptr && config.numbers->sections.contains(numbers.called)) {
    return std::nullopt;
  }
  return map->find(numbers);
}

ResolvedPlan routed_plan(const ResolvedPlan& base, const RouteView& route, const std::string& map) {
  ResolvedPlan resolved;
  resolved.plan = base.plan;
  resolved.urls = base.urls;
  resolved.position = {map.c_str(), static_cast<int>(route.line)};
  resolved.callers = base.callers;
  Plan& plan = resolved.plan;
  if (route.targets.size() > 0) {
    plan.stages = {stage_of(route, resolved.position)};
    if (route.plan.empty()) plan.begin.reset();
  } else if (route.plan.empty()) {
    plan.stages.clear();
    plan.begin.reset();
  }
  for (Stage& stage : plan.stages) {
    if (route.timeout != 0) {
      set_attribute(stage.attributes, "timeout", std::to_string(route.timeout));
    }
    stage.when_of_map.schedule = route.schedule;
  }
  if (plan.begin) plan.begin->when_of_map.schedule = route.schedule;
  if (route.caller_id != CallerId::Kind::kPlivo) {
    plan.caller_id = {route.caller_id, std::string(route.caller_number)};
  }
  if (route.voicemail == false) plan.voicemail.reset();
  if (route.voicemail == true && !plan.voicemail) {
    plan.voicemail.emplace().position = resolved.position;
  }
  return resolved;
}

}  // namespace plivo_dial
