// File: mod_plivo_dial/dispatcher/dispatcher_channel.h
//
// plivo-diald's process and the pipe that leads to it: starting it, telling it the configuration,
// hearing whether it is well. When to do what is the work of dispatcher_process.h.
//
// The pipe is its standard input: one line of JSON for each configuration (dispatcher_config.h),
// the first with the descriptor of the error log; an empty line when httpd begins a reload, which
// may bring no configuration any more. It answers with a byte every few seconds as long
// as it works. When all ends of ours are closed, it ends.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

struct DispatcherChild {
  pid_t pid = 0;
  int pipe = -1;  // ours; does not block
};

// Starts `program` in a session of its own, with nothing of httpd's but the error log. The error
// names the program and the cause; `error_number` is its errno.
Result<DispatcherChild> spawn_dispatcher(const std::string& program, int* error_number);

// The configuration of plivo-diald as httpd's stands, as one line with its newline.
std::string dispatcher_configuration(server_rec* main_server);

// Sends a configuration without waiting: false, with errno, when it does not go out whole.
bool send_configuration(int pipe, std::string_view line);

// Says that httpd reads its configuration anew. Without a new one it ends after a while, by itself.
// Does not wait.
void announce_reload(int pipe);

// What the dispatcher has said since the last call.
struct DispatcherWords {
  bool works = false;
  bool exits = false;  // its last word: it ends by itself, and not by a signal
  bool gone = false;   // it has closed its end, as all dead ones have
};

// Does not wait.
DispatcherWords hear_dispatcher(int pipe);

}  // namespace plivo_dial
