// SPDX-License-Identifier: Apache-2.0
#include "lib/event/id.h"

#include <gtest/gtest.h>

#include <set>

namespace plivo_dial {
namespace {

constexpr std::array<std::uint8_t, 10> kZeros{};
constexpr std::array<std::uint8_t, 10> kOnes = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

TEST(EventId, SpellsItsBits) {
  EXPECT_EQ(encode_event_id(0, kZeros), "00000000000000000000000000");
  EXPECT_EQ(encode_event_id(0xFFFFFFFFFFFF, kOnes), "7zzzzzzzzzzzzzzzzzzzzzzzzz");
  EXPECT_EQ(encode_event_id(0, {0, 0, 0, 0, 0, 0, 0, 0, 0, 33}), "00000000000000000000000011");
  // The time stamp and spelling that the ULID specification gives as an example.
  EXPECT_EQ(encode_event_id(1469918176385, kZeros).substr(0, 10), "01aryz6s41");
}

TEST(EventId, SortsByTime) {
  std::string before = encode_event_id(0, kOnes);
  for (const std::uint64_t milliseconds :
       {1ULL, 31ULL, 32ULL, 1023ULL, 1024ULL, 1763630102184ULL, 1763630102185ULL, 1ULL << 47}) {
    const std::string id = encode_event_id(milliseconds, kOnes);
    EXPECT_LT(before, encode_event_id(milliseconds, kZeros));
    EXPECT_LT(encode_event_id(milliseconds, kZeros), id);
    before = id;
  }
}

TEST(EventId, IsNewEachTime) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = make_event_id(1'763'630'102'184'467);
    EXPECT_TRUE(is_event_id(id)) << id;
    EXPECT_EQ(id.substr(0, 10), encode_event_id(1'763'630'102'184, kZeros).substr(0, 10));
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000U);
}

TEST(EventId, TimeBeforeTheEpochCountsAsTheEpoch) {
  EXPECT_EQ(make_event_id(-5).substr(0, 10), "0000000000");
}

TEST(EventId, RefusesOtherForms) {
  EXPECT_TRUE(is_event_id("01k9x4mq2rabcdefghjkmnpqrs"));
  for (const char* text : {"", "01k9x4mq2rabcdefghjkmnpqr", "01k9x4mq2rabcdefghjkmnpqrst",
                           "01K9X4MQ2RABCDEFGHJKMNPQRS", "../../../../../etc/passwd.", " "}) {
    EXPECT_FALSE(is_event_id(text)) << text;
  }
}

}  // namespace
}  // namespace plivo_dial
