// File: lib/spool/group_commit.h
//
// One write and one sync for all events that wait for the disk. Callers queue up; a thread writes
// what has come together and answers them. The disk can thus hang as long as it likes: each caller
// leaves at its own deadline.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/spool/segment_file.h"
#include "lib/spool/segment_maker.h"
#include "lib/spool/spool_error.h"
#include "lib/spool/stall_notice.h"

namespace plivo_dial {

// When a disk that does not answer is left alone.
struct StallLimits {
  std::chrono::milliseconds stalled_after{2500};  // so long with the same events
  std::size_t most_waiting = 8;                   // callers that may wait for a stalled disk
  StallNotice* notice = nullptr;                  // null: of this process alone
};

// Thread-safe.
class GroupCommit {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Takes its segments from `maker`, which outlives it. `spool_directory` is for messages.
  GroupCommit(SegmentMaker& maker, std::string spool_directory, const StallLimits& limits);

  // stop() must have been called when start() was.
  ~GroupCommit() = default;
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Throws std::system_error when there can be no other thread.
  void start();

  // Ends the thread, waiting for what it asks of the disk, and seals the segment. No append may be
  // running.
  void stop();

  // Ok only after `payload` (1 byte to what has room in a segment) is on stable storage. Otherwise
  // kTimedOut, kOverloaded, kFull or kFailed. A segment whose write or sync failed, or that
  // somebody has removed, is given up, and what it did not accept goes to the spare, once; when
  // that fails too, all are refused for a second.
  SpoolResult<void> append(std::string_view payload, Deadline deadline);

 private:
  // Guarded by the mutex as well, from when it is in the queue.
  struct Waiter {
    std::string_view payload;
    ConditionVariable answered;
    bool is_answered = false;
    SpoolResult<void> answer;
  };
  using Waiters = std::vector<Waiter*>;

  void run();
  void commit() PLIVO_REQUIRES(mutex_);  // lets go of the lock meanwhile
  SpoolResult<void> provide_segment(std::size_t bytes);
  void refuse_too_large(const SpoolError& error) PLIVO_REQUIRES(mutex_);
  void take_batch() PLIVO_REQUIRES(mutex_);
  SpoolResult<void> store_batch();
  // So that none of them leaves while it is being answered.
  void answer(Waiters& waiters, const SpoolResult<void>& answer) PLIVO_REQUIRES(mutex_);

  bool is_stalled() PLIVO_REQUIRES(mutex_);
  SpoolError overloaded() const PLIVO_REQUIRES(mutex_);
  SpoolError timed_out() const;

  SegmentMaker& maker_;
  const std::string spool_directory_;
  const StallLimits limits_;
  std::thread thread_;

  // Only the thread uses these.
  std::unique_ptr<SegmentFile> segment_;  // null: none is open
  std::uint64_t next_sequence_ = 1;
  std::string batch_;  // the frames that are being stored
  std::chrono::steady_clock::time_point refuse_until_;
  SpoolResult<void> refusal_;

  Mutex mutex_;
  ConditionVariable work_;
  Waiters queue_ PLIVO_GUARDED_BY(mutex_);  // not yet in a batch
  // In the batch; callers whose deadline has passed leave both.
  Waiters in_flight_ PLIVO_GUARDED_BY(mutex_);
  std::optional<std::chrono::steady_clock::time_point> busy_since_ PLIVO_GUARDED_BY(mutex_);
  bool stopping_ PLIVO_GUARDED_BY(mutex_) = false;
};

}  // namespace plivo_dial
