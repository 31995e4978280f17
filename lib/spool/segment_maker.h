// File: lib/spool/segment_maker.h
//
// Makes a process's segments ahead, in a thread of its own: there is always a spare beside the one
// that is written, so that nobody waits for a file to be made, and a disk that fills up still
// leaves room for the events of about a thousand requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "lib/base/mutex.h"
#include "lib/spool/segment_file.h"
#include "lib/spool/spool_error.h"

namespace plivo_dial {

// What stays free unless a server says otherwise, in bytes.
inline constexpr std::uint64_t kDefaultMinFree = std::uint64_t{64} * 1024 * 1024;

// Whether the file system of `directory`, where segments of the spool `spool_directory` are made,
// has `min_free` bytes (without a value: 64 MiB) that others than root may use.
SpoolResult<void> check_free_space(const std::string& spool_directory, const std::string& directory,
                                   std::optional<std::uint64_t> min_free);

// Thread-safe.
class SegmentMaker {
 public:
  // Segments are made in `<spool_directory>/in`, which is made (0750) when it is missing, and only
  // while the file system has `min_free` bytes (without a value: 64 MiB) that others than root
  // may use.
  SegmentMaker(std::string spool_directory, std::string name_prefix,
               std::optional<std::uint64_t> min_free);

  // stop() must have been called when start() was.
  ~SegmentMaker() = default;
  SegmentMaker(const SegmentMaker&) = delete;
  SegmentMaker& operator=(const SegmentMaker&) = delete;

  // Begins to make the first segment. Throws std::system_error when there can be no other thread.
  void start();

  // Ends the thread, waiting for what it asks of the disk, and removes the spare.
  void stop();

  // The spare; another one is begun at once. Waits while it is being made. When that failed, the
  // reason is told without waiting until one of the later attempts, one each second, succeeds.
  SpoolResult<std::unique_ptr<SegmentFile>> take();

 private:
  void run();
  void make_spare() PLIVO_REQUIRES(mutex_);
  // Lets go of the lock meanwhile.
  SpoolResult<std::unique_ptr<SegmentFile>> make_segment() PLIVO_REQUIRES(mutex_);
  SpoolResult<void> make_directory();

  const std::string spool_directory_;
  const std::string directory_;  // of the segments
  const std::string name_prefix_;
  const std::optional<std::uint64_t> min_free_;
  std::thread thread_;

  // Only the thread uses these.
  bool first_ = true;
  bool directory_is_durable_ = false;

  Mutex mutex_;
  ConditionVariable changed_;
  std::unique_ptr<SegmentFile> spare_ PLIVO_GUARDED_BY(mutex_);
  std::optional<SpoolError> failure_ PLIVO_GUARDED_BY(mutex_);  // why there is no spare
  std::chrono::steady_clock::time_point next_attempt_ PLIVO_GUARDED_BY(mutex_);
  bool stopping_ PLIVO_GUARDED_BY(mutex_) = false;
};

}  // namespace plivo_dial
