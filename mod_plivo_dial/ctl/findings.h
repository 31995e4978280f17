// File: mod_plivo_dial/ctl/findings.h
//
// What `plivo-dialctl doctor` found, a sentence for each thing that it looked at.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace plivo_dial::ctl {

enum class Health {
  kOk,
  kWarning,     // works, and somebody should know
  kProblem,     // the sentence names the remedy
  kNotChecked,  // the sentence says why
};

struct Finding {
  std::string check;  // "module", "token file"
  Health health = Health::kOk;
  std::string sentence;
};

using Findings = std::vector<Finding>;

void add(Findings& findings, std::string check, Health health, std::string sentence);

// One line each, safe for a terminal, and a line that adds up.
std::string render_findings(const Findings& findings, bool colours = false);

// One JSON object: {"v", "command", "ok": bool, "problems": n, "warnings": n, "not_checked": n,
// "checks":
// [{"check", "health", "sentence"}]}.
std::string render_findings_json(const Findings& findings);

// The exit status: 0 nothing is wrong, 1 something is, 3 nothing was found wrong and something was
// not checked.
int exit_status_of(const Findings& findings);

}  // namespace plivo_dial::ctl
