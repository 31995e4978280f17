// File: lib/sink/detached_sink.h
//
// A sink that works on a thread of its own, so that it can be given up. A file system that hangs (a
// network's or FUSE's whose server is gone) keeps whoever touches it in the kernel, where no signal
// reaches; nothing else is to wait there, not the end of the dispatcher and not the spool's lock.
//
//   const auto make = [&](Log& to) { return make_file_sink(config, to); };
//   const HangNotice notice{"audit", "'/mnt/audit.log'", std::chrono::seconds(10)};
//   const std::unique_ptr<Sink> sink = detach_sink(make, notice, log);
//   sink->attempt(event, stop)      -> what the file sink says, or kInterrupted: it was given up
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "lib/log/log.h"
#include "lib/sink/sink.h"

namespace plivo_dial {

// What the log says of a sink that hangs, and after what time; once for all its workers.
struct HangNotice {
  std::string sink;    // its name
  std::string target;  // "'/mnt/events.log'"
  std::chrono::milliseconds after{0};
};

// The sink that `make` makes, as seen from outside of its thread: each call waits for it, as long
// as it takes, until kGiveUp after its stop is due. Then the call fails (kInterrupted), and so does
// every further one; the sink is destroyed when it comes back, if it ever does, see
// any_sink_was_given_up(). What it logs is written to `log` by who waits for it, and so is not held
// up by what hangs; `log` need not outlive a sink that was given up.
//
// The thread has a descriptor table of its own, which begins with the standard three, 0 and 1 being
// /dev/null: what hangs there holds nothing else open when the process is killed, least of all the
// spool's lock, and a program that another sink starts inherits nothing that hangs. So the sink
// opens nothing when it is made; what it opens is used and closed on its thread.
//
// Throws std::system_error when there is no thread to be had.
using MakeSink = std::function<std::unique_ptr<Sink>(Log&)>;
std::unique_ptr<Sink> detach_sink(const MakeSink& make, HangNotice notice, Log& log);

// How long a sink has behind its deadline: a program that is ended gets kTermGrace, and a second
// more to be gone.
inline constexpr std::chrono::milliseconds kGiveUp{4000};

// Whether one was given up that has not come back: then its thread may use what it was given at any
// time, and the process ends by _exit(2). Thread-safe.
bool any_sink_was_given_up();

}  // namespace plivo_dial
