// SPDX-License-Identifier: Apache-2.0
#include "lib/books/event_store.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "lib/store/dead_letter.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kWindowUs = microseconds(kDedupeWindow).count();

class EventStoreTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store();
  }
};

TEST_F(EventStoreTest, FileIsClosedToOthers) {
  struct stat file {};
  ASSERT_EQ(stat(database().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777u, 0640u);
}

TEST_F(EventStoreTest, EventsAreNumberedInTheirOrder) {
  take_in({frame_of(event_of_call(1, "recording", "")), frame_of(event_of_call(2, "other", ""))});
  take_in({frame_of(event_of_call(3, "other", ""))});
  EXPECT_THAT(waiting(), ElementsAre(1, 2, 3));
  EXPECT_EQ(event(2)->id, id_of(2));
  EXPECT_EQ(event(2)->seq, 2u);
  EXPECT_FALSE(event(4).has_value());
  open_store();
  take_in({frame_of(event_of_call(4, "other", ""))});
  EXPECT_THAT(waiting(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(balance().frames, 4u);
}

TEST_F(EventStoreTest, FramesThatAreInArePassedOver) {
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))});
  const std::size_t two = offsets_[kSegment];
  EXPECT_THAT(*store_->intake().segments(), ElementsAre(SegmentMark{kSegment, two, false}));
  offsets_[kSegment] = kSegmentHeaderSize;
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", "")),
           frame_of(event_of_call(3, "other", ""))});
  EXPECT_THAT(waiting(), ElementsAre(1, 2, 3));
  const std::size_t three = offsets_[kSegment];
  EXPECT_THAT(*store_->intake().segments(), ElementsAre(SegmentMark{kSegment, three, false}));
  take_in({}, kSegment, true);
  EXPECT_THAT(*store_->intake().segments(), ElementsAre(SegmentMark{kSegment, three, true}));
}

TEST_F(EventStoreTest, EachSinkHasItsOwnEvents) {
  open_store({sink("a"), sink("results", {"dial.result", "recording"})});
  take_in({frame_of(event_of_call(1, "recording", "")), frame_of(event_of_call(2, "other", "")),
           frame_of(event_of_call(3, "recording", ""))});
  EXPECT_THAT(waiting("results"), ElementsAre(1, 3));
  record(1, DeliveryState::kDelivered);
  record(3, DeliveryState::kDead, "results");
  EXPECT_THAT(waiting("a"), ElementsAre(2, 3));
  EXPECT_THAT(waiting("results"), ElementsAre(1));
  const StoreBalance sums = balance();
  EXPECT_EQ(sums.pending, 3u);
  EXPECT_EQ(sums.sinks[1].dead, 1u);
}

TEST_F(EventStoreTest, DuplicatesAreKnownByAnyKey) {
  take_in({frame_of(event_of_call(1, "other", "a"), {key_of(1), key_of(2)})});
  ImportReport report =
      take_in({frame_of(event_of_call(2, "other", "a"), {key_of(3), key_of(2)}),
               frame_of(event_of_call(3, "other", "a"), {key_of(1)}),
               frame_of(event_of_call(4, "other", "a"), {key_of(3), key_of(9)}),
               frame_of(event_of_call(5, "other", "a"), {key_of(4), key_of(5), key_of(6)}),
               frame_of(event_of_call(6, "other", "a"), {key_of(7), key_of(8), key_of(6)})});
  ASSERT_EQ(report.duplicates.size(), 4u);
  EXPECT_EQ(report.duplicates[0].id, id_of(2));
  EXPECT_EQ(report.duplicates[0].first_id, id_of(1));
  EXPECT_EQ(report.duplicates[2].first_id, id_of(1)) << "by a key that the second one brought";
  EXPECT_EQ(report.duplicates[3].first_id, id_of(5));
  EXPECT_THAT(waiting(), ElementsAre(1, 2));
  open_store();
  report = take_in({frame_of(event_of_call(7, "other", "a"), {key_of(9)})});
  EXPECT_EQ(report.duplicates.size(), 1u) << "also after a restart";
  const StoreBalance sums = balance();
  EXPECT_EQ(sums.duplicates, 5u);
  EXPECT_EQ(sums.frames, 7u);
}

TEST_F(EventStoreTest, EventsWithoutKeysAreNeverDuplicates) {
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))});
  EXPECT_THAT(waiting(), ElementsAre(1, 2));
}

