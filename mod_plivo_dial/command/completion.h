// File: mod_plivo_dial/command/completion.h
//
// Completion for bash and zsh, made of the command line itself, so that it cannot lag behind.
// Options say by their declaration which words, files or directories they take.
//
//   std::fputs(bash_completion(program).c_str(), stdout);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace plivo_dial {

class Command;

// A script for bash (4.4 and later) or zsh that completes the commands, options and values of
// `program`. Pure.
std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);

}  // namespace plivo_dial
