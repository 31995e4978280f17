// SPDX-License-Identifier: Apache-2.0
#include "lib/books/upkeep.h"

#include <gmock/gmock.h>

#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

class UpkeepTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store();
  }
};

TEST_F(UpkeepTest, SegmentsAreFinishedWhenNothingWaitsAndTheirTimeIsOver) {
  open_store({sink("a"), sink("b")});
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))});
  take_in({frame_of(event_of_call(3, "other", ""))}, "0123abcd-1-2-4.seg");
  const auto finished = [&](std::int64_t after_us) {
    return *store_->upkeep().finished_segments(kStartUs + after_us, hours(1));
  };
  const std::int64_t later = 3600 * kSecondUs;
  for (const char* name : {"a", "b"}) {
    for (const std::uint64_t seq : {1, 2}) record(seq, DeliveryState::kDelivered, name);
  }
  record(3, DeliveryState::kDelivered, "a");
  EXPECT_THAT(finished(later), IsEmpty()) << "more may come";
  take_in({}, kSegment, true);
  take_in({}, "0123abcd-1-2-4.seg", true);
  EXPECT_THAT(finished(later - 1), IsEmpty()) << "it is kept for a while";
  EXPECT_THAT(finished(later), ElementsAre(kSegment));
  ASSERT_TRUE(forget(kSegment));
  EXPECT_THAT(*store_->intake().segments(),
              ElementsAre(SegmentMark{"0123abcd-1-2-4.seg", offsets_["0123abcd-1-2-4.seg"], true}));
  EXPECT_FALSE(event(1).has_value());
  record(3, DeliveryState::kDead, "b");
  EXPECT_THAT(finished(later), ElementsAre("0123abcd-1-2-4.seg"));
  ASSERT_TRUE(forget("0123abcd-1-2-4.seg"));
  EXPECT_TRUE(event(3).has_value()) << "a dead letter stays";
  const StoreBalance sums = balance();
  EXPECT_EQ(sums.frames, 3u);
  EXPECT_EQ(sums.delivered, 2u);
  EXPECT_EQ(sums.dead, 1u);
}

TEST_F(UpkeepTest, HeldEventKeepsItsSegment) {
  take_in({frame_of(event_of_call(1, "call.hangup", "c"))}, kSegment, true);
  EXPECT_THAT(*store_->upkeep().finished_segments(kStartUs, hours(0)), IsEmpty());
  EXPECT_EQ(*store_->intake().release_held(now_, true), 1u);
  record(1, DeliveryState::kDelivered);
  EXPECT_THAT(*store_->upkeep().finished_segments(kStartUs, hours(0)), ElementsAre(kSegment));
}

// Those are what the store is made anew from.
TEST_F(UpkeepTest, SegmentsOfAHarmedStoreAreNotFinished) {
  open_store();
  take_in({frame_of(event_of_call(1, "other", "c"))}, kSegment, true);
  record_all_delivered();
  std::filesystem::remove(database());
  EXPECT_TRUE(store_->connection().changed_by_others() ||
              store_->connection().harm() != StoreHarm::kNone);
  ASSERT_EQ(store_->connection().harm(), StoreHarm::kReplaced);
  const auto finished =
      store_->upkeep().finished_segments(kStartUs + 9 * kSecondUs, std::chrono::seconds(1));
  ASSERT_FALSE(finished.ok());
  EXPECT_THAT(finished.error().message, testing::HasSubstr("is harmed"));
}

}  // namespace
}  // namespace plivo_dial
