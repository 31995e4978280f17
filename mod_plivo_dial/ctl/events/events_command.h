// File: mod_plivo_dial/ctl/events/events_command.h
//
// `plivo-dialctl events`: what became of accepted events, and sending them again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Adds the subcommand with its own subcommands to `app`. When the command line asks for one, it
// runs while `app` parses and leaves its exit status in `exit_status`, which must outlive `app`.
void add_events_command(CLI::App& app, int& exit_status);

// The subcommands; `events` is the group. As above.
void add_events_status(CLI::App& events, int& exit_status);
void add_events_list(CLI::App& events, int& exit_status);
void add_events_show(CLI::App& events, int& exit_status);
void add_events_retry(CLI::App& events, int& exit_status);
void add_events_replay(CLI::App& events, int& exit_status);
void add_events_dead(CLI::App& events, int& exit_status);
void add_events_verify(CLI::App& events, int& exit_status);
void add_events_hook_test(CLI::App& events, int& exit_status);

}  // namespace plivo_dial::ctl
