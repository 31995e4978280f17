// File: lib/settings/config_manifest.h
//
// The whole configuration as it will be served, as plain data: what `-t -D DUMP_PLIVO` shows to
// people and `-t -D DUMP_PLIVO_JSON` to programs. The module fills it in once; whoever shows, asks
// or watches takes it from here. It holds names of files with secrets, and no secret: there is no
// member that one could be put into by mistake, since Secret has no conversion to text.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// With `-D` of this word beside, the files of schedules and route maps are not judged: what is
// asked is the configuration, which holds whatever a file says.
inline constexpr const char* kWithoutTables = "PLIVO_WITHOUT_TABLES";

// A position is where a directive stands: "/etc/apache2/x.conf:12", or "built in". Texts are "" for
// what there is not.

struct ManifestStage {
  std::string position;
  std::vector<std::string> targets;  // an address, and its attributes behind it
  std::string dial;                  // "timeout=20": attributes of <Dial>
};

// What the module does with calls to a number.
struct ManifestPlan {
  std::string name;  // "+14155550199"; the path of the Location; "/dialstatus default"
  std::string position;
  std::string error;                 // why there is no such plan; then it has nothing else
  std::vector<std::string> prompts;  // `speak "Connecting your call"`
  std::vector<ManifestStage> stages;
  std::vector<std::string> callers;  // "deny +1415* action=busy": who is turned away
  std::string begin;                 // "menu=main": what follows the prompts
  std::vector<std::string> menus;    // "main 1 dial=+14155550111": questions and keys
  std::string confirm;               // what whoever picks up hears, and the key that takes the call
  std::string recording;             // of the talk: the notice, and attributes of <Record>
  std::vector<std::string> follow_ups;  // "busy,failed voicemail": what follows a dial
  std::string every_dial;               // attributes of each stage that does not set them
  std::string caller_id;                // "the caller's number"
  std::string not_reached;              // what becomes of a caller whom nobody answers
  std::string not_reached_position;
  std::vector<std::string> voicemail;  // its greeting, record and URLs
  std::string longest_ringing;         // "50 s"
  std::string action;                  // URLs that Plivo is given
  std::string callback;
};

// A URL that a directive hands to Plivo in place of one of the module's.
struct ManifestUrl {
  std::string attribute;  // "action"
  std::string endpoint;   // what Plivo sends there: "action", "callback", "recording" or "confirm"
  std::string url;        // without fragment
};

struct ManifestAccount {
  std::string name;
  std::string auth_id;
  std::string token_file;
  std::string previous_token_file;
  std::string position;
};

// A Location with Plivo directives.
struct ManifestLocation {
  std::string server;  // "main server", or the virtual host's "name:port"
  std::string path;    // "/dialstatus"
  std::string position;
  bool served = true;               // has SetHandler plivo-dial
  bool by_expression = false;       // or one with an expression, which may name it
  std::vector<std::string> places;  // where its server is reached: "127.0.0.1:443"
  std::string endpoint;             // "answer"
  std::string public_url;
  std::string signature;  // "Require", "Warn", "Off" or "V2"
  std::int64_t largest_body = 0;
  std::vector<ManifestAccount> accounts;
  std::string secret_file;  // of PlivoEventSecret
  std::string secret_header;
  std::string secret_position;
  std::string fallback;   // position of PlivoFallback
  std::string route_map;  // the file of PlivoRouteMap
  std::string route_map_position;
  std::vector<ManifestPlan> plans;    // its own, those of its numbers, and the default's
  std::vector<ManifestUrl> own_urls;  // that its plans name, each once
};

// The numbers of its <PlivoNumber> sections that have plans: "+14155550199".
std::vector<std::string> numbers_of(const ManifestLocation& location);

struct ManifestSink {
  std::string name;
  std::string kind;                    // "syslog", "exec", ...
  std::string path;                    // by which this machine knows it: a socket, program or file
  std::string description;             // for people
  std::vector<std::string> arguments;  // of PlivoEventSink, all of them
  std::string position;
};

// A PlivoSchedule line.
struct ManifestSchedule {
  std::vector<std::string> arguments;
  std::string position;
};

// Another module that is loaded, see mod_plivo_dial/check/neighbours.h.
struct ManifestNeighbour {
  std::string name;           // "security2"
  bool provided_for = false;  // has the line in the configuration that it needs
};

struct ConfigManifest {
  bool used = false;  // there is a Plivo directive; else there is nothing else
  std::string user;   // httpd's User
  std::string spool;
  std::int64_t min_free = -1;  // bytes; -1: not given
  std::int64_t sync_timeout_seconds = 0;
  bool any_file_system = false;
  bool strict = false;  // PlivoSpoolFailure
  std::string spool_position;
  std::string status_file;
  std::string dispatcher;       // "On", "External" or "Off"
  std::string dispatcher_path;  // the program, or the file that it gets its configuration from
  std::string dispatcher_position;
  std::vector<std::string> dispatcher_settings;  // "keep=86400"
  std::vector<ManifestSink> sinks;
  std::vector<ManifestSchedule> schedules;
  std::string tables;  // TablesConfig as JSON, of which tables are made; "" where none are
  std::vector<ManifestNeighbour> neighbours;
  std::vector<ManifestLocation> locations;
};

// For people: two blanks of indent for the server, two more for each level below.
std::string to_text(const ConfigManifest& manifest);

// For programs, in one line. Later versions only add members.
std::string to_json(const ConfigManifest& manifest);

// The manifest that the output of a program has in one of its lines, as to_json() wrote it; nothing
// where no line is one. Fails where it is not what this version can read.
Result<std::optional<ConfigManifest>> find_manifest(std::string_view output);

}  // namespace plivo_dial
