// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/make_sink.h"

#include <system_error>

#include "lib/sink/detached_sink.h"
#include "lib/sink/hook_process.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kBeyondAllTimes{10000};

// What is longer is no work of the sink's.
HangNotice notice_of(const SinkConfig& config) {
  const seconds timeout(config.timeout_seconds);
  switch (config.kind) {
    case SinkKind::kExec:
      return {config.name, "'" + config.program[0] + "'", timeout + kTermGrace + kBeyondAllTimes};
    case SinkKind::kStream:  // it may have to be started first
      return {config.name, "'" + config.program[0] + "'", 2 * timeout + kBeyondAllTimes};
    case SinkKind::kFile:
      return {config.name, "'" + config.path + "'", kBeyondAllTimes};
    case SinkKind::kSyslog:
      break;
  }
  return {config.name, "'" + config.socket + "'", kBeyondAllTimes};
}

std::unique_ptr<Sink> make_plain_sink(const SinkConfig& config, Log& log) {
  switch (config.kind) {
    case SinkKind::kExec:
      return make_exec_sink(config, log);
    case SinkKind::kStream:
      return make_stream_sink(config, log);
    case SinkKind::kFile:
      return make_file_sink(config, log);
    case SinkKind::kSyslog:
      break;
  }
  return make_syslog_sink(config, log);
}

}  // namespace

std::unique_ptr<Sink> make_sink(const SinkConfig& config, Log& log) {
  // The daemon's socket does not wait.
  if (config.kind == SinkKind::kSyslog) return make_plain_sink(config, log);
  const auto make = [&config](Log& to) { return make_plain_sink(config, to); };
  try {
    return detach_sink(make, notice_of(config), log);
  } catch (const std::system_error&) {
    return make(log);  // there are no more threads
  }
}

}  // namespace plivo_dial
