// File: mod_plivo_dial/event_log.h
//
// One process's way into the spool: opened with the first event, so that idle children cost
// nothing, and reopened after a failure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/spool/spool_writer.h"

namespace plivo_dial {

class EventLog {
 public:
  explicit EventLog(std::string spool) : spool_(std::move(spool)) {}

  // Ok only after `event` (its JSON) is on stable storage. Blocks for the disk; thread-safe.
  Result<void> append(std::string_view event);

 private:
  Result<SpoolWriter*> writer();

  const std::string spool_;
  std::mutex mutex_;  // guards all below; not held while an event is appended
  std::unique_ptr<SpoolWriter> writer_;
  std::chrono::steady_clock::time_point next_attempt_;
  std::string last_error_;
};

}  // namespace plivo_dial
