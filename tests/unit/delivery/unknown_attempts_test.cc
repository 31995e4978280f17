// SPDX-License-Identifier: Apache-2.0
// What a store says of attempts when its last user could not say what became of them.
#include <gmock/gmock.h>

#include "lib/delivery/store_file.h"
#include "tests/unit/delivery/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;

// The attempts that each waiting event of a sink is said to have had, in the order of their
// numbers.
std::vector<unsigned> attempts_of(EventStore& store, const std::string& sink) {
  std::vector<unsigned> attempts;
  const Result<std::vector<WaitingEvent>> events = store.waiting(store.id_of(sink), 0, 100);
  for (const WaitingEvent& event : events.value()) attempts.push_back(event.attempts);
  return attempts;
}

class UnknownAttempts : public StoreTest {
 protected:
  static SinkConfig hook() {
    SinkConfig config = sink("hook");
    config.kind = SinkKind::kExec;
    config.program = {"/none"};
    return config;
  }
  void SetUp() override {
    StoreTest::SetUp();
    open_store({hook(), sink("file")});
    for (int i = 1; i <= 3; ++i) take_in({frame_of(event_of_call(i, "other", ""))});
    record(2, DeliveryState::kWaiting, "hook");
  }
};

TEST_F(UnknownAttempts, AreThereWhereTheLastUserDidNotEndInOrder) {
  open_store({hook(), sink("file")});
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1));
  EXPECT_THAT(attempts_of(*store_, "file"), ElementsAre(1, 1, 1));
  take_in({frame_of(event_of_call(4, "other", ""))});
  ASSERT_TRUE(store_->set_sinks({hook()}, kStartUs).ok());
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1, 0)) << "nobody was lost since";
}

TEST_F(UnknownAttempts, AreNotThereWhereHeDid) {
  ASSERT_TRUE(store_->end_in_order().ok());
  for (int time = 0; time < 2; ++time) {
    open_store({hook(), sink("file")});
    EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(0, 1, 0));
    ASSERT_TRUE(store_->end_in_order().ok());
  }
}

TEST_F(UnknownAttempts, AreThereWhereOneCouldNotBeRecorded) {
  {
    Result<std::unique_ptr<Database>> other = connect_to_store(spool_, Database::Access::kChange);
    ASSERT_TRUE(other.ok());
    (*other)->run_script("BEGIN IMMEDIATE");
    patience_->end();
    DeliveryChange begun;
    begun.seq = 1;
    begun.attempts = 1;
    ASSERT_FALSE(store_->record(store_->id_of("hook"), {begun}).ok());
  }
  ASSERT_TRUE(store_->end_in_order().ok());
  store_.reset();
  store_ = std::move(EventStore::open(spool_, log_)).value();
  ASSERT_TRUE(store_->set_sinks({hook()}, kStartUs).ok());
  EXPECT_THAT(attempts_of(*store_, "hook"), ElementsAre(1, 1, 1));
}

}  // namespace
}  // namespace plivo_dial
