// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plan/number_plans.h"

#include <algorithm>
#include <cstdlib>

#include "lib/base/text.h"
#include "lib/json/json_writer.h"
#include "lib/plan/target.h"
#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/httpd/answer_locations.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

// A number without '+' and country code has at most this many digits.
constexpr std::size_t kLongestWithoutCountry = 10;

// One digit is another, or two neighbours are swapped, or one is missing or too many.
bool is_one_slip_away(const std::string& one, const std::string& other) {
  const auto [shared, there] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  const std::string a(shared, one.end());
  const std::string b(there, other.end());
  if (a.empty() || b.empty()) return a.size() + b.size() == 1;
  if (a.substr(1) == b.substr(1) || a.substr(1) == b || a == b.substr(1)) return true;
  return a.size() > 1 && b.size() > 1 && a[0] == b[1] && a[1] == b[0] && a.substr(2) == b.substr(2);
}

const ManifestPlan* plan_named(const ManifestLocation& location, const std::string& name) {
  const auto found = std::ranges::find(location.plans, name, &ManifestPlan::name);
  return found == location.plans.end() ? nullptr : &*found;
}

// Whether a line of the Location's route map decides, which then makes the plan of `chosen`.
bool is_routed(const std::string& number, RouteMaps& maps, NumberPlan& chosen) {
  const ManifestLocation& location = *chosen.location;
  if (location.route_map.empty() || !number.starts_with('+')) return false;
  chosen.routed = maps.look_up(location.route_map, number);
  const std::optional<Route>& route = chosen.routed->route;
  if (!route) return false;
  const ManifestPlan* const named = plan_named(location, route->plan);
  chosen.plan = routed_plan_of(named == nullptr ? location.plans.front() : *named, *route,
                               chosen.routed->position());
  chosen.decided_by = DecidedBy::kMap;
  return true;
}

NumberPlan plan_at(const ManifestLocation& location, const std::string& number, RouteMaps& maps) {
  const ManifestPlan& own = location.plans.front();
  NumberPlan chosen{&location, own, DecidedBy::kLocation, !numbers_of(location).empty(), "", {}};
  if (const ManifestPlan* const of_number = plan_named(location, number)) {
    chosen.plan = *of_number;
    chosen.decided_by = DecidedBy::kNumber;
    return chosen;
  }
  if (is_routed(number, maps, chosen)) return chosen;
  for (const ManifestPlan& plan : location.plans) {
    if (plan.name.starts_with('+') && is_one_slip_away(plan.name, number)) {
      chosen.nearest = plan.name;
      break;
    }
  }
  if (const ManifestPlan* const otherwise = plan_named(location, own.name + " default")) {
    chosen.plan = *otherwise;
    chosen.decided_by = DecidedBy::kDefault;
  }
  return chosen;
}

// What a Location with a route map says of dials holds for its lines alone where nothing else
// dials.
void leave_out_dials(ManifestPlan& plan) {
  const bool dials = !plan.stages.empty() || !plan.begin.empty() || !plan.menus.empty() ||
                     !plan.follow_ups.empty();
  if (dials) return;
  for (std::string* part : {&plan.confirm, &plan.recording, &plan.every_dial, &plan.caller_id,
                            &plan.action, &plan.callback}) {
    part->clear();
  }
}

std::string word_of(DecidedBy decided_by) {
  switch (decided_by) {
    case DecidedBy::kNumber:
      return "number";
    case DecidedBy::kMap:
      return "map";
    case DecidedBy::kDefault:
      return "default";
    case DecidedBy::kLocation:
      break;
  }
  return "location";
}