// A writer whose sync failed writes the same frame to its next segment.
TEST_F(EventStoreTest, EventThatWasWrittenTwiceIsOneAlsoWithoutKeys) {
  take_in({frame_of(event_of_call(1, "other", ""))});
  const auto again =
      take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))},
              "0123abcd-1-2-4.seg");
  EXPECT_THAT(waiting(), ElementsAre(1, 2));
  ASSERT_EQ(again.duplicates.size(), 1u);
  EXPECT_EQ(again.duplicates[0].id, again.duplicates[0].first_id);
  EXPECT_EQ(balance().duplicates, 1u);
}

TEST_F(EventStoreTest, EventThatWasWrittenTwiceIsOneAlsoWhileItIsHeld) {
  const Event early = event_of_call(1, "dial.ended", "c");
  take_in({frame_of(early)});
  ASSERT_THAT(waiting(), IsEmpty()) << "nothing of the leg has come before";
  EXPECT_EQ(take_in({frame_of(early)}).duplicates.size(), 1u);
  EXPECT_EQ(balance().pending, 1u);
}

// Without a nonce the same words may be another call's, if the flow's author pasted an id.
TEST_F(EventStoreTest, WhatAFlowSendsAgainLaterIsAnother) {
  constexpr std::int64_t kFlowWindowUs = std::chrono::microseconds(kFlowDedupeWindow).count();
  const auto take = [&](int number, std::int64_t after_us) {
    TestFrame frame = frame_of(event_of_call(number, "other", "", after_us), {key_of(1)});
    frame.of_flow = true;
    const ImportReport report = take_in({frame});
    for (const auto& duplicate : report.duplicates) EXPECT_TRUE(duplicate.of_flow);
    return report.duplicates.size();
  };
  EXPECT_EQ(take(1, 0), 0u);
  EXPECT_EQ(take(2, kFlowWindowUs - 1), 1u);
  EXPECT_EQ(take(3, kFlowWindowUs), 0u);
  EXPECT_EQ(take(4, kFlowWindowUs + 1), 1u) << "counted from the one before";
}

// A clock that is wrong for a moment, by days, on or back.
TEST_F(EventStoreTest, KeysAreRememberedWhateverTheWallClockSays) {
  const auto take = [&](int number, int key, std::int64_t after_us) {
    return take_in({frame_of(event_of_call(number, "other", "", after_us), {key_of(key)})})
        .duplicates.size();
  };
  EXPECT_EQ(take(1, 1, 0), 0u);
  EXPECT_EQ(take(2, 2, 9 * kWindowUs), 0u) << "accepted by a clock that jumped";
  ASSERT_TRUE(store_->upkeep().forget_old_keys().ok());
  EXPECT_EQ(take(3, 1, kSecondUs), 1u) << "not forgotten by that";
  EXPECT_EQ(take(4, 2, 2 * kSecondUs), 1u) << "and that one is known when the clock is right again";
  EXPECT_EQ(take(5, 1, -9 * kWindowUs), 1u);
}

std::int64_t age_of_test_us = 0;

// By a clock that nobody sets; it stands still while no dispatcher runs.
TEST_F(EventStoreTest, KeysAreForgottenByTheAgeOfTheStore) {
  const StoreClock age([] { return age_of_test_us; }, &start_of_test);
  const auto open_with_age = [&] {
    store_.reset();
    store_ = std::move(EventStore::open(spool_, log_, patience_, age)).value();
    ASSERT_TRUE(store_->intake().set_sinks({sink("a")}, at(kStartUs)).ok());
  };
  const auto runs = [this] {
    Result<std::unique_ptr<Database>> other = Database::open(database(), Database::Access::kRead);
    return (*other)->number("SELECT count(*) FROM key_run");
  };
  const std::int64_t day_us = 24 * 3600 * kSecondUs;
  open_with_age();
  take_in({frame_of(event_of_call(1, "other", ""), {key_of(1)})}, kSegment, true);
  age_of_test_us += day_us;
  EXPECT_FALSE(*store_->upkeep().forget_old_keys());
  EXPECT_EQ(runs(), 1) << "a day's keys stand together";
  take_in({frame_of(event_of_call(2, "other", ""), {key_of(2)})}, "0123abcd-1-2-4.seg");
  record_all_delivered();
  age_of_test_us += kWindowUs - day_us - kSecondUs;
  ASSERT_TRUE(store_->upkeep().forget_old_keys().ok());
  EXPECT_EQ(take_in({frame_of(event_of_call(3, "other", ""), {key_of(1)})}, "0123abcd-1-2-4.seg")
                .duplicates.size(),
            1u)
      << "a second is missing";
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  age_of_test_us = 7 * kSecondUs;  // the machine was started anew
  open_with_age();
  ASSERT_TRUE(store_->upkeep().forget_old_keys().ok());
  EXPECT_EQ(runs(), 2) << "its days are counted while it is used";
  age_of_test_us += kSecondUs;
  EXPECT_FALSE(*store_->upkeep().forget_old_keys());
  EXPECT_EQ(runs(), 2) << "its event is still there, and is found by them";
  ASSERT_TRUE(forget(kSegment));
  while (*store_->upkeep().forget_old_keys()) {
  }
  EXPECT_EQ(runs(), 1);
  EXPECT_EQ(take_in({frame_of(event_of_call(4, "other", ""), {key_of(1)})}, "0123abcd-1-2-4.seg")
                .duplicates.size(),
            0u);
  EXPECT_EQ(take_in({frame_of(event_of_call(5, "other", ""), {key_of(2)})}, "0123abcd-1-2-4.seg")
                .duplicates.size(),
            1u)
      << "of the next day";
}

