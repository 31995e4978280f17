// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/urls/number_urls.h"

#include <algorithm>

#include "lib/json/json_writer.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/httpd/answer_locations.h"
#include "mod_plivo_dial/ctl/plan/number_plans.h"
#include "mod_plivo_dial/ctl/plivo/console_entries.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kMostNumbersShown = 5;

constexpr std::string_view kNoPublicUrl =
    "there is no PlivoPublicURL, and Plivo needs whole URLs: add PlivoPublicURL "
    "https://your.host.name, with scheme, host and port as Plivo is to dial them";

// The Locations that take calls, or calls to `number`.
std::vector<const ManifestLocation*> locations_for(const ConfigManifest& config,
                                                   const std::string& number) {
  std::vector<const ManifestLocation*> chosen;
  if (number.empty()) {
    for (const ManifestLocation& location : config.locations) {
      if (answers_calls(location)) chosen.push_back(&location);
    }
    return chosen;
  }
  for (const NumberPlan& plan : plans_for(config, number)) {
    if (does_something(plan.plan)) chosen.push_back(plan.location);
  }
  return chosen;
}

// Those to attach; none where each number may come, as to a route map.
std::vector<std::string> numbers_to_attach(const ManifestLocation& location,
                                           const std::string& number) {
  if (!number.empty()) return {number};
  return location.route_map.empty() ? numbers_of(location) : std::vector<std::string>();
}

// Without a URL it is told by where it stands.
bool is_same_place(const LocationUrls& urls, const ManifestLocation& location) {
  const std::string answer = answer_url_of(location);
  if (urls.answer != answer) return false;
  return !answer.empty() ||
         (urls.location->path == location.path && urls.location->position == location.position);
}

std::string servers_text(const std::vector<std::string>& servers) {
  std::string text;
  for (std::size_t i = 0; i < servers.size(); ++i) {
    if (i > 0) text += i + 1 == servers.size() ? " and " : ", ";
    text += servers[i];
  }
  return text;
}

std::string numbers_text(const std::vector<std::string>& numbers) {
  if (numbers.empty()) return "each number whose calls are to come here";
  std::string text;
  for (std::size_t i = 0; i < std::min(numbers.size(), kMostNumbersShown); ++i) {
    text += (i == 0 ? "" : ", ") + numbers[i];
  }
  if (numbers.size() <= kMostNumbersShown) return text;
  return text + " and " + std::to_string(numbers.size() - kMostNumbersShown) + " more";
}

std::string text_of_location(const LocationUrls& urls) {
  const std::string title = servers_text(urls.servers) + ", <Location \"" + urls.location->path +
                            "\">  (" + urls.location->position + ")";
  if (urls.answer.empty()) {
    return printable(title) + "\n  no URLs: " + std::string(kNoPublicUrl) + "\n";
  }
  const auto entries = console_entries(urls.answer);
  const auto row = [](const ConsoleEntry& entry) {
    return std::vector<TableCell>{"  " + std::string(entry.name), std::string(entry.method),
                                  entry.url};
  };
  TextTable table(row(entries.front()));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) table.add(row(entries[i]));
    table.add({"", "", std::string(entries[i].why)});
  }
  table.add({"  attach to it", "", numbers_text(urls.numbers)});
  return printable(title) + "\n" + table.text();
}

void put_location_urls(const LocationUrls& urls, JsonWriter& json) {
  json.begin_object().member("servers", urls.servers);
  json.member("location", urls.location->path).member("position", urls.location->position);
  json.member("numbers", urls.numbers);
  // The keys are there without a URL, too.
  for (const ConsoleEntry& entry : console_entries(urls.answer)) {
    if (urls.answer.empty()) {
      json.key(entry.use).raw("null");
      continue;
    }
    json.key(entry.use).begin_object().member("url", entry.url).member("method", entry.method);
    json.member("why", entry.why).end_object();
  }
  json.member("remedy", urls.answer.empty() ? std::optional(kNoPublicUrl) : std::nullopt);
  json.end_object();
}

}  // namespace

std::vector<LocationUrls> urls_in(const ConfigManifest& config, const std::string& number) {
  std::vector<LocationUrls> all;
  for (const ManifestLocation* location : locations_for(config, number)) {
    const auto known = std::ranges::find_if(
        all, [&](const LocationUrls& urls) { return is_same_place(urls, *location); });
    if (known != all.end()) {
      known->servers.push_back(location->server);
      continue;
    }
    all.push_back({location,
                   {location->server},
                   answer_url_of(*location),
                   numbers_to_attach(*location, number)});
  }
  return all;
}

bool is_complete(const std::vector<LocationUrls>& all) {
  return !all.empty() &&
         std::ranges::none_of(all, [](const LocationUrls& urls) { return urls.answer.empty(); });
}

std::string render_urls(const std::string& number, const std::vector<LocationUrls>& all) {
  if (all.empty() && number.empty()) {
    return "No Location answers calls: none has SetHandler plivo-dial and PlivoEndpoint answer.\n";
  }
  if (all.empty()) {
    return "Nobody takes a call to " + printable(number) +
           ": plivo-dialctl plan says what becomes of it at each Location.\n";
  }
  std::string text = "At Plivo, enter into an application for each Location:\n";
  for (const LocationUrls& urls : all) text += "\n" + text_of_location(urls);
  return text;
}

std::string render_urls_json(const std::string& number, const std::vector<LocationUrls>& all) {
  JsonWriter json = json_of_command("urls");
  json.member("number", text_or_null(number)).member("complete", is_complete(all));
  json.key("locations").begin_array();
  for (const LocationUrls& urls : all) put_location_urls(urls, json);
  json.end_array();
  return json_line(std::move(json));
}

}  // namespace plivo_dial::ctl
