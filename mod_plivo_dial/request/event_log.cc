// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/event_log.h"

#include <algorithm>

namespace plivo_dial {
namespace {

// While the spool can't be opened, requests are refused at once instead of each trying again.
constexpr std::chrono::seconds kRetryInterval{1};

}  // namespace

Result<SpoolWriter*> EventLog::writer() {
  const MutexLock lock(mutex_);
  if (writer_ != nullptr) return writer_.get();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_attempt_) return Error{last_error_};
  Result<std::unique_ptr<SpoolWriter>> opened = SpoolWriter::open(spool_, options_);
  if (!opened) {
    next_attempt_ = now + kRetryInterval;
    last_error_ = opened.error().message;
    return opened.error();
  }
  writer_ = std::move(opened).value();
  return writer_.get();
}

SpoolResult<void> EventLog::append(std::string_view payload, std::chrono::milliseconds patience) {
  const auto deadline =
      std::chrono::steady_clock::now() + std::min(patience, options_.sync_timeout);
  const Result<SpoolWriter*> spool = writer();
  if (!spool) return SpoolError{spool.error()};
  return (*spool)->append(payload, deadline);
}

}  // namespace plivo_dial
