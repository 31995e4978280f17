// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/make_manifest.h"

#include <algorithm>

#include "lib/plan/follow_up.h"
#include "lib/route/caller_rules.h"
#include "lib/settings/sink_arguments.h"
#include "lib/settings/sink_kinds.h"
#include "lib/tables/tables.h"
#include "mod_plivo_dial/check/neighbours.h"
#include "mod_plivo_dial/check/reach.h"
#include "mod_plivo_dial/check/server_name.h"
#include "mod_plivo_dial/check/shown_plan.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/sections.h"
#include "mod_plivo_dial/state.h"
#include "mod_plivo_dial/status/server_status.h"

namespace plivo_dial {
namespace {

// The URLs of ours that some stage hands to Plivo; a stage's own are shown with the stage.
void add_urls(const ResolvedPlan& plan, ManifestPlan& shown) {
  const auto used = [&plan](std::string_view attribute) {
    return std::ranges::any_of(all_stages(plan.plan), [&](const Stage* stage) {
      return stage_attribute(plan.plan, *stage, attribute) == nullptr;
    });
  };
  if (used("action")) shown.action = with_fragment(plan.urls.action, plan.urls.action_fragment);
  if (used("callbackUrl")) {
    shown.callback = with_fragment(plan.urls.callback, plan.urls.callback_fragment);
  }
}

void add_not_reached(const ResolvedPlan& plan, ManifestPlan& shown) {
  if (!plan.plan.voicemail) {
    shown.not_reached = "speaks \"" + plan.plan.voice.apology + "\" and hangs up";
    return;
  }
  const Voicemail& voicemail = *plan.plan.voicemail;
  shown.not_reached = "voicemail";
  shown.not_reached_position = to_string(voicemail.position);
  std::vector<std::string>& lines = shown.voicemail;
  lines.push_back(describe_prompt(spoken(plan.plan, voicemail.greeting)));
  lines.push_back(with_attributes("record", voicemail.attributes));
  const auto is_ours = [&voicemail](std::string_view attribute) {
    return find_attribute(voicemail.attributes, attribute) == nullptr;
  };
  if (is_ours("action")) {
    lines.push_back("action " + with_fragment(plan.urls.recording, plan.urls.action_fragment));
  }
  if (is_ours("callbackUrl")) {
    lines.push_back("callback " + with_fragment(plan.urls.recording, plan.urls.callback_fragment));
  }
}

// A line for each question and each key: "main speak "Press 1."", "main 1 dial=+14155550111".
std::vector<std::string> menus_of(const Plan& plan) {
  std::vector<std::string> lines;
  const auto keys_of = [](const Menu::Line& line) {
    if (line.kind == Menu::Line::Kind::kNone) return std::string("none");
    if (line.kind == Menu::Line::Kind::kOther) return std::string("other");
    std::string text(line.keys, 0, 1);
    for (const char key : line.keys.substr(1)) text += std::string(",") + key;
    return text;
  };
  for (const Menu& menu : plan.menus) {
    lines.push_back(menu.name + (menu.timeout.empty() ? "" : " timeout=" + menu.timeout) +
                    " retries=" + std::to_string(menu.retries) + "  (" + to_string(menu.position) +
                    ")");
    for (const Prompt& prompt : menu.prompts) {
      lines.push_back(menu.name + " " + describe_prompt(spoken(plan, prompt)));
    }
    for (const Menu::Line& line : menu.lines) {
      lines.push_back(menu.name + " " + keys_of(line) + " " + describe_step(line.step) + "  (" +
                      to_string(line.step.position) + ")");
    }
  }
  return lines;
}

// "1 speak "Press 1 to take the call." timeout=10  (/etc/a.conf:7)", or "" where no stage has it.
std::string confirm_of(const Plan& plan) {
  const bool used = std::ranges::any_of(
      all_stages(plan), [&](const Stage* stage) { return is_confirmed(plan, *stage); });
  if (!used) return "";
  const Confirm& confirm = *plan.confirm;
  return (confirm.key.empty() ? "none" : confirm.key) + " " +
         describe_prompt(confirm_prompt(plan)) +
         (confirm.timeout.empty() ? "" : " timeout=" + confirm.timeout) + "  (" +
         to_string(confirm.position) + ")";
}

// "speak "This call may be recorded." fileFormat=wav  (/etc/a.conf:7)", or "".
std::string recording_of(const Plan& plan) {
  if (!plan.recording || all_stages(plan).empty()) return "";
  const std::optional<Prompt> notice = record_notice(plan);
  return with_attributes(notice ? describe_prompt(*notice) : "notice=off",
                         plan.recording->attributes) +
         "  (" + to_string(plan.recording->position) + ")";
}

// What Plivo sends to the URL in an attribute; nothing where it is no URL of ours to ask.
std::optional<Endpoint> endpoint_of_attribute(std::string_view attribute, bool of_record) {
  if (attribute == "action") return of_record ? Endpoint::kRecording : Endpoint::kAction;
  if (attribute == "callbackUrl") return of_record ? Endpoint::kRecording : Endpoint::kCallback;
  if (attribute == "confirmSound") return Endpoint::kConfirm;
  return std::nullopt;
}

void add_own_urls(const Attributes& attributes, bool of_record, std::vector<ManifestUrl>& urls) {
  for (const Attribute& attribute : attributes) {
    const std::optional<Endpoint> endpoint = endpoint_of_attribute(attribute.name, of_record);
    if (!endpoint) continue;
    ManifestUrl named{attribute.name, std::string(to_string(*endpoint)),
                      attribute.value.substr(0, attribute.value.find('#'))};
    const bool known = std::ranges::any_of(urls, [&](const ManifestUrl& other) {
      return other.endpoint == named.endpoint && other.url == named.url;
    });
    if (!known) urls.push_back(std::move(named));
  }
}

void add_own_urls(const Plan& plan, std::vector<ManifestUrl>& urls) {
  for (const Stage* stage : all_stages(plan)) add_own_urls(stage->attributes, false, urls);
  if (!all_stages(plan).empty()) add_own_urls(plan.dial_defaults, false, urls);
  if (plan.recording) add_own_urls(plan.recording->attributes, true, urls);
  if (plan.voicemail) add_own_urls(plan.voicemail->attributes, true, urls);
}

void add_plan(const DirConfig& config, std::string name, ManifestLocation& location) {
  ManifestPlan& shown = location.plans.emplace_back();
  shown.name = name;
  Result<ResolvedPlan> resolved = resolve_plan(config, std::move(name));
  if (!resolved) {
    shown.error = resolved.error().message;
    return;
  }
  Plan& plan = resolved->plan;
  shown.name = plan.name;
  shown.position = to_string(resolved->position);
  for (const Prompt& prompt : plan.prompts)
    shown.prompts.push_back(describe_prompt(spoken(plan, prompt)));
  for (const Stage& stage : plan.stages) shown.stages.push_back(shown_stage(stage));
  if (resolved->callers != nullptr) shown.callers = resolved->callers->describe();
  if (plan.begin) {
    const std::string when = to_string(plan.begin->when);
    shown.begin = describe_step(*plan.begin) + (when.empty() ? "" : " when=" + when) + "  (" +
                  to_string(plan.begin->position) + ")";
  }
  shown.menus = menus_of(plan);
  const bool dials = !all_stages(plan).empty();
  if (dials || plan.voicemail) add_not_reached(*resolved, shown);
  // Lines of a route map have stages, which are dialled as the plan's own would be.
  if (!dials && config.route_map != nullptr) plan.stages.emplace_back();
  shown.confirm = confirm_of(plan);
  shown.recording = recording_of(plan);
  for (const FollowUp& line : plan.follow_ups) {
    shown.follow_ups.push_back(describe(line) + "  (" + to_string(line.position) + ")");
  }
  add_own_urls(plan, location.own_urls);
  if (all_stages(plan).empty()) return;
  shown.every_dial = attributes_text(plan.dial_defaults);
  shown.caller_id = describe(plan.caller_id);
  // A menu may lead to the same phones again.
  if (dials && plan.menus.empty()) {
    shown.longest_ringing = std::to_string(longest_ringing(plan)) + " s";
  }
  add_urls(*resolved, shown);
}

std::vector<std::string> sorted_numbers(const NumberTable& table) {
  std::vector<std::string> numbers;
  for (const auto& [digits, section] : table.sections) numbers.push_back(digits);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string describe(SignatureMode mode) {
  switch (mode) {
    case SignatureMode::kRequire:
      return "Require";
    case SignatureMode::kWarn:
      return "Warn";
    case SignatureMode::kOff:
      return "Off";
    case SignatureMode::kV2:
      return "V2";
  }
  return "";
}

// Names, ids and files; never what is in the files.
void add_trust(const DirConfig& config, ManifestLocation& location) {
  if (config.accounts != nullptr) {
    for (const AccountLine& line : config.accounts->lines) {
      location.accounts.push_back({line.name, line.auth_id, line.token_file,
                                   line.previous_token_file, to_string(line.position)});
    }
  }
  if (config.event_secret != nullptr) {
    location.secret_file = config.event_secret->file;
    location.secret_header = config.event_secret->header;
    location.secret_position = to_string(config.event_secret->position);
  }
}

void add_plans(apr_pool_t* scratch, const DirConfig& config, ManifestLocation& location) {
  DirConfig without_numbers = config;
  without_numbers.numbers = nullptr;
  add_plan(without_numbers, decide(scratch, without_numbers, "").name, location);
  if (config.numbers == nullptr) return;
  for (const std::string& digits : sorted_numbers(*config.numbers)) {
    const Decision decision = decide(scratch, config, digits);
    add_plan(*decision.config, decision.name, location);
  }
  if (config.numbers->otherwise != nullptr) {
    const Decision decision = decide(scratch, config, "");
    add_plan(*decision.config, decision.name, location);
  }
}

ManifestLocation location_of_section(apr_pool_t* scratch, const server_rec* main_server,
                                     const Section& section) {
  const DirConfig& config = *section.config;
  ManifestLocation location;
  location.server = server_name(*section.server);
  location.path = section.path;
  location.position = to_string(config.position);
  location.served = section.serves;
  location.by_expression = section.by_expression;
  location.places = reached_at(scratch, main_server, section.server);
  location.endpoint = to_string(configured_endpoint(config));
  if (config.public_url != nullptr) location.public_url = config.public_url->url.text();
  location.signature = describe(signature_mode(config));
  location.largest_body = max_body(config);
  if (config.route_map != nullptr) {
    location.route_map = config.route_map->path;
    location.route_map_position = to_string(config.route_map->position);
  }
  if (config.fallback != nullptr) location.fallback = to_string(config.fallback->position);
  add_trust(config, location);
  add_plans(scratch, config, location);
  return location;
}

ManifestSink shown_sink(const std::string& name, const SinkConfig& sink, std::string position) {
  const SinkTarget& target = target_of(sink.kind);
  return {name,           std::string(target.word), target.path(sink),
          describe(sink), sink_arguments(sink),     std::move(position)};
}

void add_server(apr_pool_t* scratch, server_rec* main_server, ConfigManifest& manifest) {
  const ServerConfig& server = server_config(main_server);
  if (ap_unixd_config.user_name != nullptr) manifest.user = ap_unixd_config.user_name;
  const SpoolOptions& options = server.spool_options;
  manifest.spool = server.spool;
  if (options.min_free) manifest.min_free = static_cast<std::int64_t>(*options.min_free);
  manifest.sync_timeout_seconds = options.sync_timeout.count() / 1000;
  manifest.any_file_system = server.any_file_system;
  manifest.strict = server.strict;
  manifest.spool_position = to_string(server.spool_position);
  manifest.status_file = status_file_path(scratch, main_server);
  manifest.dispatcher_position = to_string(server.dispatcher_position);
  if (server.dispatcher != DispatcherMode::kOff) {
    manifest.dispatcher_settings = describe(settings_of(server));
  }
  switch (server.dispatcher) {
    case DispatcherMode::kOn:
      manifest.dispatcher = "On";
      manifest.dispatcher_path = server.dispatcher_program;
      break;
    case DispatcherMode::kExternal:
      manifest.dispatcher = "External";
      manifest.dispatcher_path = server.dispatcher_file;
      break;
    case DispatcherMode::kOff:
      manifest.dispatcher = "Off";
  }
  if (server.sinks.empty()) {
    manifest.sinks.push_back(shown_sink("syslog", default_sink(), "built in"));
  }
  for (const SinkLine& line : server.sinks) {
    manifest.sinks.push_back(shown_sink(line.sink.name, line.sink, to_string(line.position)));
  }
  for (const ScheduleLine& line : server.schedules) {
    manifest.schedules.push_back({line.arguments, line.position});
  }
  if (g_config.tables != nullptr) manifest.tables = to_json(g_config.tables->config());
}

}  // namespace

ConfigManifest make_manifest(apr_pool_t* scratch, server_rec* main_server) {
  ConfigManifest manifest;
  manifest.used = g_config.used;
  if (!manifest.used) return manifest;
  add_server(scratch, main_server, manifest);
  const std::vector<Section> sections = merged_sections(scratch, main_server);
  for (const Neighbour& neighbour : neighbours(scratch, sections)) {
    manifest.neighbours.push_back({neighbour.name, neighbour.provided_for});
  }
  for (const Section& section : sections) {
    manifest.locations.push_back(location_of_section(scratch, main_server, section));
  }
  return manifest;
}

}  // namespace plivo_dial
