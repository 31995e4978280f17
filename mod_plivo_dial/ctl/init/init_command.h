// File: mod_plivo_dial/ctl/init/init_command.h
//
// `plivo-dialctl init`: writes the first configuration and the token's file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// Exit status when the files can't be written, or are there already.
inline constexpr int kExitNotWritten = 3;

// Adds the subcommand to `app`. When the command line asks for it, it runs while `app` parses and
// leaves its exit status in `exit_status`, which must outlive `app`.
void add_init_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
