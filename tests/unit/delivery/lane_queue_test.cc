// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/lane_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

WaitingEvent event(std::uint64_t seq, std::int64_t lane, std::uint64_t head = 0,
                   std::int64_t next_ms = 0) {
  WaitingEvent waiting;
  waiting.seq = seq;
  waiting.lane = lane;
  waiting.lane_head = head == 0 ? seq : head;
  waiting.next_ms = next_ms;
  return waiting;
}

std::vector<std::uint64_t> take_all(LaneQueue& queue, std::int64_t now = 0) {
  std::vector<std::uint64_t> taken;
  while (const auto next = queue.take(now)) taken.push_back(next->seq);
  return taken;
}

TEST(LaneQueue, LanesGoBesideEachOtherOldestFirst) {
  LaneQueue queue;
  for (const auto& one : {event(1, 7), event(2, 8), event(3, 7, 1), event(4, 9)}) queue.add(one);
  EXPECT_THAT(take_all(queue), ElementsAre(1, 2, 4));
  queue.handed_over(7);
  EXPECT_THAT(take_all(queue), ElementsAre(3));
  queue.put_back(8);
  EXPECT_THAT(take_all(queue), ElementsAre(2));
}

TEST(LaneQueue, NothingIsHandedOutTwice) {
  LaneQueue queue;
  queue.add(event(1, 7));
  queue.add(event(1, 7));
  EXPECT_THAT(take_all(queue), ElementsAre(1));
  queue.add(event(1, 7));
  queue.handed_over(7);
  queue.add(event(1, 7));  // the store does not know yet
  EXPECT_THAT(take_all(queue), IsEmpty());
  EXPECT_FALSE(queue.recorded(event(1, 7)));
  EXPECT_FALSE(queue.has_lane(7));
}

TEST(LaneQueue, EventsBehindOneThatWaitsInTheStoreWaitToo) {
  LaneQueue queue;
  queue.add(event(5, 7, 2));
  EXPECT_FALSE(queue.has_lane(7));
  queue.add_lane(7, {event(2, 7, 2, 100), event(5, 7, 2)}, true);
  EXPECT_THAT(take_all(queue, 99), IsEmpty());
  EXPECT_EQ(queue.next_time(), 100);
  EXPECT_THAT(take_all(queue, 100), ElementsAre(2));
  queue.handed_over(7);
  EXPECT_THAT(take_all(queue, 100), ElementsAre(5));
}

// While a later one of its lane is being handed over, and all is looked at again.
TEST(LaneQueue, WhatIsSentAgainMakesNoSecondOneOfWhatIsInHand) {
  LaneQueue queue;
  queue.add(event(7, 7));
  ASSERT_EQ(queue.take(0)->seq, 7u);
  queue.add(event(5, 7));
  queue.add(event(7, 7));
  queue.handed_over(7);
  EXPECT_EQ(queue.take(0)->seq, 5u);
  queue.handed_over(7);
  EXPECT_FALSE(queue.take(0).has_value());
}

TEST(LaneQueue, FailedEventTakesItsLaneOutOfMemory) {
  LaneQueue queue;
  queue.add(event(1, 7));
  queue.add(event(2, 7, 1));
  queue.add(event(3, 8));
  EXPECT_THAT(take_all(queue), ElementsAre(1, 3));
  queue.delay(event(1, 7, 1, 500), true);
  EXPECT_FALSE(queue.has_lane(7));
  EXPECT_FALSE(queue.next_time().has_value());
}

TEST(LaneQueue, FailedEventStaysWhereTheStoreCouldNotBeTold) {
  LaneQueue queue;
  queue.add(event(1, 7));
  queue.add(event(2, 7, 1));
  take_all(queue);
  queue.delay(event(1, 7, 1, 500), false);
  EXPECT_EQ(queue.next_time(), 500);
  EXPECT_THAT(take_all(queue, 499), IsEmpty());
  EXPECT_THAT(take_all(queue, 500), ElementsAre(1));
  queue.handed_over(7);
  EXPECT_THAT(take_all(queue, 500), ElementsAre(2));
  // The first one is not recorded, so that the store would give it again.
  queue.delay(event(2, 7, 1, 900), true);
  EXPECT_TRUE(queue.has_lane(7));
}

TEST(LaneQueue, LongLanesAreLoadedInPieces) {
  LaneQueue queue;
  for (std::uint64_t seq = 1; seq <= 100; ++seq) queue.add(event(seq, 7, 1));
  for (std::uint64_t seq = 1; seq <= LaneQueue::kEventsOfLane; ++seq) {
    EXPECT_THAT(take_all(queue), ElementsAre(seq));
    queue.handed_over(7);
    const bool last = seq == LaneQueue::kEventsOfLane;
    EXPECT_EQ(queue.recorded(event(seq, 7)), last) << "then the store has more";
  }
  queue.add_lane(7, {event(65, 7), event(66, 7)}, true);
  queue.add(event(101, 7, 65));
  EXPECT_THAT(take_all(queue), ElementsAre(65));
  queue.handed_over(7);
  EXPECT_THAT(take_all(queue), ElementsAre(66));
}

