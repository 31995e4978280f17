// SPDX-License-Identifier: Apache-2.0
#include "lib/store/sink_progress.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "lib/store/byte_order.h"

namespace plivo_dial {
namespace {

TEST(SinkProgress, GoesOnWhereAGapIsFilled) {
  SinkProgress progress;
  progress.settle(5, 6);
  progress.settle(2, 2);
  EXPECT_EQ(progress.position(), 0u);
  EXPECT_EQ(progress.ranges(), 2u);
  EXPECT_EQ(progress.end_of_first_gap(), 1u);
  progress.settle(1, 1);
  EXPECT_EQ(progress.position(), 2u);
  EXPECT_EQ(progress.end_of_first_gap(), 4u);
  progress.settle(3, 9);
  EXPECT_EQ(progress.position(), 9u);
  EXPECT_EQ(progress.ranges(), 0u);
  EXPECT_EQ(progress.end_of_first_gap(), 9u);
}

TEST(SinkProgress, IsReopenedFromANumberOn) {
  SinkProgress progress;
  progress.settle(1, 4);
  progress.settle(8, 12);
  progress.reopen_from(10);
  EXPECT_TRUE(progress.is_settled(9));
  EXPECT_FALSE(progress.is_settled(10));
  progress.reopen_from(3);
  EXPECT_EQ(progress.position(), 2u);
  EXPECT_EQ(progress.ranges(), 0u);
}

// Beside a set of all that is settled.
TEST(SinkProgress, KnowsWhatIsSettledWhateverTheOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    SinkProgress progress;
    std::set<std::uint64_t> settled;
    for (int step = 0; step < 60; ++step) {
      const std::uint64_t first = random() % 100 + 1;
      const std::uint64_t last = first + random() % 5;
      progress.settle(first, last);
      for (std::uint64_t seq = first; seq <= last; ++seq) settled.insert(seq);
    }
    for (std::uint64_t seq = 1; seq < 110; ++seq) {
      ASSERT_EQ(progress.is_settled(seq), settled.count(seq) > 0) << seq;
    }
    const std::string bytes = progress.encode();
    EXPECT_EQ(SinkProgress::decode(bytes_of(bytes)), progress);
  }
}

TEST(SinkProgress, IsNotReadFromOtherBytes) {
  const std::string bytes = SinkProgress(7).encode() + "1234";
  EXPECT_FALSE(SinkProgress::decode(bytes_of(bytes)).has_value());
  EXPECT_FALSE(SinkProgress::decode({}).has_value());
}

}  // namespace
}  // namespace plivo_dial
