// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_format.h"

#include <gtest/gtest.h>

#include "lib/base/crc32c.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

TEST(SegmentFormat, FrameComesBackAsItWas) {
  const std::string bytes = encode_frame(7, 1234567890123456789u, "payload") + "rest";
  const std::optional<Frame> frame = parse_frame(bytes);
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->sequence, 7u);
  EXPECT_EQ(frame->time_ns, 1234567890123456789u);
  EXPECT_EQ(frame->payload, "payload");
  EXPECT_FALSE(frame->seal);
  EXPECT_EQ(frame->size, kFrameHeaderSize + 7);
  EXPECT_EQ(frame_size(bytes), frame->size);
}

TEST(SegmentFormat, SealIsNoEvent) {
  const std::string bytes = encode_seal(8, 1);
  const std::optional<Frame> frame = parse_frame(bytes);
  ASSERT_TRUE(frame.has_value());
  EXPECT_TRUE(frame->seal);
}

TEST(SegmentFormat, SealHasNoPayload) {
  std::string bytes = encode_seal(8, 1) + "x";
  bytes[4] = 1;
  const std::uint32_t crc = crc32c(bytes.substr(12), crc32c(bytes.substr(0, 8)));
  for (std::size_t i = 0; i < 4; ++i) bytes[8 + i] = static_cast<char>((crc >> (8 * i)) & 0xFF);
  EXPECT_FALSE(parse_frame(bytes).has_value());
}

TEST(SegmentFormat, EveryFlippedBitIsSeen) {
  const std::string good = encode_frame(3, 4, "some payload");
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string harmed = good;
    harmed[bit / 8] = static_cast<char>(harmed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(parse_frame(harmed).has_value()) << bit;
  }
}

TEST(SegmentFormat, EventDoesNotTurnIntoSeal) {
  std::string bytes = encode_frame(3, 4, "some payload");
  bytes.replace(0, 4, encode_seal(1, 1).substr(0, 4));
  EXPECT_FALSE(parse_frame(bytes).has_value());
}

TEST(SegmentFormat, EveryTruncationIsSeen) {
  const std::string good = encode_frame(3, 4, "some payload");
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(parse_frame(good.substr(0, length)).has_value()) << length;
  }
}

TEST(SegmentFormat, FindsFrameBehindOtherBytes) {
  const std::string noise = "\xFF\xF5\x50\x46 looks like one";
  const std::string bytes = noise + encode_frame(1, 2, "x");
  EXPECT_EQ(find_frame(bytes, 0), noise.size());
  EXPECT_EQ(find_frame(bytes, noise.size() + 1), std::string::npos);
}

// A caller's text in an event could else pass for a frame once the bytes before it are harmed.
TEST(SegmentFormat, MagicIsNeverText) {
  EXPECT_FALSE(is_valid_utf8(encode_frame(1, 2, "x").substr(0, 2)));
  EXPECT_FALSE(is_valid_utf8(encode_seal(1, 2).substr(0, 2)));
}

TEST(SegmentFormat, HeaderTellsVersion) {
  std::string header = encode_segment_header();
  EXPECT_EQ(header.size(), kSegmentHeaderSize);
  EXPECT_EQ(parse_segment_header(header), HeaderState::kGood);
  EXPECT_EQ(parse_segment_header(header.substr(1)), HeaderState::kBad);
  header[8] = 2;
  EXPECT_EQ(parse_segment_header(header), HeaderState::kBad);
}

}  // namespace
}  // namespace plivo_dial
