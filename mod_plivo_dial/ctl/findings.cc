// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/findings.h"

#include <algorithm>

#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

constexpr int kExitProblem = 1;
constexpr int kExitNotChecked = 3;

std::string word(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kWarning:
      return "warning";
    case Health::kProblem:
      return "problem";
    case Health::kNotChecked:
      break;
  }
  return "not checked";
}

std::uint64_t count(const Findings& findings, Health health) {
  return static_cast<std::uint64_t>(std::ranges::count(findings, health, &Finding::health));
}

Colour colour_of_health(Health health) {
  switch (health) {
    case Health::kOk:
      return Colour::kGreen;
    case Health::kWarning:
      return Colour::kYellow;
    case Health::kProblem:
      return Colour::kRed;
    case Health::kNotChecked:
      break;
  }
  return Colour::kCyan;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

}  // namespace

void add(Findings& findings, std::string check, Health health, std::string sentence) {
  findings.push_back({std::move(check), health, std::move(sentence)});
}

std::string render_findings(const Findings& findings, bool colours) {
  std::size_t width = 0;
  for (const Finding& finding : findings) width = std::max(width, finding.check.size());
  std::string text;
  for (const Finding& finding : findings) {
    const std::string health = padded(word(finding.health), word(Health::kNotChecked).size());
    text += painted(colours ? colour_of_health(finding.health) : Colour::kNone, health) + "  " +
            padded(finding.check, width) + "  " + printable(finding.sentence) + "\n";
  }
  const std::uint64_t problems = count(findings, Health::kProblem);
  const std::uint64_t warnings = count(findings, Health::kWarning);
  const std::uint64_t unchecked = count(findings, Health::kNotChecked);
  if (problems > 0) {
    text += "\n" + counted(problems, "problem");
  } else {
    text += warnings > 0 ? "\nNo problem" : "\nNothing was found wrong";
  }
  if (warnings > 0) text += "; " + counted(warnings, "warning");
  if (unchecked > 0) text += "; " + counted(unchecked, "thing") + " not checked";
  return text + ".\n";
}

std::string render_findings_json(const Findings& findings) {
  JsonWriter json = json_of_command("doctor");
  json.member("ok", exit_status_of(findings) == 0);
  json.member("problems", count(findings, Health::kProblem));
  json.member("warnings", count(findings, Health::kWarning));
  json.member("not_checked", count(findings, Health::kNotChecked));
  json.key("checks").begin_array();
  for (const Finding& finding : findings) {
    json.begin_object().member("check", finding.check).member("health", word(finding.health));
    json.member("sentence", finding.sentence).end_object();
  }
  json.end_array();
  return json_line(std::move(json));
}

int exit_status_of(const Findings& findings) {
  if (count(findings, Health::kProblem) > 0) return kExitProblem;
  return count(findings, Health::kNotChecked) > 0 ? kExitNotChecked : 0;
}

}  // namespace plivo_dial::ctl
