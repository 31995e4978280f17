// File: lib/sink/hook_trial.h
//
// Tries a sink's program on one event, without spool, store or schedule, and tells what the
// dispatcher would make of it. For `plivo-dialctl events hook-test`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "lib/settings/sink_config.h"
#include "lib/sink/sink.h"
#include "lib/sink/stop.h"

namespace plivo_dial {

struct HookTrial {
  // Of an exec sink's program that ended by itself; neither: it did not start, or was ended.
  std::optional<int> exit_code;
  std::optional<int> signal;
  // What it printed, as it came, at most 64 KiB: standard output and standard error; of a stream
  // sink's program standard error only, since its output is its answers.
  std::string output;
  // What the dispatcher would do: kDone, kRefused (a dead letter), kFailed (again by retry=), kWait
  // (again soon, without counting as an attempt), kInterrupted (`stop` was due). `reason` says what
  // happened; it is empty for kDone.
  Attempt judged;
};

// Runs the program of `sink`, an exec or stream sink, for `event` as the dispatcher runs it: same
// arguments, environment, input, limits and time. A stream program is started, gets the event when
// it is ready, and is ended. The user is that of this process: before, take the identity that
// plivo-diald takes, to see what it sees; and be a subreaper, so that daemons of a program that has
// to be ended are, too. Ends early when `stop` is due. Thread-safe.
HookTrial try_hook(const SinkConfig& sink, const SinkEvent& event, const Stop& stop);

}  // namespace plivo_dial
