// File: lib/settings/sink_config.h
//
// What a PlivoEventSink line says: where accepted events go. Plain data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

// What holds when there is no PlivoEventSink line: every event to syslog's local0.
SinkConfig default_sink();

// Whether events named `event_name` go to `sink`.
bool wants_event(const SinkConfig& sink, std::string_view event_name);

}  // namespace plivo_dial
