// File: lib/settings/sink_kinds.h
//
// The kinds of sinks, in one table: how a target is written and read, and what this machine must
// have for it. A new kind is a row here, its members in SinkConfig, and its maker in
// lib/sink/make_sink.cc.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "lib/access/file_access.h"
#include "lib/base/result.h"
#include "lib/settings/sink_config.h"

namespace plivo_dial {

struct SinkTarget {
  SinkKind kind;
  std::string_view word;   // in front of the colon: "exec"
  std::string_view form;   // for errors: "exec:/program"
  bool runs_program;       // SinkConfig::program, with timeout= and retry=
  std::string_view joint;  // between word and path, for people: "syslog at /dev/log"

  // Reads what stands behind the colon into `sink`, whose kind is set. The error names the value
  // and the remedy.
  Result<void> (*read)(std::string_view value, SinkConfig& sink);
  // What read() reads as `sink`.
  std::string (*written)(const SinkConfig& sink);
  // The path by which this machine knows it: a program, a file, a socket.
  const std::string& (*path)(const SinkConfig& sink);
  // Whether `identity` will be able to use it, see check_sink().
  Result<void> (*check)(const SinkConfig& sink, const Identity& identity);
};

std::span<const SinkTarget> sink_targets();

// That of `kind`, which has one.
const SinkTarget& target_of(SinkKind kind);

// "syslog at /dev/log", "exec /usr/local/bin/hook --fast", for people.
std::string describe(const SinkConfig& sink);

// Looks whether `identity` will be able to use the sink, by mode bits: the program exists, is a
// regular file it may execute and the kernel will start (program_file.h), and is not writable by
// the world, nor is a directory above it; the file can be appended to, or its directory lets it be
// made. A syslog socket is not looked at, since the daemon may start later.
Result<void> check_sink(const SinkConfig& sink, const Identity& identity);

}  // namespace plivo_dial
