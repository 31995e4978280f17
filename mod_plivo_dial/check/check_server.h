// File: mod_plivo_dial/check/check_server.h
//
// What holds for the whole server and is there or not on this machine: the spool, the dispatcher's
// program, the places where events go.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/file_access.h"
#include "mod_plivo_dial/check/config_report.h"
#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

// For whom files are judged.
struct Judge {
  Identity identity;
  // Where an ordinary user tests a configuration whose httpd serves as another one, the remedy for
  // him would harm that one.
  bool stands_in = false;

  // Puts `finding` about what stands at `where` into the list of `report` that it belongs to.
  void say(const std::string& where, const std::string& finding, ConfigReport& report) const;
};

// Judges spool, dispatcher and sinks. Waits a few seconds at most for file systems that do not
// answer.
void check_server(const ServerConfig& server, const Judge& judge, ConfigReport& report);

}  // namespace plivo_dial