TEST_F(EventStoreTest, EarlierEventIsWaitedFor) {
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "call.hangup", "c", 1000)),
           frame_of(event_of_call(3, "dial.ended", "c", 2000)),
           frame_of(event_of_call(4, "dial.result", "c", 3000)),
           frame_of(event_of_call(5, "dial.connected", "c", 4000))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer"));
  EXPECT_EQ(balance().pending, 5u);
  take_in({frame_of(event_of_call(6, "dial.answered", "c", 5000))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.answered", "dial.connected",
                                      "dial.ended", "dial.result", "call.hangup"));
  EXPECT_FALSE(store_->intake().next_release().has_value());
  EXPECT_EQ(balance().pending, 6u);
}

TEST_F(EventStoreTest, EndOfALegThatTalkedIsWaitedWithOverARestart) {
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "dial.ended", "c", 1000))});
  open_store();
  take_in({frame_of(event_of_call(3, "dial.answered", "c", 2000))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.answered"));
  take_in({frame_of(event_of_call(4, "dial.connected", "c", 3000))});
  EXPECT_THAT(in_order(),
              ElementsAre("call.answer", "dial.answered", "dial.connected", "dial.ended"));
}

// The result of the second stage waits for a leg that nobody reports; the end of the call, which
// waits for nothing itself, stays behind it.
TEST_F(EventStoreTest, NothingOvertakesAnEventThatWaits) {
  const auto of_stage = [](int number, const char* name, int stage, std::int64_t after_us) {
    Event event = event_of_call(number, name, "c", after_us);
    event.stage = stage;
    event.duration = 0;  // nobody talked
    return frame_of(event);
  };
  take_in({of_stage(1, "call.answer", 1, 0), of_stage(2, "dial.ended", 1, 1000),
           of_stage(3, "dial.result", 1, 2000), of_stage(4, "dial.result", 2, 3000),
           of_stage(5, "call.hangup", 1, 4000)});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.ended", "dial.result"));
  EXPECT_EQ(*store_->intake().release_held(now_ + kOrderHold, false), 2u);
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.ended", "dial.result", "dial.result",
                                      "call.hangup"));
  EXPECT_FALSE(store_->intake().next_release().has_value());
}

// A call that was sent back to its plan: what waits is of the round before.
TEST_F(EventStoreTest, ARoundEndsBeforeTheNextBegins) {
  Event ended = event_of_call(4, "dial.ended", "c", 3000);
  ended.duration = 0;
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "dial.result", "c", 1000)),
           frame_of(event_of_call(3, "call.redirect", "c", 2000)), frame_of(ended),
           frame_of(event_of_call(5, "dial.result", "c", 4000))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.result", "call.redirect", "dial.ended",
                                      "dial.result"));
}

