// File: mod_plivo_dial/ctl/help_command.h
//
// `plivo-dialctl help` and `plivo-dialctl version`: the same as --help and --version, for who types
// them as commands.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Adds both to `app`. When the command line asks for one, it runs while `app` parses and leaves its
// exit status in `exit_status`, which must outlive `app`.
void add_help_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
