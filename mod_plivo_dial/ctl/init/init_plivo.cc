// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_plivo.h"

#include <optional>
#include <variant>

#include "mod_plivo_dial/ctl/plivo/console_entries.h"
#include "mod_plivo_dial/ctl/plivo/plivo_api.h"
#include "mod_plivo_dial/ctl/plivo/plivo_attachment.h"

namespace plivo_dial::ctl {
namespace {

constexpr const char* kAtPlivo = "Plivo";
constexpr std::size_t kNameWidth = 12;  // of "fallback URL"

Findings single_finding(Health health, std::string sentence) {
  return {{kAtPlivo, health, std::move(sentence)}};
}

Result<Findings> finding_of(const ApiFailure& failure) {
  if (failure.kind == ApiFailure::Kind::kRefused) return Error{failure.sentence};
  return single_finding(Health::kNotChecked, failure.sentence);
}

}  // namespace

std::string entries_at_plivo(const InitSettings& settings) {
  const auto entries = console_entries(answer_url(settings));
  std::string lines;
  for (const ConsoleEntry& entry : entries) {
    std::string name(entry.name);
    name.resize(kNameWidth, ' ');
    lines += "    " + name + "  " + entry.url + "\n";
  }
  return "At Plivo, paste these into an application, each with method " +
         std::string(entries.front().method) + ":\n" + lines + "and attach " + settings.number +
         " to that application: a number that is attached to another one is the likeliest\n"
         "reason of a first call that does not come. The words behind # let Plivo repeat a report\n"
         "that httpd could not keep (503); by itself it repeats only what got no reply. Where a\n"
         "second httpd has this configuration too, its URL makes the better fallback.\n";
}

Result<Findings> ask_plivo(HttpClient& http, const std::string& origin,
                           const InitSettings& settings, std::string_view token) {
  AccountApi api(http, origin, settings.auth_id, token);
  const NumberUrls urls = urls_for_plivo(answer_url(settings));
  const ApiAnswer<PlivoNumber> number = api.number(settings.number.substr(1));
  if (const auto* failure = std::get_if<ApiFailure>(&number)) {
    if (failure->kind != ApiFailure::Kind::kUnknown) return finding_of(*failure);
    return single_finding(Health::kProblem,
                          settings.number + " is no number of account " + settings.auth_id +
                              " at Plivo: compare it with the console; it may belong to "
                              "another account");
  }
  const PlivoNumber& found = std::get<PlivoNumber>(number);
  if (found.application.empty()) return judge_attachment(found, std::nullopt, urls);
  const ApiAnswer<AttachedApplication> application = api.application(found.application);
  if (const auto* failure = std::get_if<ApiFailure>(&application)) {
    if (failure->kind != ApiFailure::Kind::kUnknown) return finding_of(*failure);
    return single_finding(Health::kProblem,
                          settings.number + " is attached to application " + found.application +
                              ", which account " + settings.auth_id +
                              " does not have: attach it to the one with these URLs");
  }
  return judge_attachment(found, std::get<AttachedApplication>(application), urls);
}

}  // namespace plivo_dial::ctl
