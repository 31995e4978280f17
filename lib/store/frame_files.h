// File: lib/store/frame_files.h
//
// Reads single events out of the spool's segments, which the store names by number. Keeps the files
// open that were read last.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "lib/base/mutex.h"
#include "lib/base/result.h"
#include "lib/spool/segment_reader.h"

namespace plivo_dial {

// Thread-safe.
class FrameFiles {
 public:
  // `read_ahead` bytes are read at a time; 0: only what is asked for, as for who does not go from
  // one frame of a file to the next.
  explicit FrameFiles(const std::string& spool, std::size_t read_ahead = 0);

  // The payload of the frame at `offset` of the segment `name`; nothing where the file is gone, or
  // has no whole frame there. Fails for what another look may not meet.
  Result<std::optional<std::string>> payload(const std::string& name, std::size_t offset);

  // The name of a segment by its number in the store, as somebody said it before; "" where nobody
  // did. Numbers are given once.
  std::string name_of(std::uint32_t number);
  void learn(std::uint32_t number, const std::string& name);

 private:
  struct Open {
    std::string name;
    std::unique_ptr<const SegmentReader> reader;
    std::unique_ptr<char[]> bytes;  // `count` of the file, from `offset` on
    std::size_t offset = 0;
    std::size_t count = 0;
  };

  // Null where the file is gone.
  Result<Open*> open(const std::string& name) PLIVO_REQUIRES(mutex_);

  const std::string directory_;
  const std::size_t read_ahead_;
  Mutex mutex_;
  std::list<Open> open_ PLIVO_GUARDED_BY(mutex_);  // the one that was used last first
  std::unordered_map<std::string, std::list<Open>::iterator> by_name_ PLIVO_GUARDED_BY(mutex_);
  std::unordered_map<std::uint32_t, std::string> names_ PLIVO_GUARDED_BY(mutex_);  // some
};

}  // namespace plivo_dial
