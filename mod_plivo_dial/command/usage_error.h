// File: mod_plivo_dial/command/usage_error.h
//
// What a program says of a command line that it does not understand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace plivo_dial {

// A line, without its end, that names the command as far as it was understood, what is wrong, the
// command, option or value that was likely meant, and where help is. Words that were typed are in
// it as they are. `error` is what `app` threw while it parsed. Pure.
std::string usage_error_text(const CLI::App& app, const CLI::ParseError& error);

// "there is no command "statu"; did you mean status?" of the commands of `command`; all are listed
// when none is near. Pure.
std::string unknown_command_text(const CLI::App& command, const std::string& word);

}  // namespace plivo_dial
