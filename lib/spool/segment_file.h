// File: lib/spool/segment_file.h
//
// One segment file, as its writer makes, fills and ends it. The bytes are described in
// spool/segment_format.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "lib/spool/segment_format.h"
#include "lib/spool/spool_error.h"

namespace plivo_dial {

// Whether a new segment's space is only reserved, or written with zeros as well: a sync of bytes
// over such zeros is faster, since it leaves the file system's journal alone.
enum class SegmentSpace { kReserved, kWritten };

// Not thread-safe, but may go from one thread to another. All functions block for the disk.
class SegmentFile {
 public:
  // Makes the segment `path`, locked and with its header on stable storage; the caller syncs the
  // directory. No append into it needs free space. Null when the name is taken.
  static SpoolResult<std::unique_ptr<SegmentFile>> make(const std::string& path,
                                                        SegmentSpace space);

  // Closes the file. The lock goes with it, which ends the segment for readers.
  ~SegmentFile();
  SegmentFile(const SegmentFile&) = delete;
  SegmentFile& operator=(const SegmentFile&) = delete;

  // Whether frames of `bytes`, and a seal behind them, fit.
  bool has_room(std::size_t bytes) const;

  // Whether somebody has removed or moved the file or a directory above it, so that nobody would
  // ever read what is written there.
  bool is_gone() const;

  // Ok only after `frames` (for which there must be room) are on stable storage. After an error the
  // only thing to do is abandon(): the kernel takes pages whose sync failed for clean, and a second
  // sync would lie.
  SpoolResult<void> append(std::string_view frames);

  // Says that nothing follows and gives back the space behind it, or removes a segment that holds
  // no frame. A lost seal loses nothing, since the released lock ends the segment as well; so there
  // is no error and no sync.
  void seal(std::uint64_t sequence, std::uint64_t time_ns);

  // Cuts off what was not accepted, so that no reader takes it for an event, and says so there, so
  // that a reader who was faster misses nothing. Whether that works does not matter: an event keeps
  // its id in the next segment.
  void abandon(std::uint64_t time_ns);

  // Removes a segment into which nothing was written; false when it is not one, or is gone.
  bool remove_unused();

 private:
  SegmentFile(std::string path, int descriptor);

  const std::string path_;
  const int descriptor_;
  std::size_t offset_ = kSegmentHeaderSize;  // of the next frame
};

// Gives back the space behind the first `used` bytes of a segment whose writer has ended, for one
// that could not do so itself. Leaves alone what a writer still has, and what can't be cut: it is
// removed when its events are delivered. Blocks for the disk. Thread-safe.
void cut_ended_segment(const std::string& path, std::size_t used);

}  // namespace plivo_dial
