// File: mod_plivo_dial/ctl/events/events_command.h
//
// `plivo-dialctl events`: what became of accepted events, and sending them again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand with its own subcommands to `app`, which runs the one that the command line
// asks for.
void add_events_command(Command& app);

// The subcommands; `events` is the group. As above.
void add_events_status(Command& events);
void add_events_list(Command& events);
void add_events_show(Command& events);
void add_events_retry(Command& events);
void add_events_replay(Command& events);
void add_events_dead(Command& events);
void add_events_verify(Command& events);
void add_events_export(Command& events);
void add_events_hook_test(Command& events);

}  // namespace plivo_dial::ctl
