// File: mod_plivo_dial/request/event_log.h
//
// One process's way into the spool: opened with the first event, so that idle children cost
// nothing, and reopened after a failure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/spool/spool_error.h"
#include "lib/spool/spool_writer.h"

namespace plivo_dial {

class EventLog {
 public:
  EventLog(std::string spool, const SpoolOptions& options)
      : spool_(std::move(spool)), options_(options) {}

  // Ok only after `payload` is on stable storage. Blocks for the disk, at most until PlivoSpool's
  // syncTimeout has passed, or `patience` when that is shorter. Thread-safe.
  SpoolResult<void> append(std::string_view payload, std::chrono::milliseconds patience);

 private:
  Result<SpoolWriter*> writer();

  const std::string spool_;
  const SpoolOptions options_;
  Mutex mutex_;  // not held while an event is appended
  std::unique_ptr<SpoolWriter> writer_ PLIVO_GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point next_attempt_ PLIVO_GUARDED_BY(mutex_);
  std::string last_error_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
