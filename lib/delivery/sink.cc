// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/sink.h"

#include <algorithm>

namespace plivo_dial {

std::chrono::milliseconds delay_after(unsigned waits) {
  constexpr std::chrono::milliseconds kFirst{100};
  constexpr std::chrono::milliseconds kLast{5000};
  return std::min(kLast, kFirst * (1 << std::min(waits, 10u)));
}

std::unique_ptr<Sink> make_sink(const SinkConfig& config, Log& log) {
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

}  // namespace plivo_dial
