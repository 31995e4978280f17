// File: lib/delivery/sink.h
//
// A place where events go, as the runner sees it: one attempt at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/delivery/log.h"
#include "lib/delivery/sink_config.h"
#include "lib/delivery/stop.h"
#include "lib/event/event.h"

namespace plivo_dial {

struct Attempt {
  enum class Outcome {
    kDone,
    kRefused,      // the event will never be taken; the sink has logged it
    kRetry,        // not now; again after `delay`
    kInterrupted,  // the dispatcher's end came first
  };
  Outcome outcome = Outcome::kDone;
  std::chrono::milliseconds delay{0};
};

// Used by one thread. A sink logs its own troubles.
class Sink {
 public:
  virtual ~Sink() = default;

  // Tries to hand over `event`; `number` counts the attempts at this event from 1. May take long;
  // ends soon when `stop` is due.
  virtual Attempt attempt(const Event& event, unsigned number, const Stop& stop) = 0;

  // Makes what was handed over as durable as the sink can, before it is recorded as delivered.
  virtual Result<void> settle() { return {}; }

  // Whether each event is to be recorded by itself, because a repetition is worse than a sync.
  virtual bool records_each() const { return false; }
};

// `log` must outlive the sink.
std::unique_ptr<Sink> make_syslog_sink(const SinkConfig& config, Log& log);
std::unique_ptr<Sink> make_file_sink(const SinkConfig& config, Log& log);
std::unique_ptr<Sink> make_exec_sink(const SinkConfig& config, Log& log);

}  // namespace plivo_dial