std::string section_of(const NumberPlan& chosen) {
  const std::string place = "  (" + chosen.plan.position + ")";
  switch (chosen.decided_by) {
    case DecidedBy::kNumber:
      return "<PlivoNumber " + chosen.plan.name + ">" + place;
    case DecidedBy::kMap:
      return chosen.routed->key + " in the route map" + place +
             (chosen.routed->route->plan.empty() ? "" : ", plan=" + chosen.routed->route->plan);
    case DecidedBy::kDefault:
      return "<PlivoNumber default>" + place + ", since no other names this number";
    case DecidedBy::kLocation:
      break;
  }
  return "<Location \"" + chosen.location->path + "\">" + place +
         (chosen.among_numbers ? ", since no <PlivoNumber> names this number" : "");
}

std::string stage_text(const ManifestStage& stage) {
  std::string text;
  for (const std::string& target : stage.targets) text += (text.empty() ? "" : " and ") + target;
  if (!stage.dial.empty()) text += "; " + stage.dial;
  return text + "  (" + stage.position + ")";
}

void add_unless_empty(TextTable& table, const char* title, const std::string& text) {
  if (!text.empty()) table.add({title, text});
}

// What else is to be known of a route map that was asked.
std::string map_text(const NumberPlan& chosen) {
  if (!chosen.routed) return "";
  const RoutedNumber& routed = *chosen.routed;
  if (!routed.error.empty()) {
    return "the route map can't be asked: " + routed.error +
           "; httpd goes on with the lines before";
  }
  if (routed.by_caller > 0) {
    return counted(routed.by_caller, "line") + " of " + routed.file +
           " with from: or forwarded: come before that, see plivo-dialctl map find";
  }
  return routed.route ? "" : routed.file + " has no line for it";
}

std::string details_of(const NumberPlan& chosen) {
  const ManifestPlan& plan = chosen.plan;
  TextTable table({"  plan", section_of(chosen)});
  add_unless_empty(table, "", map_text(chosen));
  if (!chosen.nearest.empty()) {
    table.add({"", "did you mean " + chosen.nearest + "? There is a <PlivoNumber> for it"});
  }
  for (const std::string& line : plan.callers) table.add({"  callers", line});
  for (const std::string& prompt : plan.prompts) table.add({"  first", prompt});
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    table.add({"  stage " + std::to_string(i + 1), stage_text(plan.stages[i])});
  }
  add_unless_empty(table, "  begins with", plan.begin);
  if (plan.stages.empty() && plan.begin.empty()) {
    table.add({"  stages", "none: nobody is dialled"});
  }
  for (const std::string& line : plan.menus) table.add({"  menu", line});
  add_unless_empty(table, "  confirm", plan.confirm);
  add_unless_empty(table, "  recorded", plan.recording);
  for (const std::string& line : plan.follow_ups) table.add({"  on", line});
  add_unless_empty(table, "  every dial", plan.every_dial);
  add_unless_empty(table, "  caller ID", plan.caller_id);
  add_unless_empty(table, "  rings",
                   plan.longest_ringing.empty() ? "" : "for at most " + plan.longest_ringing);
  add_unless_empty(table, "  nobody reached", plan.not_reached);
  for (const std::string& line : plan.voicemail) table.add({"", line});
  if (!does_something(plan)) table.add({"  answer", "an empty document: Plivo hangs up"});
  add_unless_empty(table, "  action", plan.action);
  add_unless_empty(table, "  callback", plan.callback);
  add_unless_empty(
      table, "  fallback",
      chosen.location->fallback.empty() ? "" : "the document of " + chosen.location->fallback);
  return table.text();
}

void put_stages(const ManifestPlan& plan, JsonWriter& json) {
  json.key("stages").begin_array();
  for (const ManifestStage& stage : plan.stages) {
    json.begin_object().member("targets", stage.targets).member("dial", stage.dial);
    json.member("position", stage.position).end_object();
  }
  json.end_array();
}

void put_routed(const std::optional<RoutedNumber>& routed, JsonWriter& json) {
  json.key("map");
  if (!routed) {
    json.value(nullptr);
    return;
  }
  json.begin_object().member("file", routed->file);
  const std::optional<Route>& route = routed->route;
  json.member("line", route ? std::optional(route->line) : std::nullopt);
  json.member("key", text_or_null(routed->key));
  json.member("schedule", text_or_null(route ? route->schedule : ""));
  json.member("by_caller", routed->by_caller);
  json.member("error", text_or_null(routed->error)).end_object();
}

