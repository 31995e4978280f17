// File: lib/spool/spool_writer.h
//
// Makes events durable. Each process that serves requests opens one writer, after its fork, and
// appends each event before it answers: what append() accepted survives kill -9 and power loss.
// The files are described in spool/segment_format.h; the dispatcher reads them by
// spool/segment_reader.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::size_t kMaxSpoolPayload = 512 * 1024;  // bytes of one event

class SpoolWriter {
 public:
  // Opens this process's first segment in `<spool_directory>/in`, which is made (0750) when it is
  // missing; the spool directory itself must exist. The segment is preallocated, so that an append
  // into it needs no free space. Errors name path and errno.
  static Result<std::unique_ptr<SpoolWriter>> open(const std::string& spool_directory);

  // Seals the segment, unless this is a forked copy of the process that opened it.
  ~SpoolWriter();
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;

  // Ok only after `payload` (1 byte to kMaxSpoolPayload) is on stable storage. A segment whose
  // write or sync failed, or that somebody has removed, is abandoned, and the payload goes to a
  // fresh one. After an
  // error the payload is not accepted, and a later append may succeed. Refuses in a forked copy of
  // the process. Thread-safe; blocks for the disk.
  Result<void> append(std::string_view payload);

 private:
  explicit SpoolWriter(const std::string& spool_directory);
  Result<void> make_directory();

  Result<void> open_segment();
  Result<bool> make_segment(const std::string& stem);
  Result<void> write_frame(std::string_view payload);
  void seal_segment();
  void abandon_segment();
  void close_segment();
  bool segment_is_gone() const;

  const std::string spool_directory_;
  const std::string directory_;  // of the segments
  const pid_t pid_;
  std::string name_prefix_;  // "<boot8>-<pid>-<starttime>-"
  std::mutex mutex_;         // guards all below
  std::uint64_t segment_number_ = 0;
  std::uint64_t next_sequence_ = 1;
  std::string segment_path_;
  int descriptor_ = -1;     // -1: no segment is open
  std::size_t offset_ = 0;  // of the next frame
};

}  // namespace plivo_dial
