// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/waiting_events.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>

#include "lib/base/in_quotes.h"
#include "lib/log/log_id.h"
#include "mod_plivo_dial/dispatcher/ask_program.h"

namespace plivo_dial {
namespace {

constexpr std::chrono::milliseconds kPatienceWithStore{5000};

std::string ask_dispatcher(const std::string& program, const std::string& spool) {
  const std::optional<Told> told =
      ask_program({program, "--waiting", spool}, "", kPatienceWithStore);
  return told && told->status == 0 ? told->output : "";
}

std::string warning_of(std::uint64_t count, const std::string& sink) {
  const std::string events = count == 1 ? "1 event waits" : std::to_string(count) + " events wait";
  const std::string them = count == 1 ? "it becomes a dead letter" : "they become dead letters";
  const SinkConfig by_default = default_sink();
  if (sink == by_default.name) {
    return "PlivoEventSink: " + events + " for the sink " + in_quotes(sink) +
           ", which is there by default as long as no PlivoEventSink line is: with this "
           "configuration " +
           them + " (" + log_id::kSinkGone + "); to have them delivered, add PlivoEventSink " +
           sink + " syslog:local0";
  }
  return "PlivoEventSink: " + events + " for the sink " + in_quotes(sink) +
         ", which this configuration does not have: with it " + them + " (" + log_id::kSinkGone +
         "); give the sink its name back, or send them again later by plivo-dialctl events "
         "dead";
}

}  // namespace

std::vector<std::string> waiting_warnings(const ServerConfig& server) {
  std::vector<std::string> warnings;
  const std::vector<SinkConfig> sinks = sinks_of(server);
  std::istringstream lines(ask_dispatcher(server.dispatcher_program, server.spool));
  std::uint64_t count = 0;
  std::string name;
  while (lines >> count >> name) {
    const bool there =
        std::ranges::any_of(sinks, [&](const SinkConfig& sink) { return sink.name == name; });
    if (!there) warnings.push_back(warning_of(count, name));
  }
  return warnings;
}

}  // namespace plivo_dial
