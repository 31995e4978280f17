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

// Looks whether `identity` will be able to use the sink, by mode bits: the program exists, is a
// regular file it may execute and the kernel will start (program_file.h), and is not writable by
// the world, nor is a directory above it; the file can be appended to, or its directory lets it be
// made. A syslog socket is not looked at, since the daemon may start later.
Result<void> check_sink(const SinkConfig& sink, const Identity& identity);

// What is allowed in `sink` and most likely a slip: an argument that only a shell would take for
// more, such as > or |. "" when there is none. Pure.
std::string doubt_about(const SinkConfig& sink);

}  // namespace plivo_dial
