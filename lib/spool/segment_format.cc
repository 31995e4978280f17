// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_format.h"

#include <algorithm>

#include "lib/base/crc32c.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kHeaderMagic = "PLVODIAL";
constexpr std::string_view kFrameMagic = "\xFF\xF5\x50\x46";
constexpr std::string_view kSealMagic = "\xFF\xF5\x50\x53";

constexpr std::size_t kLengthAt = 4;
constexpr std::size_t kCrcAt = 8;
constexpr std::size_t kSequenceAt = 12;
constexpr std::size_t kTimeAt = 20;

template <class Integer>
void append_integer(Integer value, std::string& out) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
  }
}

template <class Integer>
Integer read_integer(std::string_view bytes, std::size_t at) {
  Integer value = 0;
  for (std::size_t i = sizeof(Integer); i-- > 0;) {
    value = static_cast<Integer>(value << 8) | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// Over all of a frame but the CRC itself. The magic too: an event must not turn into a seal.
std::uint32_t frame_crc(std::string_view frame) {
  const std::uint32_t head_crc = crc32c(frame.substr(0, kCrcAt));
  return crc32c(frame.substr(kSequenceAt), head_crc);
}

std::string encode(std::string_view magic, std::uint64_t sequence, std::uint64_t time_ns,
                   std::string_view payload) {
  std::string frame;
  frame.reserve(kFrameHeaderSize + payload.size());
  frame.append(magic);
  append_integer(static_cast<std::uint32_t>(payload.size()), frame);
  append_integer(std::uint32_t{0}, frame);
  append_integer(sequence, frame);
  append_integer(time_ns, frame);
  frame.append(payload);
  std::string crc;
  append_integer(frame_crc(frame), crc);
  frame.replace(kCrcAt, crc.size(), crc);
  return frame;
}

}  // namespace

std::string encode_segment_header() {
  std::string header(kHeaderMagic);
  append_integer(kSegmentVersion, header);
  append_integer(crc32c(header), header);
  return header;
}

std::string encode_frame(std::uint64_t sequence, std::uint64_t time_ns, std::string_view payload) {
  return encode(kFrameMagic, sequence, time_ns, payload);
}

std::string encode_seal(std::uint64_t sequence, std::uint64_t time_ns) {
  return encode(kSealMagic, sequence, time_ns, {});
}

HeaderState parse_segment_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderSize || !bytes.starts_with(kHeaderMagic)) {
    return HeaderState::kBad;
  }
  constexpr std::size_t crc_at = kSegmentHeaderSize - 4;
  const auto crc = read_integer<std::uint32_t>(bytes, crc_at);
  if (crc != crc32c(bytes.substr(0, crc_at))) return HeaderState::kBad;
  const auto version = read_integer<std::uint32_t>(bytes, kHeaderMagic.size());
  return version == kSegmentVersion ? HeaderState::kGood : HeaderState::kOtherVersion;
}

std::optional<Frame> parse_frame(std::string_view bytes) {
  if (bytes.size() < kFrameHeaderSize) return std::nullopt;
  const bool seal = bytes.starts_with(kSealMagic);
  if (!seal && !bytes.starts_with(kFrameMagic)) return std::nullopt;
  const auto length = read_integer<std::uint32_t>(bytes, kLengthAt);
  if (length > bytes.size() - kFrameHeaderSize || (seal && length > 0)) return std::nullopt;
  const std::string_view whole = bytes.substr(0, kFrameHeaderSize + length);
  if (read_integer<std::uint32_t>(bytes, kCrcAt) != frame_crc(whole)) return std::nullopt;

  Frame frame;
  frame.sequence = read_integer<std::uint64_t>(bytes, kSequenceAt);
  frame.time_ns = read_integer<std::uint64_t>(bytes, kTimeAt);
  frame.payload = whole.substr(kFrameHeaderSize);
  frame.seal = seal;
  frame.size = whole.size();
  return frame;
}

std::size_t frame_size(std::string_view header) {
  if (header.size() < kFrameHeaderSize) return kFrameHeaderSize;
  const auto length = read_integer<std::uint32_t>(header, kLengthAt);
  return std::min(kSegmentSize, kFrameHeaderSize + length);
}

std::size_t find_frame(std::string_view bytes, std::size_t from) {
  constexpr std::size_t common_prefix = 3;
  const std::string_view prefix = kFrameMagic.substr(0, common_prefix);
  for (std::size_t at = bytes.find(prefix, from); at != std::string_view::npos;
       at = bytes.find(prefix, at + 1)) {
    if (parse_frame(bytes.substr(at))) return at;
  }
  return std::string_view::npos;
}

}  // namespace plivo_dial