void put_location(const NumberPlan& chosen, JsonWriter& json) {
  const ManifestPlan& plan = chosen.plan;
  json.begin_object().member("server", chosen.location->server);
  json.member("location", chosen.location->path);
  json.member("answer_url", text_or_null(answer_url_of(*chosen.location)));
  json.member("reached_at", chosen.location->places);
  json.member("decided_by", word_of(chosen.decided_by));
  json.member("plan", plan.name).member("position", plan.position);
  put_routed(chosen.routed, json);
  json.member("nearest", text_or_null(chosen.nearest)).member("prompts", plan.prompts);
  json.member("callers", plan.callers).member("begin", text_or_null(plan.begin));
  put_stages(plan, json);
  json.member("menus", plan.menus)
      .member("confirm", text_or_null(plan.confirm))
      .member("recording", text_or_null(plan.recording))
      .member("follow_ups", plan.follow_ups);
  json.member("every_dial", plan.every_dial).member("caller_id", plan.caller_id);
  json.member("longest_ringing", std::atoi(plan.longest_ringing.c_str()));
  json.member("not_reached", plan.not_reached).member("voicemail", plan.voicemail);
  json.member("action", text_or_null(plan.action));
  json.member("callback", text_or_null(plan.callback)).end_object();
}

}  // namespace

Result<std::string> number_called(std::string_view text) {
  constexpr std::string_view kTel = "tel:";
  if (text.starts_with("sip:")) return std::string(text);
  if (text.starts_with(kTel)) text.remove_prefix(kTel.size());
  if (is_all_digits(text) && text.size() > kLongestWithoutCountry) {
    const std::string number = "+" + std::string(text);
    if (check_e164(number)) return number;
  }
  if (const Result<void> checked = check_e164(text); !checked) return checked.error();
  return std::string(text);
}

Result<std::string> number_in(const std::vector<std::string>& words) {
  const auto is_number = [](const std::string& word) { return number_called(word).ok(); };
  if (words.size() > 1 && std::ranges::all_of(words, is_number)) {
    return Error{"these are several numbers: ask for one at a time"};
  }
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return number_called(text);
}

std::vector<NumberPlan> plans_for(const ConfigManifest& config, const std::string& number) {
  std::vector<NumberPlan> plans;
  RouteMaps maps;
  for (const ManifestLocation& location : config.locations) {
    if (!answers_calls(location) || location.plans.empty()) continue;
    plans.push_back(plan_at(location, number, maps));
    leave_out_dials(plans.back().plan);
  }
  return plans;
}

bool does_something(const ManifestPlan& plan) {
  return !plan.begin.empty() || !plan.prompts.empty() || !plan.stages.empty() ||
         !plan.not_reached.empty();
}

std::string render_plans(const std::string& number, const std::vector<NumberPlan>& plans) {
  std::string text = "A call to " + printable(number) + ":\n";
  for (const NumberPlan& chosen : plans) {
    const std::string url = answer_url_of(*chosen.location);
    text += "\n" +
            printable(chosen.location->server + ", " +
                      (url.empty()
                           ? "<Location \"" + chosen.location->path + "\"> without PlivoPublicURL"
                           : "answer URL " + url)) +
            "\n" + details_of(chosen);
  }
  return text;
}

std::string render_plans_json(const std::string& number, const std::vector<NumberPlan>& plans) {
  JsonWriter json = json_of_command("plan");
  json.member("number", number);
  json.member("found", std::ranges::any_of(plans, [](const NumberPlan& chosen) {
                return does_something(chosen.plan);
              }));
  json.key("locations").begin_array();
  for (const NumberPlan& chosen : plans) put_location(chosen, json);
  json.end_array();
  return json_line(std::move(json));
}

}  // namespace plivo_dial::ctl
