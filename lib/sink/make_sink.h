// File: lib/sink/make_sink.h
//
// Sinks as a PlivoEventSink line describes them: where a new kind of sink is entered.
//
//   const std::unique_ptr<Sink> sink = make_sink(default_sink(), log);
//   const Attempt attempt = sink->attempt(event, stop);
//   if (attempt.outcome != Attempt::Outcome::kDone) return attempt;
//   const Result<void> settled = sink->settle(stop);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "lib/log/log.h"
#include "lib/settings/sink_config.h"
#include "lib/sink/sink.h"

namespace plivo_dial {

// What `config` says, for one worker; one that may hang in the kernel is detached
// (detached_sink.h). `log` must outlive the sink.
std::unique_ptr<Sink> make_sink(const SinkConfig& config, Log& log);

std::unique_ptr<Sink> make_syslog_sink(const SinkConfig& config, Log& log);
std::unique_ptr<Sink> make_file_sink(const SinkConfig& config, Log& log);
std::unique_ptr<Sink> make_exec_sink(const SinkConfig& config, Log& log);
std::unique_ptr<Sink> make_stream_sink(const SinkConfig& config, Log& log);

}  // namespace plivo_dial
