// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/config_manifest.h"

#include <algorithm>
#include <concepts>
#include <type_traits>
#include <utility>

#include "lib/base/directive_words.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

// ---- Members. What each struct is in JSON, for both directions: `each` is told the name and the
// member of each.

template <class Type, class Struct>
concept Is = std::same_as<std::remove_const_t<Type>, Struct>;

void tell_members(Is<ManifestStage> auto& stage, auto each) {
  each("position", stage.position);
  each("targets", stage.targets);
  each("dial", stage.dial);
}

void tell_members(Is<ManifestPlan> auto& plan, auto each) {
  each("name", plan.name);
  each("position", plan.position);
  each("error", plan.error);
  each("prompts", plan.prompts);
  each("stages", plan.stages);
  each("callers", plan.callers);
  each("begin", plan.begin);
  each("menus", plan.menus);
  each("confirm", plan.confirm);
  each("recording", plan.recording);
  each("follow_ups", plan.follow_ups);
  each("every_dial", plan.every_dial);
  each("caller_id", plan.caller_id);
  each("not_reached", plan.not_reached);
  each("not_reached_position", plan.not_reached_position);
  each("voicemail", plan.voicemail);
  each("longest_ringing", plan.longest_ringing);
  each("action", plan.action);
  each("callback", plan.callback);
}

void tell_members(Is<ManifestUrl> auto& url, auto each) {
  each("attribute", url.attribute);
  each("endpoint", url.endpoint);
  each("url", url.url);
}

void tell_members(Is<ManifestAccount> auto& account, auto each) {
  each("name", account.name);
  each("auth_id", account.auth_id);
  each("token_file", account.token_file);
  each("previous_token_file", account.previous_token_file);
  each("position", account.position);
}

void tell_members(Is<ManifestLocation> auto& location, auto each) {
  each("server", location.server);
  each("path", location.path);
  each("position", location.position);
  each("served", location.served);
  each("by_expression", location.by_expression);
  each("places", location.places);
  each("endpoint", location.endpoint);
  each("public_url", location.public_url);
  each("signature", location.signature);
  each("largest_body", location.largest_body);
  each("accounts", location.accounts);
  each("secret_file", location.secret_file);
  each("secret_header", location.secret_header);
  each("secret_position", location.secret_position);
  each("fallback", location.fallback);
  each("route_map", location.route_map);
  each("route_map_position", location.route_map_position);
  each("plans", location.plans);
  each("own_urls", location.own_urls);
}

void tell_members(Is<ManifestSink> auto& sink, auto each) {
  each("name", sink.name);
  each("kind", sink.kind);
  each("path", sink.path);
  each("description", sink.description);
  each("arguments", sink.arguments);
  each("position", sink.position);
}

void tell_members(Is<ManifestSchedule> auto& schedule, auto each) {
  each("arguments", schedule.arguments);
  each("position", schedule.position);
}

void tell_members(Is<ManifestNeighbour> auto& neighbour, auto each) {
  each("name", neighbour.name);
  each("provided_for", neighbour.provided_for);
}

void tell_members(Is<ConfigManifest> auto& manifest, auto each) {
  each("used", manifest.used);
  each("user", manifest.user);
  each("spool", manifest.spool);
  each("min_free", manifest.min_free);
  each("sync_timeout_seconds", manifest.sync_timeout_seconds);
  each("any_file_system", manifest.any_file_system);
  each("strict", manifest.strict);
  each("spool_position", manifest.spool_position);
  each("status_file", manifest.status_file);
  each("dispatcher", manifest.dispatcher);
  each("dispatcher_path", manifest.dispatcher_path);
  each("dispatcher_position", manifest.dispatcher_position);
  each("dispatcher_settings", manifest.dispatcher_settings);
  each("sinks", manifest.sinks);
  each("schedules", manifest.schedules);
  each("tables", manifest.tables);
  each("neighbours", manifest.neighbours);
  each("locations", manifest.locations);
}

// ---- As JSON

class ManifestWriter {
 public:
  explicit ManifestWriter(JsonWriter& json) : json_(json) {}

  void object(const auto& value) {
    json_.begin_object();
    tell_members(value, *this);
    json_.end_object();
  }

  template <class Struct>
  void operator()(std::string_view name, const std::vector<Struct>& list) {
    json_.key(name).begin_array();
    for (const Struct& one : list) object(one);
    json_.end_array();
  }
  void operator()(std::string_view name, const std::vector<std::string>& list) {
    json_.member(name, list);
  }
  void operator()(std::string_view name, const auto& value) { json_.member(name, value); }

 private:
  JsonWriter& json_;
};

// A member that is missing keeps its default.
class ManifestReader {
 public:
  // The first member that is of another type than ours, or "".
  std::string take_fault() { return std::move(fault_); }

