// File: mod_plivo_dial/ctl/standard_io.h
//
// What a command reads from files and standard input, and how it writes its result.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

// More than any webhook has.
inline constexpr std::size_t kMaxInputBytes = std::size_t{1} << 20;

// All bytes of the file at `path`, or of standard input when it is "-". Fails, naming the file,
// when it can't be read or has more than `most` bytes.
Result<std::string> read_input(const std::string& path, std::size_t most = kMaxInputBytes);

// Writes `text` to standard output. Returns `status`, or kExitUsage after a message on standard
// error when it could not be written whole.
int write_output(std::string_view command, std::string_view text, int status);

// Writes "plivo-dialctl `command`: `message`" to standard error and returns kExitUsage.
int report_usage(std::string_view command, std::string_view message);

// What is wrong with the value of an option: "--url: `message`".
Error bad_option(std::string_view option, const std::string& message);

}  // namespace plivo_dial::ctl
