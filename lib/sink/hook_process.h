// File: lib/sink/hook_process.h
//
// Runs one program of the administrator's for one event, and sees to it that nothing of this
// process reaches it and nothing of it is left behind. Linux only (pidfd, memfd).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/sink/stop.h"

namespace plivo_dial {

// Between SIGTERM and SIGKILL, for a hook that is ended.
inline constexpr std::chrono::milliseconds kTermGrace{2000};
inline constexpr std::size_t kMaxHookOutput = 64 * 1024;  // bytes kept; the rest is thrown away

struct HookRun {
  enum class End {
    kExited,       // by itself; see wait_status
    kTimedOut,     // ended by us after the time
    kInterrupted,  // ended by us because the dispatcher ends
    kNotStarted,   // see error
  };
  End end = End::kNotStarted;
  int wait_status = 0;   // as of waitpid(2)
  int error = 0;         // errno of what kept it from starting
  int limits_error = 0;  // errno of a limit that it runs without; see child_start.h
  std::string output;    // of standard output and standard error, in the order of writing
};

// Runs `arguments` (the first is the program's absolute path) with exactly `environment` and
// `input` on standard input, as child_start.h says. A run longer than `timeout` gets SIGTERM, 2 s
// later SIGKILL, with all that stems from it, even daemons; so does one that runs when `stop` is
// due. A program that ends by itself may leave processes behind: those live on. Returns when the
// program has ended, even if a child of it keeps the output open. Thread-safe.
HookRun run_hook(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment, std::string_view input,
                 std::chrono::seconds timeout, const Stop& stop);

}  // namespace plivo_dial
