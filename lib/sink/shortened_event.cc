// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/shortened_event.h"

#include <utility>

namespace plivo_dial {

void ShortenedEventNotice::note(const Event& event, const std::vector<std::string>& left_out,
                                std::size_t limit) {
  if (left_out.empty() || std::exchange(said_, true)) return;
  std::string names;
  for (const std::string& name : left_out) names += (names.empty() ? "" : ", ") + name;
  const std::string id = escaped(event.id);
  log_.write(
      LogLevel::kWarning, log_id::kShortened,
      "sink " + sink_ + ": event " + id + " does not fit into a line of " + std::to_string(limit) +
          " bytes; it says truncated, and lacks, or has cut: " + names +
          "; 'plivo-dialctl events show " + id +
          "' has the whole event until a day after its delivery. Said once; each such line " +
          "says it of itself");
}

}  // namespace plivo_dial
