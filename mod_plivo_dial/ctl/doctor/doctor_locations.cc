// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor/doctor_locations.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "lib/access/secret_file.h"
#include "lib/settings/config_manifest.h"
#include "lib/webhook/endpoint.h"
#include "mod_plivo_dial/ctl/doctor/doctor_questions.h"
#include "mod_plivo_dial/ctl/doctor/doctor_targets.h"
#include "mod_plivo_dial/ctl/doctor/doctor_urls.h"
#include "mod_plivo_dial/ctl/doctor/doctor_verdict.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kLocalRemedy =
    "httpd reads its token at start, so reload it; if that does not help, see the error log";
constexpr std::string_view kPublicRemedy =
    "another server than this one answers there, or a proxy changes the path or drops the "
    "X-Plivo-* headers; see the error log, and correct PlivoPublicURL";

// What signs a request to the Location; empty when it can't be read, or nothing is signed there.
Secret token_of(const ManifestLocation& location) {
  const bool is_judged =
      location.signature != "Off" && location.endpoint != to_string(Endpoint::kEvent);
  if (!is_judged || location.public_url.empty() || location.accounts.empty()) return {};
  Result<Secret> secret = read_secret_file(location.accounts[0].token_file, geteuid());
  return secret ? std::move(*secret) : Secret();
}

// How much a reply tells about the Location: of several places the best one counts.
enum class Telling { kNothingListens, kNoReply, kBadRequest, kAnswer };

Telling telling(const ProbeAnswer& answer) {
  if (answer.reply.refused) return Telling::kNothingListens;
  if (answer.reply.status == 0) return Telling::kNoReply;
  // As a port that speaks TLS replies to plain HTTP.
  const bool bad = answer.reply.status == 400 && !is_of_module(answer);
  return bad ? Telling::kBadRequest : Telling::kAnswer;
}

// As where port 80 sends everybody to https: Plivo never asks there. Where it is https that leads
// to itself, or http, Plivo would.
bool leads_to_public_url(const ProbeTarget& target, const ProbeReply& reply,
                         const std::string& dialled) {
  return reply.status >= 300 && reply.status < 400 && reply.location == dialled &&
         target.url.starts_with("http://") && dialled.starts_with("https://");
}

// Another program's URL on this server, by a GET without parameters, of which it should make
// nothing.
void ask_another(Prober& prober, const ManifestLocation& location, const ManifestUrl& named,
                 const ProbedLocation& where, Findings& findings) {
  const std::string_view behind = std::string_view(named.url).substr(location.public_url.size());
  const std::string origin = origin_of(prober.target().url);
  const ProbeReply reply = prober.send({"GET", origin + std::string(behind), ""});
  const std::string name = named.url + where.place + " (of " + named.attribute + "=)";
  if (reply.status == 0) {
    return add(findings, where.check, Health::kProblem, name + ": " + reply.error);
  }
  if (reply.status == 404) {
    return add(findings, where.check, Health::kWarning,
               name +
                   " is in no Location of mod_plivo_dial's, and a GET finds nothing there (404): "
                   "compare it with the program that should answer");
  }
  add(findings, where.check, Health::kOk,
      name + " is another program's, which answers a GET with " + std::to_string(reply.status) +
          "; what it makes of Plivo's requests, plivo-dialctl call can show");
}

void ask_others(const ConfigManifest& config, const ManifestLocation& location,
                const ProbeTarget& target, const ProbedLocation& where, Findings& findings) {
  Prober prober(target);
  for (const ManifestUrl& named : urls_of_others(config, location)) {
    ask_another(prober, location, named, where, findings);
  }
}

// Nobody can be asked. A Location of the main server is inherited by each virtual host, and one
// place where it is reached is enough.
void note_unreached(const ConfigManifest& config, const ManifestLocation& location,
                    Findings& findings) {
  const bool elsewhere = std::ranges::any_of(config.locations, [&](const ManifestLocation& other) {
    return other.served && other.path == location.path && other.public_url == location.public_url &&
           !other.places.empty();
  });
  if (elsewhere) return;
  const bool of_main_server = location.server == "main server";
  add(findings, "handler", Health::kProblem,
      location.path + " of " + (of_main_server ? "the main server" : location.server) +
          " is reached at no address: no Listen has the address and port of " +
          (of_main_server ? "a server with it" : "its <VirtualHost>") +
          "; add one, or move the <Location>");
}

