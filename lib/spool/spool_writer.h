// File: lib/spool/spool_writer.h
//
// Makes events durable. Each process that serves requests opens one writer, after its fork, and
// appends each event before it answers: what append() accepted survives kill -9 and power loss.
// The files are described in spool/segment_format.h; the dispatcher reads them by
// spool/segment_reader.h.
//
//   const Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open("/var/lib/plivo-dial");
//   if (!writer) return writer.error();
//   const SpoolResult<void> stored = (*writer)->append(payload);
//   if (!stored) refuse(stored.error().failure, stored.error().message);
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/spool/spool_error.h"
#include "lib/spool/stall_notice.h"

namespace plivo_dial {

inline constexpr std::size_t kMaxSpoolPayload = 512 * 1024;  // bytes of one event

// The options of PlivoSpool, and what depends on the process.
struct SpoolOptions {
  // No segment is made while the file system has fewer free bytes; without a value: 64 MiB.
  std::optional<std::uint64_t> min_free = std::nullopt;
  // How long an append waits that gives no deadline.
  std::chrono::milliseconds sync_timeout{5000};
  // How many appends may wait while the disk has not answered for half of sync_timeout. More are
  // refused at once, so that a hung disk leaves threads to those who do not need it.
  std::size_t most_waiting_for_stalled_disk = 8;
  // By which the writers of several processes tell each other; outlives them. Null: each for
  // itself.
  StallNotice* stall_notice = nullptr;
};

class SpoolWriter {
 public:
  // Starts two threads and never waits for the disk: the first segment is made behind, in
  // `<spool_directory>/in`, which is made (0750) when it is missing; the spool directory itself
  // must exist. What is wrong with it, append() tells. Fails where /proc can't be read or there can
  // be no more threads.
  static Result<std::unique_ptr<SpoolWriter>> open(const std::string& spool_directory,
                                                   const SpoolOptions& options = {});

  // Seals the segment and removes the spare; waits for a disk that does not answer. No append may
  // be running. A forked copy leaves all of it to the process that opened it. A process may as well
  // end without this, at any moment.
  ~SpoolWriter();
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;

  // Ok only after `payload` (1 byte to kMaxSpoolPayload) is on stable storage. After an error it is
  // not accepted (though it may become durable after kTimedOut, or where the disk lied), and a
  // later append may succeed. Blocks until the disk has answered or `deadline` (without it: now and
  // sync_timeout) has passed. Thread-safe.
  SpoolResult<void> append(std::string_view payload,
                           std::chrono::steady_clock::time_point deadline);
  SpoolResult<void> append(std::string_view payload);

 private:
  struct Threads;

  SpoolWriter(std::unique_ptr<Threads> threads, std::chrono::milliseconds sync_timeout);

  const pid_t pid_;
  const std::chrono::milliseconds sync_timeout_;
  std::unique_ptr<Threads> threads_;
};

}  // namespace plivo_dial
