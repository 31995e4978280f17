// SPDX-License-Identifier: Apache-2.0
#include "lib/books/upkeep.h"

#include <gmock/gmock.h>

#include "lib/store/call_records.h"
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

// The clock of these tests stands still.
TEST_F(UpkeepTest, RecordsOfCallsAreForgottenWhenTheirTimeIsOver) {
  const std::int64_t hour_us = 3600 * kSecondUs;
  const auto is_there = [&](const std::string& call) {
    bool found = false;
    EXPECT_TRUE(
        store_->connection()
            .look([&](Database& database) { found = CallRecords(database).find(call).has_value(); })
            .ok());
    return found;
  };
  const auto put = [&](const std::string& call, std::int64_t closed_us) {
    ASSERT_TRUE(store_->connection()
                    .change([&](Database& database) {
                      CallRecords(database).put({call, closed_us, "{}"});
                    })
                    .ok());
  };
  put("just over", kStartUs - hour_us - 1);
  put("almost over", kStartUs - hour_us);
  put("new", kStartUs);
  EXPECT_EQ(*store_->upkeep().forget_old_records(hours(2)), false);
  EXPECT_TRUE(is_there("just over"));
  EXPECT_EQ(*store_->upkeep().forget_old_records(hours(1)), false);
  EXPECT_FALSE(is_there("just over"));
  EXPECT_TRUE(is_there("almost over"));
  EXPECT_TRUE(is_there("new"));
}

TEST_F(UpkeepTest, ManyRecordsOfCallsAreForgottenInPieces) {
  constexpr int kMany = 1'000;
  ASSERT_TRUE(store_->connection()
                  .change([&](Database& database) {
                    for (int i = 0; i < kMany; ++i) {
                      CallRecords(database).put({std::to_string(i), i, "{}"});
                    }
                  })
                  .ok());
  int calls = 0;
  for (Result<bool> more = true; *more; ++calls) {
    more = store_->upkeep().forget_old_records(hours(1));
    ASSERT_TRUE(more.ok()) << more.error().message;
    ASSERT_LT(calls, kMany);
  }
  EXPECT_GE(calls, 5) << "a delivery need not wait until all are forgotten";
  bool any = true;
  ASSERT_TRUE(
      store_->connection()
          .look([&](Database& database) { any = CallRecords(database).any_before(kStartUs); })
          .ok());
  EXPECT_FALSE(any);
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

// Somebody removed its segment while no dispatcher ran.
TEST_F(UpkeepTest, HeldEventThatCannotBeReadHoldsUpNoOther) {
  take_in({frame_of(event_of_call(1, "call.hangup", "c"))});
  store_.reset();
  std::filesystem::resize_file(segment_path(kSegment), kSegmentHeaderSize);
  open_store();
  const std::string other = "0123abcd-1-2-4.seg";
  take_in({frame_of(event_of_call(2, "call.hangup", "d"))}, other);
  EXPECT_EQ(*store_->intake().release_held(now_, true), 1u);
  EXPECT_THAT(waiting(), ElementsAre(1));
  EXPECT_EQ(balance().refused, 1u);
  take_in({}, kSegment, true);
  EXPECT_THAT(*store_->upkeep().finished_segments(kStartUs, hours(0)), ElementsAre(kSegment));
}

// Two writers' events stand in one block.
TEST_F(UpkeepTest, NewSinkGetsNothingOfASegmentThatIsGone) {
  const std::string other = "0123abcd-1-2-4.seg";
  ImportBatch both = spool({frame_of(event_of_call(1, "other", ""))}, kSegment, true);
  ImportBatch second = spool({frame_of(event_of_call(2, "other", ""))}, other);
  second.frames[0].segment = 1;
  both.segments.push_back(second.segments[0]);
  both.frames.push_back(second.frames[0]);
  ASSERT_TRUE(store_->intake().import(both).ok());
  record_all_delivered();
  ASSERT_THAT(*store_->upkeep().finished_segments(kStartUs, hours(0)), ElementsAre(kSegment));
  std::filesystem::remove(segment_path(kSegment));
  ASSERT_TRUE(forget(kSegment));
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("new")}, at(kStartUs)).ok());
  EXPECT_THAT(waiting("new"), ElementsAre(2));
  balance();
}

// As after a kill between two steps.
TEST_F(UpkeepTest, AnInterruptedForgettingLeavesNoBlock) {
  const std::string other = "0123abcd-1-2-4.seg";
  take_in({frame_of(event_of_call(1, "other", ""))}, kSegment, true);
  take_in({frame_of(event_of_call(2, "other", ""))}, other, true);
  record_all_delivered();
  const auto file = Database::open(database(), Database::Access::kChange);
  (*file)->run_script("UPDATE segment SET leaving = 2 WHERE number = 1");
  ASSERT_TRUE(forget(other));
  ASSERT_TRUE(forget(kSegment));
  EXPECT_EQ((*file)->number("SELECT count(*) FROM block"), 0);
}

}  // namespace
}  // namespace plivo_dial