bool have_same_tokens(const ManifestLocation& one, const ManifestLocation& other) {
  return std::ranges::equal(one.accounts, other.accounts, {}, &ManifestAccount::token_file,
                            &ManifestAccount::token_file);
}

// Whether both are asked by the same requests, as Locations are that several virtual hosts inherit.
bool asked_alike(const ManifestLocation& one, const ManifestLocation& other) {
  return one.path == other.path && one.public_url == other.public_url &&
         one.places == other.places && have_same_tokens(one, other);
}

// " (virtual host a.example.com:80)"; "" for the main server, and where httpd alone knows which of
// several it chose.
std::string host_of(const ConfigManifest& config, const ManifestLocation& location) {
  const bool several = std::ranges::any_of(config.locations, [&](const ManifestLocation& other) {
    return other.server != location.server && asked_alike(location, other);
  });
  if (several || location.server == "main server") return "";
  return " (virtual host " + location.server + ")";
}

std::string account_of(const ManifestLocation& location) {
  return location.accounts.empty() ? "" : location.accounts[0].name;
}

// A Location at the place that tells the most of it.
struct AskedLocation {
  ProbeTarget target;
  ProbedLocation named;
  std::vector<ProbeAnswer> answers;
};

ProbedLocation name_at(const ConfigManifest& config, const ManifestLocation& location,
                       const ProbeTarget& target) {
  return {"handler",          location.path, " at " + target.connect_to + host_of(config, location),
          location.signature, kLocalRemedy,  account_of(location)};
}

AskedLocation ask_places(const ConfigManifest& config, const ManifestLocation& location,
                         const std::vector<ProbeTarget>& targets, const ProbeSigner& signer) {
  const std::vector<NamedUrl> named = named_urls_in(config, location);
  std::optional<AskedLocation> best;
  for (const ProbeTarget& target : targets) {
    Prober prober(target);
    std::vector<ProbeAnswer> answers = ask_location(prober, signer, location.endpoint, named);
    const bool passed_over = target.is_guess && !is_of_module(answers.front());
    if (best && passed_over) continue;
    if (best && telling(answers.front()) <= telling(best->answers.front())) continue;
    best = AskedLocation{target, name_at(config, location, target), std::move(answers)};
    if (telling(best->answers.front()) == Telling::kAnswer) break;
  }
  return *std::move(best);
}

// The Locations that were asked and answer well, for what is to come last.
struct Answering {
  ProbeTarget target;
  ProbedLocation named;
  const ManifestLocation* location;
};

bool is_proven(const std::vector<ProbeAnswer>& answers) {
  return std::ranges::all_of(answers, [](const ProbeAnswer& answer) { return answer.mark.ours; });
}

// Places where nothing listens, with what is found of each.
struct Unheard {
  std::vector<std::string> places;
  Findings findings;
  std::size_t heard = 0;  // Locations that were asked where something listens
};

// One port may expect the PROXY protocol, and another not.
std::vector<ProbeTarget> with_and_without_proxy_line(const std::vector<ProbeTarget>& targets) {
  std::vector<ProbeTarget> both;
  for (const ProbeTarget& target : targets) {
    both.push_back(target);
    both.back().proxy_protocol = true;
    both.push_back(target);
  }
  return both;
}

void check_locally(const ConfigManifest& config, const ManifestLocation& location,
                   const LocationOptions& options, std::vector<Answering>& answering,
                   Unheard& unheard, Findings& findings) {
  std::vector<ProbeTarget> targets = local_targets(location, options.url);
  if (targets.empty()) return note_unreached(config, location, findings);
  if (options.proxy_protocol) targets = with_and_without_proxy_line(targets);
  const Secret token = token_of(location);
  const std::string dialled = location.public_url + location.path;
  const AskedLocation asked = ask_places(config, location, targets, {dialled, token.view()});
  const ProbeReply& reply = asked.answers.front().reply;
  if (leads_to_public_url(asked.target, reply, dialled)) {
    ++unheard.heard;
    return add(findings, "handler", Health::kOk,
               location.path + asked.named.place + " leads to the public URL, which Plivo dials");
  }
  Findings found = judge_location(asked.named, asked.answers);
  if ((reply.refused || reply.status == 404) && options.url.empty()) {
    found.front().sentence += "; when httpd listens elsewhere, name the place with --url";
  }
  if (is_proven(asked.answers)) answering.push_back({asked.target, asked.named, &location});
  if (reply.refused) {
    unheard.places.push_back(asked.target.connect_to);
  } else {
    ++unheard.heard;
  }
  Findings& whose = reply.refused ? unheard.findings : findings;
  whose.insert(whose.end(), found.begin(), found.end());
  if (telling(asked.answers.front()) == Telling::kAnswer) {
    ask_others(config, location, asked.target, asked.named, findings);
  }
}

