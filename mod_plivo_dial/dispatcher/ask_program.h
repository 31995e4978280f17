// File: mod_plivo_dial/dispatcher/ask_program.h
//
// A question that httpd's parent puts to a program of ours, since httpd itself has neither the
// store nor calendars: standard input in, standard output back.
//
//   const std::optional<Told> told = ask_program({program, "--compile"}, json, 60s);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial {

struct Told {
  std::string output;
  int status = 0;  // its exit status; -1: it ended by a signal
};

// Runs arguments[0] with the others, and `input` as standard input. Nothing where it can't be
// started, says more than 4 MiB, or has not ended within `patience`, when it is killed. For one
// thread of a process that waits for nothing else meanwhile.
std::optional<Told> ask_program(const std::vector<std::string>& arguments, std::string_view input,
                                std::chrono::milliseconds patience);

}  // namespace plivo_dial
