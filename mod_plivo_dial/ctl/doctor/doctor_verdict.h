// File: mod_plivo_dial/ctl/doctor/doctor_verdict.h
//
// What `plivo-dialctl doctor` says of the replies to its probes. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/doctor/probe_answer.h"
#include "mod_plivo_dial/ctl/findings.h"

namespace plivo_dial::ctl {

// What was asked, as far as sentences name it.
struct ProbedLocation {
  std::string check;  // "handler"
  std::string url;    // "/dialstatus", or the public one
  // Behind the URL: " at 127.0.0.1:80 (virtual host a.example.com:80)"; or "".
  std::string place;
  std::string signature;                     // the mode there: "Require", "Warn", "Off" or "V2"
  std::string_view if_signature_is_refused;  // ends the sentence about a refused signature
  std::string account = "";                  // whose token signs; "": none is named
};

// One finding when all is well, or the same is wrong everywhere; else one for each URL where
// something is wrong. `answers` are those of ask_location, at least one.
Findings judge_location(const ProbedLocation& location, const std::vector<ProbeAnswer>& answers);

// Of those of ask_in_a_row; nothing unless the number of requests is what is refused.
Findings judge_row(const ProbedLocation& location, const std::vector<ProbeAnswer>& answers);

}  // namespace plivo_dial::ctl
