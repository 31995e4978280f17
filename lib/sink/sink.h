// File: lib/sink/sink.h
//
// A place where events go, as its workers see it: one attempt at a time. Derive from it for a new
// kind of sink; settings/sink_kinds.h says where else that is entered.
//
//   class Printer : public Sink {
//     Attempt attempt(const SinkEvent& event, const Stop&) override {
//       if (std::puts(event.line().c_str()) >= 0) return {};  // kDone
//       return {Attempt::Outcome::kWait, delay_after(0), LogLevel::kInfo, "", ""};
//     }
//   };
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/log/log.h"
#include "lib/sink/sink_event.h"
#include "lib/sink/stop.h"

namespace plivo_dial {

struct Attempt {
  enum class Outcome {
    kDone,
    kRefused,      // the event will never be taken: it becomes a dead letter
    kFailed,       // the event was not taken: it comes again by the retry= schedule
    kWait,         // the sink takes nothing at this time: this was no attempt; again after `delay`
    kInterrupted,  // the dispatcher's end came first
  };
  Outcome outcome = Outcome::kDone;
  std::chrono::milliseconds delay{0};

  // Of kRefused and kFailed: what happened, for the log and for the operator who asks. The schedule
  // writes the line, since it knows what comes next; a sink logs its other troubles itself.
  LogLevel level = LogLevel::kError;
  std::string_view log_id;
  std::string reason;  // "'/usr/local/bin/hook' exited with 75, saying 'no database'"
};

// How long a sink of this machine's own is left alone (kWait) after `waits` such waits in a row:
// 100 ms, then twice as long each time, at most 5 s. Pure.
std::chrono::milliseconds delay_after(unsigned waits);

// Used by one thread, which may be another than the one that made it: a sink opens nothing before
// it is used.
class Sink {
 public:
  virtual ~Sink() = default;

  // Tries to hand over `event`. May take long; ends soon when `stop` is due.
  virtual Attempt attempt(const SinkEvent& event, const Stop& stop) = 0;

  // The same of several, one after the other, until one is not taken, or it has taken a while:
  // `last` says what became of the one behind those that are done; kDone: it was not tried. They
  // are shared since a sink that was given up may come back to them.
  struct Row {
    std::size_t done = 0;
    Attempt last;
  };
  using Events = std::shared_ptr<const std::vector<SinkEvent>>;
  virtual Row attempt_all(const Events& events, const Stop& stop);

  // Makes what was handed over as durable as the sink can, before it is recorded as delivered. Its
  // end need not be soon when `stop` is due.
  // After an error all that was handed over since the last call comes again.
  virtual Result<void> settle(const Stop& /*stop*/) { return {}; }

  // Called about once a second while there is no event: for what must be looked after all the same.
  virtual void look_after(const Stop& /*stop*/) {}

  // Whether each event is recorded by itself, before the attempt and after it, because a repetition
  // is worse than two syncs.
  virtual bool records_each() const { return false; }
};

}  // namespace plivo_dial