  void read_element(std::string_view name, const JsonValue& value, auto& out) {
    if (!value.is_object()) return blame(name);
    object(value, out);
  }

 private:
  void object(const JsonValue& value, auto& out) {
    const JsonValue outer = std::exchange(object_, value);
    tell_members(out, [this](std::string_view name, auto& member) {
      if (const JsonValue found = object_[name]) read(name, found, member);
    });
    object_ = outer;
  }

  void read(std::string_view name, const JsonValue& value, std::string& out) {
    take(name, value.text(), out);
  }
  void read(std::string_view name, const JsonValue& value, bool& out) {
    take(name, value.flag(), out);
  }
  void read(std::string_view name, const JsonValue& value, std::int64_t& out) {
    take(name, value.integer(), out);
  }
  template <class Element>
  void read(std::string_view name, const JsonValue& value, std::vector<Element>& out) {
    if (!value.is_array()) blame(name);
    for (const JsonValue& one : value.elements()) read_element(name, one, out.emplace_back());
  }
  void read_element(std::string_view name, const JsonValue& value, std::string& out) {
    read(name, value, out);
  }

  void take(std::string_view name, const auto& read, auto& out) {
    if (!read) return blame(name);
    out = *read;
  }
  void blame(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }

  JsonValue object_;  // whose members are read
  std::string fault_;
};

// What the line begins with that is the manifest, whatever else httpd prints.
constexpr std::string_view kOpening = R"({"mod_plivo_dial":)";
constexpr std::string_view kMember = "mod_plivo_dial";

// ---- For people

class Page {
 public:
  void line(int indent, std::string_view text) {
    text_.append(static_cast<std::size_t>(indent), ' ').append(text).append("\n");
  }
  // With where it stands in the configuration.
  void placed_line(int indent, const std::string& text, const std::string& position) {
    line(indent, text + "  (" + position + ")");
  }
  void lines(int indent, const std::vector<std::string>& all) {
    for (const std::string& text : all) line(indent, text);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

constexpr int kServer = 2;
constexpr int kLocation = 4;
constexpr int kPlan = 6;
constexpr int kPart = 8;

void show_stage(const ManifestStage& stage, std::size_t number, Page& page) {
  page.placed_line(kPlan, "stage " + std::to_string(number), stage.position);
  page.lines(kPart, stage.targets);
  if (!stage.dial.empty()) page.line(kPart, "dial: " + stage.dial);
}

void show_not_reached(const ManifestPlan& plan, Page& page) {
  if (plan.not_reached.empty()) return;
  const std::string text = "nobody reached: " + plan.not_reached;
  if (plan.not_reached_position.empty()) {
    page.line(kPlan, text);
  } else {
    page.placed_line(kPlan, text, plan.not_reached_position);
  }
  page.lines(kPart, plan.voicemail);
}

void show_plan(const ManifestPlan& plan, Page& page) {
  if (!plan.error.empty()) return page.line(kLocation, plan.error);
  page.placed_line(kLocation, "plan " + plan.name, plan.position);
  page.lines(kPlan, plan.callers);
  page.lines(kPlan, plan.prompts);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) show_stage(plan.stages[i], i + 1, page);
  if (!plan.begin.empty()) page.line(kPlan, "begins with " + plan.begin);
  if (plan.stages.empty() && plan.begin.empty()) {
    page.line(kPlan, "no stages: nobody is dialled");
  }
  for (const std::string& line : plan.menus) page.line(kPlan, "menu " + line);
  if (!plan.confirm.empty()) page.line(kPlan, "confirm " + plan.confirm);
  if (!plan.recording.empty()) page.line(kPlan, "recorded: " + plan.recording);
  for (const std::string& line : plan.follow_ups) page.line(kPlan, "on " + line);
  if (!plan.every_dial.empty()) page.line(kPlan, "every dial: " + plan.every_dial);
  if (!plan.caller_id.empty()) page.line(kPlan, "caller id: " + plan.caller_id);
  show_not_reached(plan, page);
  if (!plan.longest_ringing.empty()) {
    page.line(kPlan, "rings for at most " + plan.longest_ringing);
  }
  if (!plan.action.empty()) page.line(kPlan, "action " + plan.action);
  if (!plan.callback.empty()) page.line(kPlan, "callback " + plan.callback);
}

void show_account(const ManifestAccount& account, Page& page) {
  const std::string previous = account.previous_token_file.empty()
                                   ? ""
                                   : ", previous token in " + account.previous_token_file;
  page.placed_line(kLocation,
                   "account " + account.name + " " + account.auth_id + ", token in " +
                       account.token_file + previous,
                   account.position);
}

void show_location(const ManifestLocation& location, Page& page) {
  page.placed_line(kServer, location.server + " <Location \"" + location.path + "\">",
                   location.position);
  page.line(kLocation, "endpoint " + location.endpoint + ", public URL " +
                           (location.public_url.empty() ? "none" : location.public_url) +
                           ", signature " + location.signature + ", largest body " +
                           std::to_string(location.largest_body) + " bytes");
  std::string places;
  for (const std::string& place : location.places) places += (places.empty() ? "" : ", ") + place;
  page.line(kLocation, "reached at " + (places.empty() ? "no address" : places));
  if (!location.served) {
    page.line(kLocation, location.by_expression
                             ? "SetHandler is an expression: each request decides whether it "
                               "reaches the module"
                             : "no SetHandler plivo-dial: requests do not reach the module");
  }
  for (const ManifestAccount& account : location.accounts) show_account(account, page);
  if (!location.secret_file.empty()) {
    const std::string sent = location.secret_header.empty() ? "as bearer token or basic password"
                                                            : "in header " + location.secret_header;
    page.placed_line(kLocation, "event secret in " + location.secret_file + ", sent " + sent,
                     location.secret_position);
  }
  if (!location.fallback.empty()) {
    page.placed_line(kLocation, "fallback document", location.fallback);
  }
  if (!location.route_map.empty()) {
    page.placed_line(kLocation, "route map " + location.route_map, location.route_map_position);
  }
  for (const ManifestPlan& plan : location.plans) show_plan(plan, page);
}

void show_server(const ConfigManifest& manifest, Page& page) {
  if (!manifest.user.empty()) page.line(kServer, "user " + manifest.user);
  const std::string kept =
      manifest.min_free < 0 ? "" : ", keeps " + std::to_string(manifest.min_free) + " bytes free";
  page.placed_line(kServer,
                   "spool " + manifest.spool + kept + ", waits " +
                       std::to_string(manifest.sync_timeout_seconds) + " s for the disk" +
                       (manifest.any_file_system ? ", on any file system" : "") + ", failure " +
                       (manifest.strict ? "strict" : "serve"),
                   manifest.spool_position);
  page.line(kServer, "status file " + manifest.status_file);
  page.placed_line(kServer,
                   "dispatcher " + manifest.dispatcher +
                       (manifest.dispatcher_path.empty() ? "" : " " + manifest.dispatcher_path),
                   manifest.dispatcher_position);
  std::string settings;
  for (const std::string& setting : manifest.dispatcher_settings) settings += " " + setting;
  if (!settings.empty()) page.line(kLocation, "settings" + settings);
  for (const ManifestSink& sink : manifest.sinks) {
    page.placed_line(kServer, "sink " + sink.name + ": " + sink.description, sink.position);
    // Once more as it is written: the words above have lost their quotes.
    page.line(kLocation, "PlivoEventSink " + directive_line(sink.arguments));
  }
  for (const ManifestSchedule& schedule : manifest.schedules) {
    page.placed_line(kServer, "PlivoSchedule " + directive_line(schedule.arguments),
                     schedule.position);
  }
  for (const ManifestNeighbour& neighbour : manifest.neighbours) {
    page.line(kServer,
              "beside " + neighbour.name + (neighbour.provided_for ? "" : ", as it comes"));
  }
}

}  // namespace

