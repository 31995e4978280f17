// File: lib/settings/sink_config.h
//
// What a PlivoEventSink line says: where accepted events go. Read by the module at configtest and
// by the dispatcher; both use this parser, so that what configtest accepts, plivo-diald accepts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/settings/retry_policy.h"

namespace plivo_dial {

enum class SinkKind { kSyslog, kExec, kStream, kFile };
enum class EventFormat { kJson, kKeyValue };

struct SinkConfig {
  std::string name;
  SinkKind kind = SinkKind::kSyslog;
  EventFormat format = EventFormat::kKeyValue;
  std::vector<std::string> events;  // names of events that go there; empty: all

  int facility = 16;                 // syslog: facility code; 16 is local0
  std::string socket = "/dev/log";   // syslog: the daemon's socket
  std::vector<std::string> program;  // exec, stream: the program's absolute path, its arguments
  int timeout_seconds = 30;          // exec: a run, stream: an answer, that takes longer ends it
  int concurrency = 1;               // exec: runs at a time, of different calls
  RetryPolicy retry;                 // exec, stream: when an event that was not taken comes again
  std::string path;                  // file: absolute path

  friend bool operator==(const SinkConfig&, const SinkConfig&) = default;
};

// Reads the arguments of one PlivoEventSink line: name, target, options. Target is
// `syslog:facility`, `exec:/program [arguments]` (blank-separated; a word that starts with " or '
// ends at the same quote, in which a backslash escapes the quote), `stream:/program [arguments]` or
// `file:/path`. Options are `events=name,name`, `format=json` or `format=kv` (without it syslog
// gets kv, the others json), `timeout=seconds` and `retry=1,5,30/86400` (retry_policy.h) of exec
// and stream, `concurrency=runs` (without it 4) of exec, and `socket=/path` of syslog. Errors name
// the value and the remedy. Pure.
Result<SinkConfig> parse_sink(std::span<const std::string_view> arguments);

// The arguments that parse_sink reads as `sink`. Pure.
std::vector<std::string> sink_arguments(const SinkConfig& sink);

// What holds when there is no PlivoEventSink line: every event to syslog's local0.
SinkConfig default_sink();

// Whether events named `event_name` go to `sink`.
bool wants_event(const SinkConfig& sink, std::string_view event_name);

}  // namespace plivo_dial
