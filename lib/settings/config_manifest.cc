// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/config_manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lib/base/directive_words.h"

namespace plivo_dial {

// Both directions of each struct; a member that is missing keeps its default.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestStage, position, targets, dial)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestPlan, name, position, error, prompts,
                                                stages, every_dial, caller_id, not_reached,
                                                not_reached_position, voicemail, longest_ringing,
                                                action, callback)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestUrl, attribute, endpoint, url)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestAccount, name, auth_id, token_file,
                                                previous_token_file, position)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestLocation, server, path, position, served,
                                                by_expression, places, endpoint, public_url,
                                                signature, largest_body, accounts, secret_file,
                                                secret_header, secret_position, fallback, plans,
                                                own_urls)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestSink, name, kind, path, description,
                                                arguments, position)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ManifestNeighbour, name, provided_for)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(ConfigManifest, used, user, spool, min_free,
                                                sync_timeout_seconds, any_file_system, strict,
                                                spool_position, status_file, dispatcher,
                                                dispatcher_path, dispatcher_position, sinks,
                                                neighbours, locations)

namespace {

using Json = nlohmann::json;

// What the line begins with that is the manifest, whatever else httpd prints.
constexpr std::string_view kOpening = R"({"mod_plivo_dial":)";

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
  page.lines(kPlan, plan.prompts);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) show_stage(plan.stages[i], i + 1, page);
  if (plan.stages.empty()) page.line(kPlan, "no stages: nobody is dialled");
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
  for (const ManifestSink& sink : manifest.sinks) {
    page.placed_line(kServer, "sink " + sink.name + ": " + sink.description, sink.position);
    // Once more as it is written: the words above have lost their quotes.
    page.line(kLocation, "PlivoEventSink " + directive_line(sink.arguments));
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
  const Json json = manifest;
  return std::string(kOpening) + json.dump(-1, ' ', false, Json::error_handler_t::replace) + "}";
}

Result<std::optional<ConfigManifest>> find_manifest(std::string_view output) {
  while (!output.empty()) {
    const std::size_t end = std::min(output.find('\n'), output.size());
    const std::string_view line = output.substr(0, end);
    output.remove_prefix(std::min(end + 1, output.size()));
    if (!line.starts_with(kOpening)) continue;
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object()) return Error{"the configuration that httpd shows is cut off"};
    try {
      return std::optional<ConfigManifest>(json.begin()->get<ConfigManifest>());
    } catch (const Json::exception& error) {
      return Error{
          "the configuration that httpd shows is of another version than plivo-dialctl (install "
          "both "
          "from one package): " +
          std::string(error.what())};
    }
  }
  return std::optional<ConfigManifest>();
}

}  // namespace plivo_dial
