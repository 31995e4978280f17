// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/make_sink.h"

#include <algorithm>
#include <system_error>

#include "lib/settings/sink_kinds.h"
#include "lib/sink/detached_sink.h"
#include "lib/sink/hook_process.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kBeyondAllTimes{10000};

milliseconds no_time(const SinkConfig&) {
  return milliseconds{0};
}
milliseconds time_of_run(const SinkConfig& config) {
  return seconds(config.timeout_seconds) + kTermGrace;
}
// It may have to be started first.
milliseconds time_of_answer(const SinkConfig& config) {
  return 2 * seconds(config.timeout_seconds);
}

struct SinkMaker {
  SinkKind kind;
  std::unique_ptr<Sink> (*make)(const SinkConfig& config, Log& log);
  bool may_hang;                                      // in the kernel, on somebody's file system
  milliseconds (*longest)(const SinkConfig& config);  // that an attempt takes by its nature
};

constexpr SinkMaker kMakers[] = {
    {SinkKind::kSyslog, make_syslog_sink, false, no_time},  // the daemon's socket does not wait
    {SinkKind::kExec, make_exec_sink, true, time_of_run},
    {SinkKind::kStream, make_stream_sink, true, time_of_answer},
    {SinkKind::kFile, make_file_sink, true, no_time},
};

// What takes longer is no work of the sink's.
HangNotice notice_of(const SinkConfig& config, const SinkMaker& maker) {
  const std::string& path = target_of(config.kind).path(config);
  return {config.name, "'" + path + "'", maker.longest(config) + kBeyondAllTimes};
}

}  // namespace

std::unique_ptr<Sink> make_sink(const SinkConfig& config, Log& log) {
  const SinkMaker& maker = *std::ranges::find(kMakers, config.kind, &SinkMaker::kind);
  if (!maker.may_hang) return maker.make(config, log);
  const auto make = [&](Log& to) { return maker.make(config, to); };
  try {
    return detach_sink(make, notice_of(config, maker), log);
  } catch (const std::system_error&) {
    return make(log);  // there are no more threads
  }
}

}  // namespace plivo_dial
