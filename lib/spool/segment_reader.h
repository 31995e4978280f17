// File: lib/spool/segment_reader.h
//
// Reads the segment files that SpoolWriter makes, while they are written and after. For the
// dispatcher and for tools.
//
//   const Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(path);
//   if (!reader) return reader.error();
//   const Result<SegmentScan> scan = (*reader)->scan(offset);  // 0 at first
//   if (!scan) return scan.error();
//   for (const SegmentFrame& frame : scan->frames) take_in(frame.payload);
//   offset = scan->next_offset;
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/spool/segment_name.h"

namespace plivo_dial {

// A frame that holds an event.
struct SegmentFrame {
  std::size_t offset = 0;  // in the file
  std::uint64_t sequence = 0;
  std::uint64_t time_ns = 0;
  std::string payload;
};

// Bytes that are no frame although frames or other data follow or should be there. `at_end` tells a
// range behind which there is no frame: as a rule the frame that its writer died over, which was
// never acknowledged.
struct BadRange {
  std::size_t offset = 0;
  std::size_t length = 0;
  bool at_end = false;
};

enum class SegmentState {
  kOpen,        // the writer lives; more may come
  kSealed,      // the writer has ended it
  kWriterDead,  // the writer died; nothing will come
};

struct SegmentScan {
  std::vector<SegmentFrame> frames;
  std::vector<BadRange> bad_ranges;
  std::size_t next_offset = 0;  // where the next scan begins
  SegmentState state = SegmentState::kOpen;
  std::size_t used = 0;        // bytes from the beginning; behind them the file is empty
  std::size_t unreadable = 0;  // bytes that the disk does not give; see scan()
  bool is_cut = false;  // frames that a former scan may have seen are gone: they were not accepted
};

// Why a segment can't be opened: for something that another look may not meet, or for good.
struct SegmentOpenError : Error {
  bool may_pass = false;
};

// Not thread-safe; each thread opens its own.
class SegmentReader {
 public:
  // Opens the segment `path`. Refuses, with the reason, symbolic links, what is no regular file,
  // has another owner than its directory, or has a format version this program does not know.
  static Result<std::unique_ptr<SegmentReader>> open(const std::string& path);

  // As open(), and null when there is no such file: writers and the dispatcher remove segments, and
  // a change may be told of before its segment has its name. A look before or after open() could
  // not tell this from a file that came or went in between.
  static Result<std::unique_ptr<SegmentReader>, SegmentOpenError> open_if_there(
      const std::string& path);

  ~SegmentReader();
  SegmentReader(const SegmentReader&) = delete;
  SegmentReader& operator=(const SegmentReader&) = delete;

  // All frames from `offset` (0, or next_offset of an earlier scan) on. Goes on behind harmed bytes
  // at the next good frame and reports them. In an open segment a frame that is not whole is left
  // for the next scan. Each frame and each bad range is reported once over a row of scans. Bytes of
  // a segment whose writer is dead that the disk does not give are taken for harmed; another look
  // may find them.
  Result<SegmentScan> scan(std::size_t offset);

  // The frame at `offset`, as a scan reported it; nothing where no whole frame stands there.
  Result<std::optional<SegmentFrame>> read_frame(std::size_t offset) const;

  // Reads bytes at `offset` into `room`; how many there are, fewer only when the file ends before.
  Result<std::size_t> read_into(std::size_t offset, std::span<char> room) const;

  // The bytes of a range, fewer when the file ends before.
  Result<std::string> read_bytes(std::size_t offset, std::size_t length) const;

 private:
  SegmentReader(std::string path, int descriptor);

  Result<std::string> read_from(std::size_t offset, std::size_t* unreadable) const;
  std::string read_around_errors(std::size_t offset, std::size_t length,
                                 std::size_t* unreadable) const;
  bool writer_lives() const;
  Result<bool> nothing_new(std::size_t offset) const;

  const std::string path_;
  const int descriptor_;
};

// Names of the segments in `<spool_directory>/in`, in the order of segment_name_less; empty when
// the directory is missing. A segment may be gone at any time: writers remove those that hold
// nothing. Removes what writers that died more than a minute ago left unfinished.
Result<std::vector<std::string>> list_segments(const std::string& spool_directory);

}  // namespace plivo_dial
