// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor_locations.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "lib/base/secret_file.h"
#include "mod_plivo_dial/ctl/doctor_questions.h"
#include "mod_plivo_dial/ctl/doctor_targets.h"
#include "mod_plivo_dial/ctl/doctor_verdict.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kLocalRemedy =
    "httpd reads its token at start, so reload it; if that does not help, see the error log";
constexpr std::string_view kPublicRemedy =
    "another server than this one answers there, or a proxy changes the path or drops the "
    "X-Plivo-* headers; see the error log, and correct PlivoPublicURL";

// What signs a request to the Location; empty when it can't be read, or nothing is signed there.
Secret token_of(const DumpedLocation& location) {
  const bool is_judged = location.signature != "Off" && location.endpoint != "event";
  if (!is_judged || location.public_url.empty() || location.token_files.empty()) return {};
  Result<Secret> secret = read_secret_file(location.token_files[0], geteuid());
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

// Nobody can be asked. A Location of the main server is inherited by each virtual host, and one
// place where it is reached is enough.
void note_unreached(const DumpedConfig& config, const DumpedLocation& location,
                    Findings& findings) {
  const bool elsewhere = std::ranges::any_of(config.locations, [&](const DumpedLocation& other) {
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

// A Location at the place that tells the most of it.
struct AskedLocation {
  ProbeTarget target;
  ProbedLocation named;
  std::vector<ProbeAnswer> answers;
};

ProbedLocation name_at(const DumpedLocation& location, const ProbeTarget& target) {
  return {"handler", location.path, " at " + target.connect_to, location.signature, kLocalRemedy};
}

AskedLocation ask_places(const DumpedLocation& location, const std::vector<ProbeTarget>& targets,
                         const ProbeSigner& signer) {
  std::optional<AskedLocation> best;
  for (const ProbeTarget& target : targets) {
    Prober prober(target);
    std::vector<ProbeAnswer> answers = ask_location(prober, signer, location.endpoint);
    if (best && telling(answers.front()) <= telling(best->answers.front())) continue;
    best = AskedLocation{target, name_at(location, target), std::move(answers)};
    if (telling(best->answers.front()) == Telling::kAnswer) break;
  }
  return *std::move(best);
}

// The Locations that were asked and answer well, for what is to come last.
struct Answering {
  ProbeTarget target;
  ProbedLocation named;
  const DumpedLocation* location;
};

bool is_proven(const std::vector<ProbeAnswer>& answers) {
  return std::ranges::all_of(answers, [](const ProbeAnswer& answer) { return answer.mark.ours; });
}

void check_locally(const DumpedConfig& config, const DumpedLocation& location,
                   const LocationOptions& options, std::vector<Answering>& answering,
                   Findings& findings) {
  std::vector<ProbeTarget> targets = local_targets(location, options.url);
  if (targets.empty()) return note_unreached(config, location, findings);
  for (ProbeTarget& target : targets) target.proxy_protocol = options.proxy_protocol;
  const Secret token = token_of(location);
  const std::string dialled = location.public_url + location.path;
  const AskedLocation asked = ask_places(location, targets, {dialled, token.view()});
  const ProbeReply& reply = asked.answers.front().reply;
  if (leads_to_public_url(asked.target, reply, dialled)) {
    return add(findings, "handler", Health::kOk,
               location.path + asked.named.place + " leads to the public URL, which Plivo dials");
  }
  Findings found = judge_location(asked.named, asked.answers);
  if ((reply.refused || reply.status == 404) && options.url.empty()) {
    found.front().sentence += "; when httpd listens elsewhere, name the place with --url";
  }
  if (is_proven(asked.answers)) answering.push_back({asked.target, asked.named, &location});
  findings.insert(findings.end(), found.begin(), found.end());
}

void check_publicly(const DumpedLocation& location, std::vector<Answering>& answering,
                    Findings& findings) {
  if (location.public_url.empty()) return;
  const Secret token = token_of(location);
  const std::string url = location.public_url + location.path;
  const ProbedLocation named{"public URL", url, "", location.signature, kPublicRemedy};
  const ProbeTarget target{url, "", false, false};
  Prober prober(target);
  const std::vector<ProbeAnswer> answers =
      ask_location(prober, {url, token.view()}, location.endpoint);
  const Findings found = judge_location(named, answers);
  if (is_proven(answers)) answering.push_back({target, named, &location});
  findings.insert(findings.end(), found.begin(), found.end());
}

// The last of all, since who counts requests shuts this machine out for a while: at the first place
// where one is refused it ends.
void check_rows(const std::vector<Answering>& answering, Findings& findings) {
  for (const Answering& place : answering) {
    const DumpedLocation& location = *place.location;
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

void check_locations(const DumpedConfig& config, const LocationOptions& options,
                     Findings& findings) {
  std::vector<Answering> answering;
  std::set<std::pair<std::string, std::string>>
      asked;  // a Location may be written in several parts
  for (const DumpedLocation& location : config.locations) {
    if (!location.served || !asked.emplace(location.server, location.path).second) continue;
    check_locally(config, location, options, answering, findings);
    if (!options.offline) check_publicly(location, answering, findings);
  }
  check_rows(answering, findings);
  if (asked.empty()) {
    add(findings, "handler", Health::kProblem,
        "no Location has SetHandler plivo-dial: see plivo-dialctl init, or the manual's first "
        "call");
  }
}

}  // namespace plivo_dial::ctl
