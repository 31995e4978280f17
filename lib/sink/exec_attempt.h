// File: lib/sink/exec_attempt.h
//
// One run of an exec sink's program for one event, and what it means for the event. Use it where
// a program is to run exactly as the dispatcher runs it: the exec sink and the trial of a hook.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/settings/sink_config.h"
#include "lib/sink/hook_process.h"
#include "lib/sink/sink.h"
#include "lib/sink/stop.h"

namespace plivo_dial {

// Runs the program of `sink`, an exec sink, for `event`; again, a few times, while somebody is
// just installing it. Thread-safe.
HookRun run_exec_hook(const SinkConfig& sink, const SinkEvent& event, const Stop& stop);

// What follows from `run`: exit 0 is taken; 65 (sysexits.h's EX_DATAERR) and 100 (qmail's permanent
// failure) are refused for good; what the system's shortage kept from starting waits; all else has
// failed. The reason is there for all but success. Pure.
Attempt judge_exec_run(const SinkConfig& sink, const HookRun& run);

// Whether `error`, of a program that could not be started, keeps every program from starting, so
// that no event has to do with it. Pure.
bool is_shortage(int error);

// "'/usr/local/bin/hook' could not be started: ...", with the remedy where the error misleads.
// Pure.
std::string not_started_reason(const SinkConfig& sink, int error);

}  // namespace plivo_dial