TEST_F(EventStoreTest, WaitingEndsAfterAWhileAndWhatFollowsIsLate) {
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "call.hangup", "c", 1000)),
           frame_of(event_of_call(3, "dial.result", "c", 2000))});
  ASSERT_EQ(store_->intake().next_release(), now_ + kOrderHold);
  EXPECT_EQ(*store_->intake().release_held(now_ + milliseconds(299), false), 0u);
  EXPECT_EQ(*store_->intake().release_held(now_ + milliseconds(300), false), 2u);
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.result", "call.hangup"));
  take_in({frame_of(event_of_call(4, "dial.ended", "c", 400'000))});
  EXPECT_EQ(in_order().back(), "dial.ended late");
}

TEST_F(EventStoreTest, WaitingEndsWhenLaterEventsComeIn) {
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "call.hangup", "c", 1000)),
           frame_of(event_of_call(3, "other", "x", 300'999))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "other"));
  take_in({frame_of(event_of_call(4, "other", "x", 301'001)),
           frame_of(event_of_call(5, "dial.result", "c", 301'002))});
  EXPECT_THAT(in_order(),
              ElementsAre("call.answer", "other", "call.hangup", "other", "dial.result late"));
}

TEST_F(EventStoreTest, WaitingEndsForWhatComesBeforeAndForNothingElseOfTheCall) {
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "dial.ended", "c", 1000)),
           frame_of(event_of_call(3, "call.hangup", "c", 200'000)),
           frame_of(event_of_call(4, "other", "x", 301'001))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.ended", "other"));
  take_in({frame_of(event_of_call(5, "dial.result", "c", 301'002))});
  EXPECT_THAT(in_order(),
              ElementsAre("call.answer", "dial.ended", "other", "dial.result", "call.hangup"));
}

TEST_F(EventStoreTest, LegsOfAStageDoNotWaitForEachOther) {
  Event unanswered = event_of_call(3, "dial.ended", "c", 2000);
  unanswered.b_leg = "busy";
  unanswered.duration = 0;
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "dial.ended", "c", 1000)), frame_of(unanswered)});
  EXPECT_THAT(waiting(), ElementsAre(1, 2));
  EXPECT_EQ(event(2)->b_leg, "busy");
}

// Which takes a coincidence, or somebody who wants it.
TEST_F(EventStoreTest, CallsThatShareALaneDoNotWaitForEachOthersEvents) {
  const std::string one = "8yn0iYCKYHlIj4-BwPqk";
  const std::string other = "GReLUrM4wMqfg9yzV3KQ";
  Event ended = event_of_call(6, "dial.ended", other, 301'002);
  ended.duration = 0;
  take_in({frame_of(event_of_call(1, "call.answer", one)),
           frame_of(event_of_call(2, "call.answer", other)),
           frame_of(event_of_call(3, "call.hangup", one, 1000)),
           frame_of(event_of_call(4, "dial.result", other, 2000))});
  const auto answers = *store_->delivery().waiting(store_->intake().id_of("a"), 0, 10);
  ASSERT_EQ(answers.size(), 2u);
  ASSERT_EQ(answers[0].lane, answers[1].lane);

  take_in({frame_of(event_of_call(5, "other", "x", 301'001))});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "call.answer", "call.hangup", "other"));
  take_in({frame_of(ended)});
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "call.answer", "call.hangup", "other",
                                      "dial.ended", "dial.result"));
}

TEST_F(EventStoreTest, HeldEventsOutliveARestart) {
  take_in({frame_of(event_of_call(1, "call.answer", "c")),
           frame_of(event_of_call(2, "call.hangup", "c", 1000))});
  open_store();
  EXPECT_THAT(in_order(), ElementsAre("call.answer"));
  take_in({frame_of(event_of_call(3, "dial.ended", "c", 2000)),
           frame_of(event_of_call(4, "dial.result", "c", 3000))});
  EXPECT_EQ(*store_->intake().release_held(now_, true), 3u);
  EXPECT_THAT(in_order(), ElementsAre("call.answer", "dial.ended", "dial.result", "call.hangup"));
  take_in({frame_of(event_of_call(5, "dial.result", "c", 4000))});
  EXPECT_EQ(in_order().back(), "dial.result late") << "the call is remembered";
  open_store();
  take_in({frame_of(event_of_call(6, "dial.answered", "c", 5000))});
  EXPECT_EQ(in_order().back(), "dial.answered late") << "over a restart, too";
}

TEST_F(EventStoreTest, LanesAreCallsOrSingleEvents) {
  take_in({frame_of(event_of_call(1, "other", "x")), frame_of(event_of_call(2, "other", "")),
           frame_of(event_of_call(3, "other", "x")), frame_of(event_of_call(4, "other", ""))});
  const auto events = *store_->delivery().waiting(store_->intake().id_of("a"), 0, 10);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].lane, events[2].lane);
  EXPECT_NE(events[1].lane, events[3].lane);
  EXPECT_EQ(events[2].lane_head, 1u);
  EXPECT_EQ(events[3].lane_head, 4u);
  record(1, DeliveryState::kDelivered);
  EXPECT_EQ((*store_->delivery().waiting(store_->intake().id_of("a"), 2, 1))[0].lane_head, 3u);
  EXPECT_EQ(
      store_->delivery().waiting_in_lane(store_->intake().id_of("a"), events[0].lane, 10)->size(),
      1u);
}

TEST_F(EventStoreTest, RetriesAreFoundWhenTheyAreDue) {
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))});
  const SinkId a = store_->intake().id_of("a");
  EXPECT_FALSE((*store_->delivery().next_due(a, 0)).has_value());
  record(1, DeliveryState::kWaiting, "a", 5000);
  record(2, DeliveryState::kWaiting, "a", 4000);
  EXPECT_EQ(*store_->delivery().next_due(a, 0), 4000);
  EXPECT_EQ(*store_->delivery().next_due(a, 4000), 5000);
  EXPECT_FALSE((*store_->delivery().next_due(a, 5000)).has_value());
  EXPECT_THAT(*store_->delivery().due_lanes(a, 3999, 10), IsEmpty());
  EXPECT_THAT(*store_->delivery().due_lanes(a, 5000, 10), ElementsAre(-2, -1));
  EXPECT_THAT(*store_->delivery().due_lanes(a, 5000, 1), ElementsAre(-2));
  ASSERT_TRUE(store_->delivery().limit_waits(a, 4500).ok());
  EXPECT_THAT(*store_->delivery().due_lanes(a, 4500, 10), ElementsAre(-2, -1));
  const auto events = *store_->delivery().waiting(a, 0, 10);
  EXPECT_EQ(events[0].attempts, 1u);
  EXPECT_EQ(events[0].failures, 1u);
  EXPECT_EQ(events[0].begun_ms, kStartUs / 1000);
}

TEST_F(EventStoreTest, NewSinkGetsWhatComesFromNowOn) {
  take_in({frame_of(event_of_call(1, "other", "")),
           frame_of(event_of_call(2, "other", "", 10 * kSecondUs)),
           frame_of(event_of_call(3, "recording", "", 10 * kSecondUs))});
  ASSERT_TRUE(store_->intake()
                  .set_sinks({sink("a"), sink("b", {"other"})}, at(kStartUs + 12 * kSecondUs))
                  .ok());
  EXPECT_THAT(waiting("b"), ElementsAre(2)) << "and what came just before";
  take_in({frame_of(event_of_call(4, "other", "", 13 * kSecondUs))});
  EXPECT_THAT(waiting("b"), ElementsAre(2, 4));
  ASSERT_TRUE(
      store_->intake().set_sinks({sink("a"), sink("b")}, at(kStartUs + 14 * kSecondUs)).ok());
  EXPECT_THAT(waiting("b"), ElementsAre(2, 4)) << "a changed sink is no new one";
  balance();
}

TEST_F(EventStoreTest, SinkThatIsGoneIsTold) {
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))});
  EXPECT_THAT(*store_->delivery().gone_sinks(), IsEmpty());
  record(1, DeliveryState::kDelivered);
  ASSERT_TRUE(store_->intake().set_sinks({sink("b")}, at(kStartUs + 60 * kSecondUs)).ok());
  const auto gone = *store_->delivery().gone_sinks();
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].name, "a");
  EXPECT_EQ(gone[0].waiting, 1u);
  take_in({frame_of(event_of_call(3, "other", "", 60 * kSecondUs))});
  ASSERT_TRUE(
      store_->intake().set_sinks({sink("a"), sink("b")}, at(kStartUs + 99 * kSecondUs)).ok());
  EXPECT_THAT(waiting("a"), ElementsAre(2)) << "what came between is not its business";
}

// For the thread sanitizer.
TEST_F(EventStoreTest, KeysMayBeForgottenWhileSinksAreTold) {
  open_store();
  std::thread other([this] {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(store_->upkeep().forget_old_keys().ok());
  });
  const std::vector sinks{sink("a")};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(store_->intake().set_sinks(sinks, at(kStartUs)).ok());
  other.join();
}

TEST_F(EventStoreTest, ChangesOfOthersAreNoticed) {
  take_in({frame_of(event_of_call(1, "other", ""))});
  store_->connection().changed_by_others();
  record(1, DeliveryState::kDead);
  EXPECT_FALSE(store_->connection().changed_by_others()) << "its own";
  auto other = OperatorStore::open(spool_, Database::Access::kChange);
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(*(*other)->retry(id_of(1), "", kStartUs), 1u);
  EXPECT_TRUE(store_->connection().changed_by_others());
  EXPECT_FALSE(store_->connection().changed_by_others());
  EXPECT_THAT(waiting(), ElementsAre(1));
}

}  // namespace
}  // namespace plivo_dial
