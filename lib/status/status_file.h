// File: lib/status/status_file.h
//
// Makes, writes and reads httpd's status file; see status_layout.h for what is in it. Use
// open_status_file in httpd's parent, before it forks, publish_status in all its processes, and
// read_status_file in tools.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/status/status_layout.h"

namespace plivo_dial {

// The name of the file of a server whose PlivoSpool is `spool`: two servers may have one runtime
// directory. A slash at its end makes no difference.
std::string status_file_name(std::string_view spool);

// What the processes of a server share, and the file where tools see it. The memory is no mapping
// of the file: one that shrinks, or whose disk dies, kills whoever touches its mapping. Plain data.
struct ServerStatus {
  StatusFile* memory = nullptr;  // null: there is none
  int file = -1;                 // -1: no tool sees it
};

// Makes both for all processes that are forked from now on, with what was counted in the file. A
// file that is not whole, of another layout, of another spool or not the caller's own is replaced;
// what the new layout has in common with the old one is taken over. The file gets mode 0644, since
// nothing in it is secret. The caller closes it by close_status, or never. Errors name the path and
// the reason.
Result<ServerStatus> open_status_file(const std::string& path, std::string_view spool);

// The same without a file, for a server that has no place for one. Without memory when there is
// none.
ServerStatus anonymous_status(std::string_view spool);

// Writes to the file what the memory says. What fails is left to the next time: tools see the state
// before. One system call; from any thread and process.
void publish_status(const ServerStatus& status);

void close_status(ServerStatus& status);

// What processes of one user could not store.
struct RefusedEventsReport {
  uid_t user = 0;
  std::uint64_t refused = 0;        // answered with 503
  std::uint64_t logged = 0;         // went to the error log whole
  std::uint64_t failed_trials = 0;  // of processes that tried the spool
  std::int64_t since_us = 0;        // when the present trouble began; 0: none is known
  std::int64_t last_us = 0;
  std::string reason;  // bytes as they came; "" when it is just being written
};

// What a status file says at one moment.
struct StatusReport {
  std::string path;
  std::string spool;
  pid_t parent = 0;
  pid_t dispatcher = 0;
  std::int64_t configured_us = 0;
  std::optional<std::uint64_t> min_free;            // PlivoSpool's minFree=, bytes
  std::vector<RefusedEventsReport> refused_events;  // of users with anything to tell
};

// Reads it without mapping it. An error for a file that is not there, not regular, not whole or of
// another version; sections that are missing are empty. Values are as hostile as who may write
// the file: make text safe before it is shown.
Result<StatusReport> read_status_file(const std::string& path);

// The name of the symbolic link in a spool that leads to the file.
inline constexpr std::string_view kStatusLink = "httpd-status";

// Lets tools that know the spool alone find `path`: a symbolic link in `spool`. It is left as it is
// when it is right. False when it can't be made, as where the spool can't be written.
bool link_status_file(const std::string& spool, const std::string& path);

// Where the distributions' httpd have DefaultRuntimeDir, as patterns; Debian has one for each of
// several httpd.
inline constexpr std::array<const char*, 3> kRuntimeDirectories = {"/run/apache2*", "/run/httpd*",
                                                                   "/usr/local/apache2/logs"};

// The status files of servers with `spool`, each once: what the link leads to, and what lies in the
// directories `runtime`. Readable or not.
std::vector<std::string> find_status_files(
    const std::string& spool, std::span<const char* const> runtime = kRuntimeDirectories);

}  // namespace plivo_dial
