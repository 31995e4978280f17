// File: mod_plivo_dial/ctl/completion.h
//
// Completion for bash and zsh, made of the command line itself, so that it cannot lag behind. The
// build writes both files with `plivo-dialctl completion`, and packages install them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace plivo_dial::ctl {

// A script for bash (4.4 and later) or zsh that completes the commands, options and values of
// `app`. Pure.
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);

// Adds `plivo-dialctl completion bash|zsh`, which prints them. When the command line asks for it,
// it runs while `app` parses and leaves its exit status in `exit_status`, which must outlive `app`.
void add_completion_command(CLI::App& app, int& exit_status);

}  // namespace plivo_dial::ctl
