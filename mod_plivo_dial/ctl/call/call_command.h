// File: mod_plivo_dial/ctl/call/call_command.h
//
// `plivo-dialctl call`: the command line of a played call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`. When the command line asks for it, it runs while `app` parses and
// leaves its exit status in `exit_status`, which must outlive `app`.
void add_call_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
