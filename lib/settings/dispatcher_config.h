// File: lib/settings/dispatcher_config.h
//
// The whole configuration of plivo-diald. The module writes it, as one line of JSON, into the pipe
// that is the dispatcher's standard input: the first line at start, a further one at each reload.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/access/file_access.h"
#include "lib/base/result.h"
#include "lib/log/log_level.h"
#include "lib/settings/sink_arguments.h"
#include "lib/settings/sink_config.h"
#include "lib/settings/tables_config.h"

namespace plivo_dial {

// How long records of calls may be kept.
inline constexpr std::chrono::days kLongestRecordKeep{3650};

// What the dispatcher is told as it stands, much of it by directives: a new one is a member here, a
// row of the table in dispatcher_config.cc, and its directive.
struct DispatcherSettings {
  std::chrono::seconds keep{86400};    // fixed: how long segments are kept when all is delivered
  std::uint64_t min_free = 64u << 20;  // bytes that writers leave free; see Dispatcher::keep_time
  std::chrono::seconds record_keep = std::chrono::days(30);  // how long records of calls are kept

  friend bool operator==(const DispatcherSettings&, const DispatcherSettings&) = default;
};

// For people: "keep=86400", "minFree=67108864", as they go to the dispatcher.
std::vector<std::string> describe(const DispatcherSettings& settings);

struct DispatcherConfig : DispatcherSettings {
  std::string spool;  // absolute path of the spool directory
  Identity identity;  // whom the dispatcher becomes when root starts it
  std::string node;   // host name of this server, for the syslog sinks' lines and the log
  std::vector<SinkConfig> sinks;         // names are unique
  TablesConfig tables;                   // which the dispatcher makes anew when a file changes
  LogLevel log_level = LogLevel::kInfo;  // less severe lines are left out
  int log_facility = -1;                 // syslog's code for the log; -1: to standard error

  friend bool operator==(const DispatcherConfig&, const DispatcherConfig&) = default;
};

// One line of JSON, pure ASCII, without the newline:
//   {"spool":"/var/lib/plivo-dial","uid":33,"gid":33,"groups":[33],"node":"pbx",
//    "sinks":[["log","syslog:local0"],["crm","exec:/usr/local/bin/hook","timeout=5"]],
//    "logLevel":"info","logFacility":23,"keep":86400,"minFree":67108864,
//    "recordKeep":2592000}
// Each sink is the arguments of its PlivoEventSink line. Bytes that are not UTF-8 become U+FFFD;
// parse_sink and check_spool_directory let none through.
std::string to_json(const DispatcherConfig& config);

// Reads what to_json wrote, or a person did. All members but groups, node, tables, logLevel,
// logFacility, keep, minFree and recordKeep are required; errors name the member and what it should
// be. Never throws.
Result<DispatcherConfig> dispatcher_config_from_json(std::string_view text);

}  // namespace plivo_dial
