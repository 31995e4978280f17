// File: lib/spool/helper_thread.h
//
// Threads that work for others inside a process that is not ours.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <thread>

namespace plivo_dial {

// Starts `body` in a thread that takes none of the process's signals, whose handlers are httpd's
// and expect httpd's own threads. `name` (at most 15 bytes) is what top -H shows. Throws
// std::system_error when there can be no other thread.
std::thread start_helper_thread(const char* name, std::function<void()> body);

}  // namespace plivo_dial
