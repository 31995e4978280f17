// File: lib/spool/spool_server.h
//
// Which plivo-diald serves a spool, and who started it: with two httpd on one spool, or a unit
// beside httpd, the configuration of one alone says where all events go. Reads the lock and /proc;
// makes nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace plivo_dial {

struct SpoolServer {
  pid_t pid = 0;  // 0: the lock does not tell
  bool ending = false;
  pid_t parent = 0;         // who started it, or took it over; 0: not to be seen from here
  std::string parent_name;  // "apache2", "systemd"; "" when it can't be told
};

// Who serves `spool`; nothing when nobody does or it can't be told.
std::optional<SpoolServer> server_of_spool(const std::string& spool);

// "plivo-diald (pid 12), which pid 3 (apache2) started"
std::string describe(const SpoolServer& server);

// What goes wrong when `server` is not this configuration's own, and what to do: the end of a
// sentence that begins with describe().
std::string other_server_remedy();

// What /proc calls the process, at most 15 bytes; "" when there is none.
std::string process_name(pid_t pid);

}  // namespace plivo_dial
