// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/sink_config.h"

#include <algorithm>

namespace plivo_dial {

bool wants_event(const SinkConfig& sink, std::string_view event_name) {
  return sink.events.empty() ||
         std::find(sink.events.begin(), sink.events.end(), event_name) != sink.events.end();
}

SinkConfig default_sink() {
  SinkConfig sink;
  sink.name = "syslog";
  return sink;
}

}  // namespace plivo_dial
