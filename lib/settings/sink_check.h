// File: lib/settings/sink_check.h
//
// Whether a sink that is configured can be used on this machine.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/file_access.h"
#include "lib/base/result.h"
#include "lib/settings/sink_config.h"

namespace plivo_dial {

// See check_sink() (sink_kinds.h); the error names the remedy.
Result<void> check_program_of_sink(const std::string& program, const Identity& identity);
Result<void> check_file_of_sink(const std::string& path, const Identity& identity);

// What is allowed in `sink` and most likely a slip: an argument that only a shell would take for
// more, such as > or |. "" when there is none. Pure.
std::string doubt_about(const SinkConfig& sink);

}  // namespace plivo_dial
