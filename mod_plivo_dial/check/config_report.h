// File: mod_plivo_dial/check/config_report.h
//
// What was found in a configuration. Plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace plivo_dial {

// Everything wrong, in words for the administrator.
struct ConfigReport {
  std::vector<std::string> errors;
  // Wrong now, but not by the configuration's fault: a missing directory, a program that can't be
  // run. It stops a start, but never a server that runs.
  std::vector<std::string> environment_errors;
  // Beside those, what only who starts httpd can judge: PD0106.
  std::vector<std::string> unjudged;
  std::vector<std::string> warnings;
  std::vector<std::string> twins;  // Locations of several virtual hosts for one URL: PD0105
};

}  // namespace plivo_dial
