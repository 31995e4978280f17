// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"

#include <algorithm>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/webhook/callback_options.h"
#include "lib/webhook/endpoint.h"
#include "mod_plivo_dial/ctl/http/place.h"
#include "mod_plivo_dial/ctl/http/shown_url.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::string_view kPlivoCheck = "Plivo";

std::string_view path_url(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

std::string_view fragment_of(std::string_view url) {
  const std::size_t hash = url.find('#');
  return hash == std::string_view::npos ? std::string_view() : url.substr(hash + 1);
}

std::string url_below(std::string answer, Endpoint endpoint) {
  if (answer.ends_with('/')) answer.pop_back();
  return url_of_endpoint(answer, endpoint);
}

bool is_among(const std::vector<std::string>& urls, std::string_view url) {
  return std::ranges::find(urls, url) != urls.end();
}

std::string_view effective_port(const Place& place) {
  return place.port.empty() ? usual_port(place.scheme) : place.port;
}

// What differs, in a word or two, between the answer URL at Plivo and ours.
std::string difference(std::string_view theirs, std::string_view ours) {
  const Place at_plivo = place_of(theirs);
  const Place here = place_of(ours);
  if (equals_ignoring_case(at_plivo.host, here.host)) {
    if (!equals_ignoring_case(at_plivo.scheme, here.scheme)) return " (the scheme differs)";
    if (effective_port(at_plivo) != effective_port(here)) return " (the port differs)";
    std::string with_slash(path_url(theirs));
    std::string own(path_url(ours));
    if (with_slash + "/" == own || with_slash == own + "/") return " (a slash at the end differs)";
    return " (the path differs)";
  }
  if (at_plivo.host.ends_with(".plivo.com")) {
    return " (a flow in Plivo's console answers its calls)";
  }
  return "";
}

std::string how_to_attach(const NumberUrls& urls) {
  return "in Plivo's console attach the number to an application with the answer URL " +
         urls.answer + ", method POST";
}

void judge_fallback(const AttachedApplication& application, const NumberUrls& urls,
                    Findings& findings) {
  const std::string name = "the application " + name_of(application);
  const std::string_view url = path_url(application.fallback_url);
  if (url.empty()) {
    return add(findings, std::string(kPlivoCheck), Health::kWarning,
               name +
                   " has no fallback URL, and a call that this httpd can't answer is lost: set " +
                   urls.fallback + ", or that of a second httpd");
  }
  const bool ours =
      url == urls.fallback || url == urls.answer || is_among(urls.other_fallbacks, url);
  const bool same_server = equals_ignoring_case(place_of(url).host, place_of(urls.answer).host);
  if (ours || !same_server) return;
  add(findings, std::string(kPlivoCheck), Health::kWarning,
      name + " has the fallback URL " + shown_url(application.fallback_url) +
          ", which is no URL of this Location: set " + urls.fallback);
}

void judge_hangup(const AttachedApplication& application, const NumberUrls& urls,
                  Findings& findings) {
  const std::string name = "the application " + name_of(application);
  // Plivo takes the answer URL where none is set.
  const std::string hangup =
      application.hangup_url.empty() ? application.answer_url : application.hangup_url;
  const std::string_view url = path_url(hangup);
  if (url != urls.answer && url != path_url(urls.hangup) && !is_among(urls.other_hangups, url)) {
    return add(findings, std::string(kPlivoCheck), Health::kWarning,
               name + " reports hangups to " + shown_url(hangup) +
                   ", so there are no events call.hangup here: set the hangup URL " + urls.hangup);
  }
  if (is_repeated_after_503(hangup)) return;
  add(findings, std::string(kPlivoCheck), Health::kWarning,
      name +
          " has a hangup URL without options, and Plivo does not repeat a report that gets a 503, "
          "as from a full disk: set " +
          urls.hangup);
}

}  // namespace

NumberUrls urls_for_plivo(const std::string& answer) {
  return {answer, url_below(answer, Endpoint::kFallback),
          url_below(answer, Endpoint::kHangup) + "#" + std::string(kDefaultCallbackFragment)};
}

bool leads_to(const AttachedApplication& application, const NumberUrls& urls) {
  return path_url(application.answer_url) == urls.answer;
}

bool is_repeated_after_503(std::string_view url) {
  std::string_view options = fragment_of(url);
  bool after_503 = false;
  bool repeats = true;  // once, where nothing says how often
  while (!options.empty()) {
    const std::size_t end = std::min(options.find('&'), options.size());
    const std::string_view option = options.substr(0, end);
    if (option.starts_with("rp=")) {
      after_503 = option.find("5xx") != option.npos || option.find("all") != option.npos;
    }
    if (option == "rc=0") repeats = false;
    options.remove_prefix(std::min(end + 1, options.size()));
  }
  return after_503 && repeats;
}

Findings judge_attachment(const PlivoNumber& number,
                          const std::optional<AttachedApplication>& application,
                          const NumberUrls& urls) {
  const std::string called = "+" + number.digits;
  const auto problem = [](std::string sentence) {
    return Findings{{std::string(kPlivoCheck), Health::kProblem, std::move(sentence)}};
  };
  if (!number.active) {
    return problem(called +
                   " is not active at Plivo: its page in the console says what is missing");
  }
  if (!number.voice) return problem(called + " takes no calls at Plivo: rent one with voice");
  if (!number.elsewhere.empty()) {
    return problem(called + " is attached to " + number.elsewhere +
                   " and to no application, so its calls do not come here: " + how_to_attach(urls));
  }
  if (!application) {
    return problem(called + " is attached to no application, so its calls do not come here: " +
                   how_to_attach(urls));
  }
  if (!leads_to(*application, urls)) {
    const std::string answer = application->answer_url.empty()
                                   ? std::string("has no answer URL")
                                   : "has the answer URL " + shown_url(application->answer_url);
    return problem(called + " is attached to the application " + name_of(*application) +
                   ", which " + answer + " and not " + urls.answer +
                   difference(application->answer_url, urls.answer) + ": " + how_to_attach(urls) +
                   ", or write that URL into this one");
  }
  if (!application->enabled) {
    return problem("the application " + name_of(*application) + " of " + called +
                   " is switched off at Plivo: switch it on in the console");
  }
  Findings findings = {{std::string(kPlivoCheck), Health::kOk,
                        called + " is attached to the application " + name_of(*application) +
                            ", whose answer URL is " + urls.answer}};
  judge_fallback(*application, urls, findings);
  judge_hangup(*application, urls, findings);
  return findings;
}

std::string name_of(const AttachedApplication& application) {
  return application.name.empty() ? application.id
                                  : in_quotes(application.name) + " (" + application.id + ")";
}

}  // namespace plivo_dial::ctl