TEST(LaneQueue, EmptyPieceEndsTheLane) {
  LaneQueue queue;
  for (std::uint64_t seq = 1; seq <= 65; ++seq) queue.add(event(seq, 7, 1));
  for (std::uint64_t seq = 1; seq <= 64; ++seq) {
    take_all(queue);
    queue.handed_over(7);
    queue.recorded(event(seq, 7));
  }
  EXPECT_TRUE(queue.has_lane(7));
  queue.add_lane(7, {}, true);
  EXPECT_FALSE(queue.has_lane(7));
}

TEST(LaneQueue, EventThatIsSentAgainGoesBehindTheOneInHand) {
  LaneQueue queue;
  queue.add(event(5, 7));
  queue.add(event(6, 7, 5));
  EXPECT_THAT(take_all(queue), ElementsAre(5));
  queue.add(event(3, 7, 3));
  queue.handed_over(7);
  EXPECT_THAT(take_all(queue), ElementsAre(3));
  queue.handed_over(7);
  EXPECT_THAT(take_all(queue), ElementsAre(6));
}

TEST(LaneQueue, LostEventsComeBackInTheirOrder) {
  LaneQueue queue;
  for (const auto& one : {event(1, 7), event(2, 7, 1), event(3, 7, 1)}) queue.add(one);
  for (int i = 0; i < 2; ++i) {
    take_all(queue);
    queue.handed_over(7);
  }
  queue.take_back(event(1, 7), false);
  queue.take_back(event(2, 7), false);
  for (const std::uint64_t seq : {1, 2, 3}) {
    EXPECT_THAT(take_all(queue), ElementsAre(seq));
    queue.handed_over(7);
  }
}

TEST(LaneQueue, MemoryIsBounded) {
  LaneQueue queue;
  std::uint64_t seq = 0;
  while (queue.has_room()) {
    ++seq;
    queue.add(event(seq, static_cast<std::int64_t>(seq)));
  }
  EXPECT_EQ(seq, LaneQueue::kEvents);
  EXPECT_FALSE(queue.wants_more());
  while (!queue.wants_more()) {
    const auto taken = queue.take(0);
    queue.handed_over(taken->lane);
    queue.recorded(*taken);
  }
  EXPECT_LT(queue.take(0)->seq, LaneQueue::kEvents) << "it asks before it is empty";
}

// Whatever happens, each lane's events come in their order, each once.
TEST(LaneQueue, RandomCourseKeepsTheOrder) {
  std::mt19937 random(7);
  LaneQueue queue;
  std::map<std::int64_t, std::vector<std::uint64_t>> handed;
  std::vector<WaitingEvent> in_hand;
  std::vector<WaitingEvent> unrecorded;
  std::map<std::int64_t, std::uint64_t> heads;
  std::uint64_t seq = 0;
  for (int step = 0; step < 100'000; ++step) {
    const auto choice = random() % 8;
    if (choice < 2 && queue.has_room()) {
      ++seq;
      const auto lane = static_cast<std::int64_t>(1 + random() % 50);
      if (!queue.has_lane(lane)) heads[lane] = seq;
      queue.add(event(seq, lane, heads[lane]));
    } else if (choice < 5) {
      if (const auto taken = queue.take(step)) in_hand.push_back(*taken);
    } else if (!in_hand.empty() && choice < 7) {
      std::swap(in_hand[random() % in_hand.size()], in_hand.back());
      WaitingEvent one = in_hand.back();
      in_hand.pop_back();
      if (random() % 4 == 0) {
        one.next_ms = step + static_cast<std::int64_t>(random() % 100) + 1;
        queue.delay(one, false);
      } else {
        queue.handed_over(one.lane);
        handed[one.lane].push_back(one.seq);
        unrecorded.push_back(one);
      }
    } else if (!unrecorded.empty()) {
      for (const WaitingEvent& one : unrecorded) {
        if (queue.recorded(one)) queue.add_lane(one.lane, {}, true);
      }
      unrecorded.clear();
    }
  }
  std::size_t total = 0;
  for (const auto& [lane, seqs] : handed) {
    EXPECT_TRUE(std::is_sorted(seqs.begin(), seqs.end())) << lane;
    EXPECT_EQ(std::adjacent_find(seqs.begin(), seqs.end()), seqs.end()) << lane;
    total += seqs.size();
  }
  EXPECT_GT(total, 10'000u);
}

}  // namespace
}  // namespace plivo_dial
