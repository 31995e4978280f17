// SPDX-License-Identifier: Apache-2.0
#include "lib/books/delivery_book.h"

#include <gmock/gmock.h>

#include <thread>

#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DeliveryBookTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store();
  }

  void take_in_many(int count) {
    std::vector<TestFrame> frames;
    for (int i = 1; i <= count; ++i) {
      frames.push_back(frame_of(event_of_call(i, "other", "call-" + std::to_string(i % 7))));
    }
    take_in(frames);
  }

  std::int64_t rows() {
    const auto file = Database::open(database(), Database::Access::kRead);
    return (*file)->number("SELECT count(*) FROM delivery");
  }
};

TEST_F(DeliveryBookTest, ThreadsRecordTogether) {
  std::vector<TestFrame> frames;
  for (int i = 1; i <= 400; ++i) frames.push_back(frame_of(event_of_call(i, "other", "")));
  take_in(std::move(frames));
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([this, t] {
      for (std::uint64_t i = 1; i <= 50; ++i) record(t * 100 + i, DeliveryState::kDelivered);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(waiting().size(), 200u);
}

TEST_F(DeliveryBookTest, WhatGoesInOrderHasNoRow) {
  take_in_many(300);
  record_all_delivered();
  EXPECT_EQ(rows(), 0);
  open_store();
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(balance().delivered, 300u);
}

// Each second one takes long, so that there are more gaps than are kept as such.
TEST_F(DeliveryBookTest, WhatIsOvertakenByManyStillWaits) {
  take_in_many(600);
  std::vector<std::uint64_t> left;
  for (std::uint64_t seq = 1; seq <= 600; ++seq) {
    if (seq % 2 == 0) {
      record(seq, DeliveryState::kDelivered);
    } else {
      left.push_back(seq);
    }
  }
  EXPECT_GT(rows(), 100);
  EXPECT_EQ(waiting(), left);
  balance();
  open_store();
  EXPECT_EQ(waiting(), left);
  for (const std::uint64_t seq : left) record(seq, DeliveryState::kDelivered);
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_EQ(rows(), 0);
  EXPECT_EQ(balance().delivered, 600u);
}

TEST_F(DeliveryBookTest, WhatTookMoreThanOneAttemptIsRememberedSo) {
  take_in_many(3);
  record(2, DeliveryState::kWaiting, "a", 1);
  const Result<void> recorded = store_->delivery().record(
      store_->intake().id_of("a"), {{2, DeliveryState::kDelivered, 2, 0, 0, ""}});
  ASSERT_TRUE(recorded.ok());
  const auto file = OperatorStore::open(spool_, Database::Access::kRead).value();
  EXPECT_EQ(file->deliveries(id_of(2)).value()[0].attempts, 2u);
  EXPECT_EQ(file->deliveries(id_of(2)).value()[0].state, DeliveryState::kDelivered);
  EXPECT_THAT(waiting(), ElementsAre(1, 3));
}

// Its later events stand in the log, where nobody has looked at them since.
TEST_F(DeliveryBookTest, ALaneIsFoundInRowsAndLog) {
  take_in_many(21);
  record(7, DeliveryState::kWaiting, "a", 1);
  const std::int64_t lane = lane_of_call("call-0");
  const auto found = store_->delivery().waiting_in_lane(store_->intake().id_of("a"), lane, 2);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].seq, 7u);
  EXPECT_EQ((*found)[1].seq, 14u);
  EXPECT_EQ((*found)[1].lane_head, 7u);
}

// A writer whose sync failed cuts the frame off and writes it to its next segment.
TEST_F(DeliveryBookTest, AnEventIsReadWhereItStandsNow) {
  take_in({frame_of(event_of_call(1, "other", "c"))});
  record(1, DeliveryState::kWaiting, "a", 1);
  std::filesystem::resize_file(segment_path(kSegment), kSegmentHeaderSize);
  EXPECT_FALSE(event(1).has_value());
  EXPECT_EQ(take_in({frame_of(event_of_call(1, "other", "c"))}, "0123abcd-1-2-4.seg", true)
                .duplicates.size(),
            1u);
  EXPECT_EQ(event(1)->id, id_of(1));
  take_in({}, kSegment, true);
  EXPECT_THAT(*store_->upkeep().finished_segments(kStartUs, std::chrono::hours(0)),
              ElementsAre(kSegment));
  ASSERT_TRUE(forget(kSegment));
  EXPECT_EQ(event(1)->id, id_of(1));
  EXPECT_EQ(balance().pending, 1u);
}

TEST_F(DeliveryBookTest, AHeldEventIsReadWhereItStandsNow) {
  take_in({frame_of(event_of_call(1, "call.hangup", "c"))});
  std::filesystem::resize_file(segment_path(kSegment), kSegmentHeaderSize);
  take_in({frame_of(event_of_call(1, "call.hangup", "c"))}, "0123abcd-1-2-4.seg");
  EXPECT_EQ(*store_->intake().release_held(now_, true), 1u);
  EXPECT_EQ(event(1)->id, id_of(1));
}

}  // namespace
}  // namespace plivo_dial
