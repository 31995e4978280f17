// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/sink.h"

namespace plivo_dial {

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
