// File: mod_plivo_dial/ctl/httpd/doctor_config.h
//
// What httpd's own control program tells of the configuration, read from its output. Pure
// functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mod_plivo_dial/ctl/httpd/dumped_plan.h"

namespace plivo_dial::ctl {

// A URL that a directive hands to Plivo in place of one of the module's.
struct DumpedUrl {
  std::string attribute;  // "action"
  std::string endpoint;   // what Plivo sends there: "action", "callback", "recording" or "confirm"
  std::string url;        // without fragment
};

// A Location that the module serves.
struct DumpedLocation {
  std::string server;                       // "main server", or the virtual host's "name:port"
  std::string path;                         // "/dialstatus"
  bool served = true;                       // has SetHandler plivo-dial
  bool reach_is_known = false;              // httpd says where its server is reached
  std::vector<std::string> places;          // there: "127.0.0.1:443"
  std::string endpoint;                     // "answer"
  std::string public_url;                   // "" for none
  std::string signature;                    // "Require", "Warn", "Off" or "V2"
  std::vector<std::string> accounts;        // their names
  std::vector<std::string> auth_ids;        // of the same
  std::vector<std::string> token_files;     // of the same
  std::vector<std::string> previous_files;  // with previous tokens
  std::string secret_file;                  // of PlivoEventSecret; "" for none
  std::vector<std::string> numbers;         // of its <PlivoNumber> sections: "+14155550199"
  std::vector<DumpedUrl> own_urls;          // that its plans name, each once
  std::string fallback;                     // position of PlivoFallback; "" for none
  std::vector<DumpedPlan> plans;            // its own, those of its numbers, and the default's
};

// Another module that is loaded, see mod_plivo_dial/check/neighbours.h.
struct DumpedNeighbour {
  std::string name;           // "security2"
  bool provided_for = false;  // has the line in the configuration that it needs
};

struct DumpedConfig {
  bool used = false;  // there is a Plivo directive
  std::string spool;
  std::string dispatcher;  // "On", "External" or "Off"
  std::string user;        // httpd's User; "" when it has none
  std::vector<DumpedNeighbour> neighbours;
  std::string status_file;
  std::vector<std::string> syslog_sockets;      // of its sinks
  std::vector<std::vector<std::string>> sinks;  // the arguments of each PlivoEventSink
  std::vector<DumpedLocation> locations;
};

// Reads the output of -t -D DUMP_PLIVO; see mod_plivo_dial/check/dump_config.cc.
DumpedConfig parse_dump(std::string_view text);

// Whether the output of -M has the module.
bool lists_module(std::string_view text);

// The lines of a failed or passed configtest that say what is wrong: errors, or the warnings of
// this module. Without httpd's prefix of time, level and module; what httpd says in a line before,
// file and line of a mistake, stands in front.
std::vector<std::string> errors_of_configtest(std::string_view text);
std::vector<std::string> warnings_of_configtest(std::string_view text);

// Whether one of these errors is only that an ordinary user can't judge something.
bool is_for_root(std::string_view error);

// Whether the output is that of Fedora's apachectl, which does not pass -t and -M on.
bool takes_no_arguments(std::string_view text);

}  // namespace plivo_dial::ctl