// That httpd does not run is one thing, however many Locations it has.
void add_httpd_that_is_not_running(const Unheard& unheard, const LocationOptions& options,
                                   Findings& findings) {
  std::string places;
  std::vector<std::string> named;
  for (const std::string& place : unheard.places) {
    if (std::ranges::find(named, place) != named.end()) continue;
    places += (named.empty() ? "" : ", ") + place;
    named.push_back(place);
  }
  add(findings, "handler", Health::kProblem,
      "httpd is not running: nothing listens at " + places +
          "; start it, as by systemctl start apache2" +
          (options.url.empty() ? ", or, when it listens elsewhere, name the place with --url"
                               : ""));
}

void check_publicly(const ConfigManifest& config, const ManifestLocation& location,
                    std::vector<Answering>& answering, Findings& findings) {
  if (location.public_url.empty()) return;
  const Secret token = token_of(location);
  const std::string url = location.public_url + location.path;
  const ProbedLocation named{"public URL",       url,           host_of(config, location),
                             location.signature, kPublicRemedy, account_of(location)};
  const ProbeTarget target{url, "", false, false};
  Prober prober(target);
  const std::vector<ProbeAnswer> answers =
      ask_location(prober, {url, token.view()}, location.endpoint, named_urls_in(config, location));
  const Findings found = judge_location(named, answers);
  if (is_proven(answers)) answering.push_back({target, named, &location});
  findings.insert(findings.end(), found.begin(), found.end());
  if (answers.front().reply.status != 0) ask_others(config, location, target, named, findings);
}

// Each URL once: a Location of the main server has that of each virtual host that inherits it.
void ask_publicly(const ConfigManifest& config,
                  const std::vector<const ManifestLocation*>& locations,
                  std::vector<Answering>& answering, Findings& findings) {
  std::vector<const ManifestLocation*> asked;
  for (const ManifestLocation* location : locations) {
    const bool known = std::ranges::any_of(asked, [&](const ManifestLocation* other) {
      return other->path == location->path && other->public_url == location->public_url &&
             have_same_tokens(*other, *location);
    });
    if (known) continue;
    asked.push_back(location);
    check_publicly(config, *location, answering, findings);
  }
}

// The last of all, since who counts requests shuts this machine out for a while: at the first place
// where one is refused it ends.
void check_rows(const std::vector<Answering>& answering, Findings& findings) {
  for (const Answering& place : answering) {
    const ManifestLocation& location = *place.location;
    const Secret token = token_of(location);
    Prober prober(place.target);
    const Findings found = judge_row(
        place.named, ask_in_a_row(prober, {location.public_url + location.path, token.view()},
                                  location.endpoint));
    findings.insert(findings.end(), found.begin(), found.end());
    if (!found.empty()) return;
  }
}

}  // namespace

void check_locations(const ConfigManifest& config, const LocationOptions& options,
                     Findings& findings) {
  std::vector<Answering> answering;
  Unheard unheard;
  std::vector<const ManifestLocation*> asked;  // a Location may be written in several parts
  for (const ManifestLocation& location : config.locations) {
    const bool known = std::ranges::any_of(asked, [&](const ManifestLocation* other) {
      return other->server == location.server && other->path == location.path;
    });
    if (!location.served || known) continue;
    asked.push_back(&location);
    check_locally(config, location, options, answering, unheard, findings);
  }
  const bool is_down = !unheard.places.empty() && unheard.heard == 0;
  if (is_down) {
    add_httpd_that_is_not_running(unheard, options, findings);
  } else {
    findings.insert(findings.end(), unheard.findings.begin(), unheard.findings.end());
  }
  if (is_down && !options.offline) {
    add(findings, "public URL", Health::kNotChecked, "not asked, as httpd is not running");
  }
  if (!is_down && !options.offline) ask_publicly(config, asked, answering, findings);
  check_rows(answering, findings);
  if (asked.empty()) {
    add(findings, "handler", Health::kProblem,
        "no Location has SetHandler plivo-dial: see plivo-dialctl init, or the manual's first "
        "call");
  }
}

}  // namespace plivo_dial::ctl
