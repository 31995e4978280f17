// SPDX-License-Identifier: Apache-2.0
// What a store says of attempts when its last user could not say what became of them.
#include <gmock/gmock.h>

#include "lib/delivery/delivery_schedule.h"
#include "lib/operators/operator_store.h"
#include "lib/store/store_file.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;

// The attempts that each waiting event of a sink is said to have had, in the order of their
// numbers.
std::vector<unsigned> attempts_of(EventStore& store, const std::string& sink) {
  std::vector<unsigned> attempts;
  const Result<std::vector<WaitingEvent>> events =
      store.delivery().waiting(store.intake().id_of(sink), 0, 100);
  for (const WaitingEvent& event : events.value()) attempts.push_back(event.attempts);
  return attempts;
}

class UnknownAttempts : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store({sink("hook"), sink("file")});
    for (int i = 1; i <= 3; ++i) take_in({frame_of(event_of_call(i, "other", ""))});
    record(2, DeliveryState::kWaiting, "hook");
  }

  // As happens on a disk that can't be written.
  void fail_to_record() {
    Result<std::unique_ptr<Database>> other = connect_to_store(spool_, Database::Access::kChange);
    ASSERT_TRUE(other.ok());
    (*other)->run_script("BEGIN IMMEDIATE");
    patience_->end();
    DeliveryChange begun;
    begun.seq = 1;
    begun.attempts = 1;
    ASSERT_FALSE(store_->delivery().record(store_->intake().id_of("hook"), {begun}).ok());
  }
};

TEST_F(UnknownAttempts, ArePresumedWhereTheLastUserDidNotEndInOrder) {
  open_store({sink("hook"), sink("file")});
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1));
  EXPECT_THAT(attempts_of(*store_, "file"), ElementsAre(1, 1, 1));
  const Result<std::vector<WaitingEvent>> events =
      store_->delivery().waiting(store_->intake().id_of("file"), 0, 100);
  for (const WaitingEvent& event : events.value()) {
    EXPECT_TRUE(event.was_tried) << "its dead letter may be there";
  }
  take_in({frame_of(event_of_call(4, "other", "", -1))});
  take_in({frame_of(event_of_call(5, "other", "", kSecondUs))});
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1, 1, 0))
      << "an import that was lost may have had the fourth; the fifth was accepted since";
}

TEST_F(UnknownAttempts, AreNotPresumedWhereHeDid) {
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  for (int time = 0; time < 2; ++time) {
    open_store({sink("hook"), sink("file")});
    EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(0, 1, 0));
    ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  }
}

TEST_F(UnknownAttempts, StayPresumedByThoseWhoEndInOrderLater) {
  open_store({sink("file")});
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  open_store({sink("hook"), sink("file")});
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1)) << "it was not configured";
}

// A dispatcher that could not start.
TEST_F(UnknownAttempts, StayPresumedByOneWhoLearntNoSinks) {
  store_.reset();
  store_ = std::move(EventStore::open(spool_, log_)).value();
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  open_store({sink("hook"), sink("file")});
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1));
}

TEST_F(UnknownAttempts, ArePresumedWhereOneCouldNotBeRecorded) {
  ASSERT_NO_FATAL_FAILURE(fail_to_record());
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  store_.reset();
  store_ = std::move(EventStore::open(spool_, log_)).value();
  ASSERT_TRUE(store_->intake().set_sinks({sink("hook")}, at(kStartUs)).ok());
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1));
}

// After a reload with another timeout.
TEST_F(UnknownAttempts, ArePresumedByTheNextScheduleOfTheSameStore) {
  const StoreDeliveryClock clock(store_->clock());
  const auto schedule = [&] {
    return std::make_unique<DeliverySchedule>(sink("hook"), store_->intake().id_of("hook"), spool_,
                                              *store_, log_, clock);
  };
  const auto first_attempt = [](DeliverySchedule& of) {
    return of.next(std::chrono::milliseconds(0)).value().event.attempt();
  };
  std::unique_ptr<DeliverySchedule> former = schedule();
  EXPECT_EQ(first_attempt(*former), 1U);
  ASSERT_NO_FATAL_FAILURE(fail_to_record());
  former.reset();
  EXPECT_EQ(first_attempt(*schedule()), 2U);
}

// By a sync that failed, or by the end of the dispatcher.
TEST_F(UnknownAttempts, AreRecordedWhereTheSinkMayHaveTheEvent) {
  const StoreDeliveryClock clock(store_->clock());
  {
    DeliverySchedule schedule(sink("file"), store_->intake().id_of("file"), spool_, *store_, log_,
                              clock);
    const auto taken = [&] { return schedule.next(std::chrono::milliseconds(0)).value(); };
    const DeliverySchedule::Job handed_over = taken();
    schedule.handed_over(handed_over);
    Attempt interrupted;
    interrupted.outcome = Attempt::Outcome::kInterrupted;
    schedule.not_taken(taken(), interrupted);
    schedule.take_back({handed_over});
  }
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  open_store({sink("file")});
  EXPECT_THAT(attempts_of(*store_, "file"), ElementsAre(1, 1, 0));
}

TEST_F(UnknownAttempts, ArePresumedOfAnEventThatIsReplayed) {
  record(1, DeliveryState::kDead, "hook");
  auto file = std::move(OperatorStore::open(spool_, Database::Access::kChange)).value();
  ASSERT_EQ(file->drop_dead(event_of_call(1, "other", "").id, "hook").value(), 1U);
  ASSERT_EQ(file->replay("hook", {}, kStartUs).value(), 1U);
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 0));
}

}  // namespace
}  // namespace plivo_dial
