// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/events_command.h"

#include <CLI/CLI.hpp>

namespace plivo_dial::ctl {

void add_events_command(CLI::App& app, int& exit_status) {
  CLI::App* events = app.add_subcommand(
      "events",
      "What became of accepted events: how the queue stands, one event's way, sending again. With "
      "or without a running dispatcher; run it with sudo.");
  events->require_subcommand(1);
  for (const auto add :
       {add_events_status, add_events_list, add_events_show, add_events_retry, add_events_replay,
        add_events_dead, add_events_verify, add_events_hook_test}) {
    add(*events, exit_status);
  }
  events->footer(
      "Exit status: 0 good; 1 nothing matched, or verify found a difference; 2 wrong usage; 3 the "
      "spool or its store cannot be used.\n\n"
      "Example: plivo-dialctl events status\n"
      "More about a command: plivo-dialctl events list --help");
}

}  // namespace plivo_dial::ctl
