// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plan/routed_number.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "lib/route/number_pattern.h"
#include "lib/route/route_code.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kWhenWord = "when=";
constexpr std::string_view kTimeoutWord = "timeout=";
constexpr int kPlivosTimeout = 120;  // seconds that Plivo lets a phone ring

void add_word(std::string& words, const std::string& word) {
  words += (words.empty() ? "" : " ") + word;
}

// What stands behind the last `name` that begins a word of `words`.
std::optional<std::string> value_in(const std::string& words, std::string_view name) {
  const std::size_t at = (" " + words).rfind(" " + std::string(name));
  if (at == std::string::npos) return std::nullopt;
  const std::string rest = words.substr(at + name.size());
  return rest.substr(0, rest.find(' '));
}

// Gives the word that begins with `name` another value, or adds it.
void set_word(std::string& words, std::string_view name, const std::string& value) {
  const std::string word = std::string(name) + value;
  const std::size_t at = (" " + words).rfind(" " + std::string(name));
  if (at == std::string::npos) return add_word(words, word);
  const std::size_t end = std::min(words.find(' ', at), words.size());
  words.replace(at, end - at, word);
}

ManifestStage stage_of_line(const Route& route, const std::string& position) {
  ManifestStage stage;
  stage.position = position;
  for (const Target& target : route.targets) stage.targets.push_back(target.address);
  return stage;
}

// Of the stages, where the line gives them their time or is the only one; "" where keys or lines of
// PlivoOn may make more phones ring.
std::string ringing_of_line(const ManifestPlan& plan, const Route& route) {
  if (!plan.menus.empty() || !plan.follow_ups.empty()) return "";
  const auto of_every_dial = value_in(plan.every_dial, kTimeoutWord);
  const int otherwise = of_every_dial ? std::atoi(of_every_dial->c_str()) : kPlivosTimeout;
  const int each = route.timeout != 0 ? static_cast<int>(route.timeout) : otherwise;
  return std::to_string(each * static_cast<int>(plan.stages.size())) + " s";
}

void take_voicemail(const Route& route, const std::string& position, ManifestPlan& plan) {
  const bool has_one = !plan.not_reached_position.empty();
  if (route.voicemail == true && !has_one) {
    plan.not_reached = "voicemail";
    plan.not_reached_position = position;
  }
  const bool loses_it = route.voicemail == false && has_one;
  if (loses_it) {
    plan.not_reached_position.clear();
    plan.voicemail.clear();
  }
  const bool has_none = plan.not_reached.empty() && !plan.stages.empty();
  if (loses_it || has_none) plan.not_reached = "speaks an apology and hangs up";
}

}  // namespace

std::string RoutedNumber::position() const {
  return file + ":" + std::to_string(route ? route->line : 0);
}

RoutedNumber RouteMaps::look_up(const std::string& file, const std::string& number) {
  auto place = maps_.find(file);
  if (place == maps_.end()) place = maps_.emplace(file, LoadedMap::of_file(file)).first;
  RoutedNumber routed;
  routed.file = file;
  const Result<LoadedMap>& map = place->second;
  if (!map) {
    routed.error = map.error().message;
    return routed;
  }
  routed.by_caller = map->lines().from + map->lines().forwarded;
  const std::optional<FoundRoute> found = map->find(number);
  if (!found) return routed;
  routed.key = to_string(NumberPattern{std::string(found->digits), found->is_prefix});
  routed.route = to_route(found->route);
  return routed;
}

ManifestPlan routed_plan_of(const ManifestPlan& base, const Route& route,
                            const std::string& position) {
  ManifestPlan plan = base;
  plan.position = position;
  if (!route.targets.empty()) {
    plan.stages = {stage_of_line(route, position)};
  } else if (route.plan.empty()) {
    plan.stages.clear();
    plan.longest_ringing.clear();
  }
  const bool has_own_time = !route.targets.empty() || (route.timeout != 0 && !plan.stages.empty());
  if (has_own_time) plan.longest_ringing = ringing_of_line(plan, route);
  if (route.plan.empty()) plan.begin.clear();
  for (ManifestStage& stage : plan.stages) {
    if (route.timeout != 0) set_word(stage.dial, kTimeoutWord, std::to_string(route.timeout));
    if (!route.schedule.empty()) add_word(stage.dial, std::string(kWhenWord) + route.schedule);
  }
  if (route.caller_id.kind != CallerId::Kind::kPlivo) {
    plan.caller_id = describe(route.caller_id);
  }
  take_voicemail(route, position, plan);
  return plan;
}

}  // namespace plivo_dial::ctl
