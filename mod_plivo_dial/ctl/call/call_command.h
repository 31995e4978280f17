// File: mod_plivo_dial/ctl/call/call_command.h
//
// `plivo-dialctl call`: the command line of a played call.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it.
void add_call_command(Command& app);

}  // namespace plivo_dial::ctl
