// File: mod_plivo_dial/ctl/init/init_command.h
//
// `plivo-dialctl init`: writes the first configuration and the token's file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Exit status when the files can't be written, or are there already.
inline constexpr int kExitNotWritten = 3;

// Adds the subcommand to `app`, which runs it when the command line asks for it.
void add_init_command(Command& app);

}  // namespace plivo_dial::ctl
