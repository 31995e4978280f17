// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/events_command.h"
#include "mod_plivo_dial/command/command.h"

namespace plivo_dial::ctl {

void add_events_command(Command& app) {
  Command& events = app.subcommand(
      "events",
      "What became of accepted events: how the queue stands, one event's way, sending again. With "
      "or without a running dispatcher; run it with sudo.");
  events.needs_command();
  for (const auto add :
       {add_events_status, add_events_list, add_events_show, add_events_retry, add_events_replay,
        add_events_dead, add_events_verify, add_events_export, add_events_hook_test}) {
    add(events);
  }
  events.footer(
      "Exit status: 0 good; 1 nothing matched, verify found a difference or export left events "
      "out; 2 wrong usage; 3 the "
      "spool or its store cannot be used.\n\n"
      "Example: plivo-dialctl events status\n"
      "More about a command: plivo-dialctl events list --help");
}

}  // namespace plivo_dial::ctl
