// File: lib/spool/segment_format.h
//
// The bytes of a segment file, for its writer and its reader. All integers are little-endian.
//
//   header   magic[8] "PLVODIAL"  version u32  crc u32 (of the 12 bytes before it)
//   frame    magic u32  length u32  crc u32  sequence u64  time u64  payload[length]
//   seal     a frame with a magic of its own and no payload: nothing follows
//   cut      a seal whose sequence is 0: frames behind it were cut off, since they were not
//   accepted
//
// A frame's crc covers all of the frame but itself. The file is preallocated, so that zeros
// follow the last frame. Both frame magics begin with bytes that never occur in UTF-8: no payload
// of JSON can hold what looks like a frame.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plivo_dial {

inline constexpr std::size_t kSegmentSize = 1024 * 1024;
inline constexpr std::uint32_t kSegmentVersion = 1;
inline constexpr std::size_t kSegmentHeaderSize = 16;
inline constexpr std::size_t kFrameHeaderSize = 28;
inline constexpr std::uint64_t kCutSequence = 0;

// In a frame's sequence: the other bits are CLOCK_BOOTTIME in nanoseconds when it was written, or a
// little more, so that frames of all processes of a machine's boot have one order, which no wall
// clock changes; but for writers that see no /proc, as behind ChrootDir, whose segments can't say
// of which boot they are. Without it, from older writers, they are a count of the writer's own.
inline constexpr std::uint64_t kSharedSequence = std::uint64_t{1} << 63;

struct Frame {
  std::uint64_t sequence = 0;  // rises over a writer's frames; see kSharedSequence
  std::uint64_t time_ns = 0;   // CLOCK_REALTIME when it was written
  std::string_view payload;    // a view into the bytes that were parsed
  bool seal = false;
  std::size_t size = 0;  // bytes it takes in the file
};

std::string encode_segment_header();
std::string encode_frame(std::uint64_t sequence, std::uint64_t time_ns, std::string_view payload);
std::string encode_seal(std::uint64_t sequence, std::uint64_t time_ns);

enum class HeaderState { kGood, kOtherVersion, kBad };

// What stands in the first kSegmentHeaderSize bytes of a file; fewer bytes are kBad.
HeaderState parse_segment_header(std::string_view bytes);

// The whole and unharmed frame that starts at `bytes`, or nothing.
std::optional<Frame> parse_frame(std::string_view bytes);

// How many bytes the frame takes whose first kFrameHeaderSize bytes these are, if they are right.
std::size_t frame_size(std::string_view header);

// Position of the first whole and unharmed frame in `bytes` at `from` or behind it, or npos.
std::size_t find_frame(std::string_view bytes, std::size_t from);

}  // namespace plivo_dial