std::vector<std::string> numbers_of(const ManifestLocation& location) {
  std::vector<std::string> numbers;
  for (const ManifestPlan& plan : location.plans) {
    if (plan.error.empty() && plan.name.starts_with('+')) numbers.push_back(plan.name);
  }
  return numbers;
}

std::string to_text(const ConfigManifest& manifest) {
  Page page;
  page.line(0, "Plivo configuration:");
  if (!manifest.used) {
    page.line(kServer, "no Plivo directives: the module does nothing");
    return page.take();
  }
  show_server(manifest, page);
  for (const ManifestLocation& location : manifest.locations) show_location(location, page);
  return page.take();
}

std::string to_json(const ConfigManifest& manifest) {
  JsonWriter json;
  ManifestWriter(json).object(manifest);
  return std::string(kOpening) + json.take() + "}";
}

Result<std::optional<ConfigManifest>> find_manifest(std::string_view output) {
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    if (!line.starts_with(kOpening)) continue;
    const std::optional<JsonDocument> document = JsonDocument::parse(line);
    if (!document) return Error{"the configuration that httpd shows is cut off"};
    ConfigManifest manifest;
    ManifestReader reader;
    reader.read_element(kMember, document->root()[kMember], manifest);
    const std::string fault = reader.take_fault();
    if (fault.empty()) return std::optional<ConfigManifest>(std::move(manifest));
    return Error{
        "the configuration that httpd shows is of another version than plivo-dialctl (install both "
        "from one package): its member '" +
        fault + "' is of another type"};
  }
  return std::optional<ConfigManifest>();
}

}  // namespace plivo_dial
