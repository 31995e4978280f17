// File: mod_plivo_dial/ctl/completion_command.h
//
// `plivo-dialctl completion bash|zsh`: what a shell completes the command line by. The build writes
// both files with it, and packages install them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {
class Command;
}

namespace plivo_dial::ctl {

// Adds the subcommand to `app`, which runs it when the command line asks for it.
void add_completion_command(Command& app);

}  // namespace plivo_dial::ctl
