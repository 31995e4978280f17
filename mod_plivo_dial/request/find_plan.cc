// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/find_plan.h"

#include <utility>

#include "lib/schedule/date_text.h"
#include "lib/webhook/continuation.h"
#include "mod_plivo_dial/config/routed_plan.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

// The section that the URL of a sound names, by the digits of a number or by a plan's name.
std::optional<std::string_view> key_in_url(const RequestState& state) {
  const Endpoint endpoint = state.webhook.endpoint;
  if (endpoint != Endpoint::kConfirm && endpoint != Endpoint::kMusic) return std::nullopt;
  const Form& query = state.intake.parameters.query;
  const auto plan = plan_in(query);
  return plan ? plan : number_in(query);
}

// What decides which section is for a call: the digits of our number, or the name of a plan.
std::string_view key_of(const RequestState& state) {
  return key_in_url(state).value_or(our_number(state.webhook));
}

// The line of the map that is for the call; nothing where the URL names the section: what a line
// says beside it is in no sound.
std::optional<FoundRoute> route_of(const DirConfig& config, const RequestState& state,
                                   std::string_view key) {
  if (key_in_url(state)) return std::nullopt;
  const Webhook& webhook = state.webhook;
  // The caller of a call that we placed is whom it rings.
  const bool placed = is_placed_by_us(webhook);
  const std::string_view caller = (placed ? webhook.to : webhook.from).value_or("");
  const auto forwarded = state.intake.parameters.find("ForwardedFrom");
  return route_for(config, state.tables.get(), {key, caller, forwarded.value_or("")});
}

Result<ResolvedPlan> plan_of_section(request_rec* r, const DirConfig& config,
                                     std::string_view key) {
  Decision decision = decide(r->pool, config, key);
  return resolve_plan(*decision.config, std::move(decision.name));
}

}  // namespace

void take_tables(RequestState& state) {
  if (g_config.tables == nullptr) return;
  Tables& tables = *g_config.tables;
  state.tables = tables.current(state.received_us);
  const TablesView* const view = state.tables.get();
  const auto asked = state.intake.parameters.find(kAtParameter);
  state.hours = HoursAt::asked_for(tables, view, asked ? parse_asked_time(*asked) : std::nullopt,
                                   state.received_us);
}

Result<void> find_plan(request_rec* r, const DirConfig& config, RequestState& state) {
  if (config.location == nullptr) {
    return Error{"SetHandler plivo-dial outside of a <Location> with Plivo directives: no plan"};
  }
  std::string_view key = key_of(state);
  CallPlan& plan = state.plan;
  // A callback names no number of ours; among several numbers its plan can't be told. A Location
  // for reports alone has none.
  const bool one_plan = config.numbers == nullptr && config.route_map == nullptr;
  plan.is_certain = config.plan_location != nullptr && (one_plan || !key.empty());
  std::optional<FoundRoute> found;
  if (config.route_map != nullptr) found = route_of(config, state, key);
  // A line without a plan stands on that of the Location, as a section of a number does.
  if (found) key = found->route.plan;
  const bool is_own = found ? key.empty() : key == kOwnPlan.substr(1);
  const AnswerBook* book = g_config.books == nullptr ? nullptr : g_config.books->find(config);
  if (book != nullptr) {
    plan.of_book = is_own ? &book->own() : &book->find(key);
  } else {
    DirConfig alone = config;
    if (is_own) alone.numbers = nullptr;
    Result<ResolvedPlan> resolved = plan_of_section(r, alone, key);
    if (!resolved) return resolved.error();
    plan.own.reset(new ResolvedPlan(std::move(resolved).value()));
  }
  if (found) {
    plan.own.reset(
        new ResolvedPlan(routed_plan(*plan.get(), found->route, config.route_map->path)));
  }
  return {};
}

}  // namespace plivo_dial
