// File: mod_plivo_dial/ctl/help_command.h
//
// `plivo-dialctl help` and `plivo-dialctl version`: the same as --help and --version, for who types
// them as commands.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds both to `app`, which runs the one that the command line asks for.
void add_help_command(Command& app);

}  // namespace plivo_dial::ctl
