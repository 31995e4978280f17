// SPDX-License-Identifier: Apache-2.0
#include "lib/operators/operator_store.h"

#include <gmock/gmock.h>

#include <thread>

#include "lib/store/dead_letter.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OperatorStoreTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    open_store({sink("a"), sink("b", {"other"})});
    ASSERT_TRUE(store_->intake().end_catching_up().ok());
    take_in({frame_of(event_of_call(1, "other", "c")),
             frame_of(event_of_call(2, "recording", "c", kSecondUs)),
             frame_of(event_of_call(3, "other", "d", 2 * kSecondUs)),
             frame_of(event_of_call(4, "other", "", 3 * kSecondUs))});
    Result<std::unique_ptr<OperatorStore>> opened =
        OperatorStore::open(spool_, Database::Access::kChange);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    operator_ = std::move(*opened);
  }

  void make_dead(int number, const std::string& name) {
    ASSERT_TRUE(write_dead_letters(spool_, {{id_of(number), name, "it failed", 1, kStartUs,
                                             to_json(event_of(number))}})
                    .ok());
    record(static_cast<std::uint64_t>(number), DeliveryState::kDead, name);
  }
  std::size_t letters() const { return list_dead_letters(spool_)->size(); }

  std::vector<std::uint64_t> numbers(const DeliveryFilter& filter) {
    std::vector<std::uint64_t> numbers;
    const auto rows = operator_->list(filter);
    EXPECT_TRUE(rows.ok()) << rows.error().message;
    for (const DeliveryRow& row : *rows) numbers.push_back(row.seq);
    return numbers;
  }

  std::unique_ptr<OperatorStore> operator_;
};

// An operator asks while the first dispatcher of all makes the file and has not made its tables.
using StoreInTheMaking = StoreTest;

TEST_F(StoreInTheMaking, IsWaitedFor) {
  std::filesystem::create_directory(spool_ + "/dispatch");
  std::ofstream(database()).close();
  std::thread dispatcher([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    open_store();
  });
  EXPECT_TRUE(OperatorStore::open(spool_, Database::Access::kRead).ok());
  dispatcher.join();
}

TEST_F(OperatorStoreTest, TellsHowItStands) {
  record(1, DeliveryState::kDelivered);
  record(2, DeliveryState::kDead);
  record(3, DeliveryState::kWaiting, "a", kStartUs / 1000 + 5000);
  const Result<StoreStatus> status = operator_->status();
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(status->events, 4u);
  EXPECT_EQ(status->segments, 1u);
  ASSERT_EQ(status->sinks.size(), 2u);
  EXPECT_EQ(status->sinks[0].name, "a");
  EXPECT_EQ(status->sinks[0].delivered, 1u);
  EXPECT_EQ(status->sinks[0].dead, 1u);
  EXPECT_EQ(status->sinks[0].waiting, 2u);
  EXPECT_EQ(status->sinks[0].retrying, 1u);
  EXPECT_EQ(status->sinks[0].oldest_waiting_us, kStartUs + 2 * kSecondUs);
  EXPECT_EQ(status->sinks[1].waiting, 3u);
  EXPECT_TRUE(status->sinks[1].configured);
}

TEST_F(OperatorStoreTest, ListsNewestFirstByManyThings) {
  DeliveryFilter filter;
  EXPECT_THAT(numbers(filter), ElementsAre(4, 4, 3, 3, 2, 1, 1));
  filter.limit = 2;
  EXPECT_THAT(numbers(filter), ElementsAre(4, 4, 3, 3)) << "events, not rows";
  filter.limit = 100;
  filter.sink = "b";
  EXPECT_THAT(numbers(filter), ElementsAre(4, 3, 1));
  filter.before_seq = 4;
  EXPECT_THAT(numbers(filter), ElementsAre(3, 1));
  filter.call = "c";
  EXPECT_THAT(numbers(filter), ElementsAre(1));
  record(3, DeliveryState::kDead, "b");
  filter = {};
  filter.state = DeliveryState::kDead;
  EXPECT_THAT(numbers(filter), ElementsAre(3));
  filter.state.reset();
  filter.since_us = kStartUs + 3 * kSecondUs;
  EXPECT_THAT(numbers(filter), ElementsAre(4, 4));
}

TEST_F(OperatorStoreTest, ShowsOneEvent) {
  const auto event = operator_->event(id_of(3));
  ASSERT_TRUE(event.ok() && *event);
  EXPECT_EQ((*event)->seq, 3u);
  EXPECT_EQ((*event)->call, "d");
  record(3, DeliveryState::kDead, "b");
  const auto rows = operator_->deliveries(id_of(3));
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].sink, "a");
  EXPECT_EQ((*rows)[1].state, DeliveryState::kDead);
  EXPECT_EQ((*rows)[1].attempts, 1u);
  EXPECT_FALSE((*operator_->event(id_of(77))).has_value());
  EXPECT_THAT(*operator_->deliveries(id_of(77)), IsEmpty());
}

TEST_F(OperatorStoreTest, RetrySendsDeadAndWaitingEventsAtOnce) {
  make_dead(1, "a");
  record(1, DeliveryState::kDelivered, "b");
  record(3, DeliveryState::kWaiting, "a", kStartUs);
  EXPECT_EQ(*operator_->retry(id_of(1), "", kStartUs + 9 * kSecondUs), 1u);
  EXPECT_EQ(*operator_->retry(id_of(3), "a", kStartUs), 1u);
  EXPECT_EQ(*operator_->retry(id_of(77), "", kStartUs), 0u);
  const auto events = *store_->delivery().waiting(store_->intake().id_of("a"), 0, 10);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].attempts, 1u) << "counted on, so that the sink sees that it is no first one";
  EXPECT_EQ(events[0].failures, 0u);
  EXPECT_EQ(events[0].begun_ms, (kStartUs + 9 * kSecondUs) / 1000);
  EXPECT_EQ(events[2].next_ms, 0);
  EXPECT_THAT(waiting("b"), ElementsAre(3, 4));
  EXPECT_TRUE(events[0].was_tried) << "who delivers it removes its letter";
  EXPECT_EQ(letters(), 1u) << "nobody has it yet";
  balance();
}

TEST_F(OperatorStoreTest, EventSentAgainGoesBeforeWhatWaitsInItsLane) {
  make_dead(1, "a");
  record(2, DeliveryState::kWaiting, "a", kStartUs);
  EXPECT_EQ(*operator_->retry(id_of(1), "a", kStartUs), 1u);
  const auto events = store_->delivery().waiting(store_->intake().id_of("a"), 0, 2);
  for (const WaitingEvent& event : *events) {
    EXPECT_EQ(event.next_ms, 0) << event.seq;
    EXPECT_EQ(event.lane_head, 1u);
  }
}

TEST_F(OperatorStoreTest, AllDeadLettersAreSentAgain) {
  make_dead(1, "a");
  make_dead(1, "b");
  make_dead(3, "b");
  EXPECT_EQ(*operator_->retry_dead("b", kStartUs), 2u);
  EXPECT_EQ(*operator_->retry_dead("", kStartUs), 1u);
  EXPECT_EQ(*operator_->retry_dead("", kStartUs), 0u);
  EXPECT_EQ(letters(), 3u);
  EXPECT_EQ(balance().dead, 0u);
}

TEST_F(OperatorStoreTest, ReplaySendsWhatTheSinkTakesSinceATime) {
  for (const std::uint64_t seq : {1, 3, 4}) record(seq, DeliveryState::kDelivered, "b");
  make_dead(3, "b");
  EXPECT_EQ(*operator_->replay("b", {kStartUs + kSecondUs}, kStartUs), 2u);
  EXPECT_THAT(waiting("b"), ElementsAre(3, 4));
  EXPECT_EQ(letters(), 1u);
  ASSERT_TRUE(
      store_->intake()
          .set_sinks({sink("a"), sink("b", {"other"}), sink("c")}, at(kStartUs + 60 * kSecondUs))
          .ok());
  EXPECT_THAT(waiting("c"), IsEmpty());
  EXPECT_EQ(*operator_->replay("c", {kStartUs}, kStartUs), 4u) << "also what it never had";
  EXPECT_THAT(waiting("c"), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(*operator_->replay("c", {kStartUs}, kStartUs), 0u) << "it waits already";
  balance();
}

TEST_F(OperatorStoreTest, ReplayIsCountedAndEndsAtATime) {
  record_all_delivered();
  const AcceptedBetween two{kStartUs + kSecondUs, kStartUs + 3 * kSecondUs};
  EXPECT_EQ(*operator_->count_replay("a", two), 2u);
  EXPECT_THAT(waiting(), IsEmpty()) << "only counted";
  EXPECT_EQ(*operator_->replay("a", two, kStartUs), 2u);
  EXPECT_THAT(waiting(), ElementsAre(2, 3));
  EXPECT_EQ(*operator_->count_replay("a", {}), 2u) << "what waits already does not count";
  EXPECT_FALSE(operator_->count_replay("none", {}).ok());
}

TEST_F(OperatorStoreTest, FindsIdsByTheirBeginning) {
  const std::string common = id_of(1).substr(0, 20);
  EXPECT_THAT(*operator_->ids_with_prefix(common, 3), ElementsAre(id_of(1), id_of(2), id_of(3)));
  EXPECT_THAT(*operator_->ids_with_prefix(id_of(4), 9), ElementsAre(id_of(4)));
  EXPECT_THAT(*operator_->ids_with_prefix(common + "x", 9), IsEmpty());
  EXPECT_THAT(*operator_->ids_with_prefix("%", 9), IsEmpty());
}

TEST_F(OperatorStoreTest, NamesAllSinks) {
  ASSERT_TRUE(store_->intake().set_sinks({sink("b")}, at(kStartUs)).ok());
  const auto sinks = operator_->sinks();
  ASSERT_TRUE(sinks.ok());
  ASSERT_EQ(sinks->size(), 2u);
  EXPECT_EQ((*sinks)[0].name, "a");
  EXPECT_FALSE((*sinks)[0].configured);
  EXPECT_TRUE((*sinks)[1].configured);
}

TEST_F(OperatorStoreTest, AllDeadLettersAreDropped) {
  make_dead(1, "a");
  make_dead(1, "b");
  make_dead(3, "b");
  ASSERT_TRUE(store_->intake().set_sinks({sink("a")}, at(kStartUs)).ok());
  EXPECT_EQ(*operator_->drop_all_dead("b"), 2u) << "also of a sink that is gone";
  EXPECT_EQ(letters(), 1u);
  EXPECT_EQ(*operator_->drop_all_dead(""), 1u);
  EXPECT_EQ(*operator_->drop_all_dead(""), 0u);
  EXPECT_EQ(letters(), 0u);
  EXPECT_EQ(balance().sinks[1].dropped, 2u);
}

TEST_F(OperatorStoreTest, ReplayGoesOnOverManyEvents) {
  std::vector<TestFrame> frames;
  for (int i = 10; i < 2510; ++i) frames.push_back(frame_of(event_of_call(i, "recording", "")));
  take_in(std::move(frames));
  record_all_delivered();
  EXPECT_EQ(*operator_->replay("a", {0}, kStartUs), 2504u);
  EXPECT_EQ(operator_->status()->sinks[0].waiting, 2504u);
}

TEST_F(OperatorStoreTest, UnknownAndGoneSinksAreRefused) {
  make_dead(1, "a");
  ASSERT_TRUE(store_->intake().set_sinks({sink("b")}, at(kStartUs)).ok());
  EXPECT_THAT(operator_->replay("none", {0}, kStartUs).error().message,
              HasSubstr("there is no sink 'none'"));
  EXPECT_FALSE(operator_->replay("a", {0}, kStartUs).ok());
  EXPECT_FALSE(operator_->retry(id_of(1), "a", kStartUs).ok());
  EXPECT_FALSE(operator_->retry_dead("a", kStartUs).ok());
  EXPECT_EQ(*operator_->retry_dead("", kStartUs), 0u);
  EXPECT_FALSE(operator_->status()->sinks[0].configured);
}

// Its segment may be gone: the letter is all there is beside the store.
TEST_F(OperatorStoreTest, LetterThatIsSentAgainOutlivesTheStoreUntilItIsDelivered) {
  make_dead(1, "a");
  record_all_delivered();
  record_all_delivered("b");
  ASSERT_TRUE(forget(kSegment));
  EXPECT_EQ(*operator_->retry_dead("", kStartUs), 1u);
  ASSERT_TRUE(store_->upkeep().save_marks().ok());
  operator_.reset();
  store_.reset();
  std::filesystem::remove(database());
  open_store({sink("a"), sink("b", {"other"})});
  ASSERT_TRUE(store_->intake().end_catching_up().ok());
  EXPECT_EQ(balance().dead, 1u);
}

TEST_F(OperatorStoreTest, DroppedDeadLettersAreGone) {
  make_dead(1, "a");
  make_dead(1, "b");
  EXPECT_EQ(*operator_->drop_dead(id_of(2), ""), 0u) << "that one waits";
  EXPECT_EQ(*operator_->drop_dead(id_of(1), "b"), 1u);
  EXPECT_EQ(letters(), 1u);
  EXPECT_EQ(*operator_->drop_dead(id_of(1), ""), 1u);
  EXPECT_EQ(letters(), 0u);
  EXPECT_EQ(balance().sinks[0].dropped, 1u);
}

TEST_F(OperatorStoreTest, EventOfADroppedLetterIsForgottenWithItsSegment) {
  make_dead(1, "a");
  for (const std::uint64_t seq : {2, 3, 4}) record(seq, DeliveryState::kDelivered);
  for (const std::uint64_t seq : {1, 3, 4}) record(seq, DeliveryState::kDelivered, "b");
  ASSERT_TRUE(forget(kSegment));
  EXPECT_EQ(operator_->status()->events, 1u);
  ASSERT_TRUE(store_->upkeep().forget_loose_events().ok());
  EXPECT_EQ(operator_->status()->events, 1u);
  EXPECT_EQ(*operator_->drop_dead(id_of(1), ""), 1u);
  ASSERT_TRUE(store_->upkeep().forget_loose_events().ok());
  EXPECT_EQ(operator_->status()->events, 0u);
  EXPECT_EQ(balance().delivered, 4u);
}

TEST_F(OperatorStoreTest, EventSentAgainWhileItsSegmentGoesIsKept) {
  make_dead(1, "a");
  make_dead(3, "a");
  for (const std::uint64_t seq : {2, 4}) record(seq, DeliveryState::kDelivered);
  record_all_delivered("b");
  take_in({}, kSegment, true);
  ASSERT_THAT(
      *store_->upkeep().finished_segments(kStartUs + 9 * kSecondUs, std::chrono::seconds(1)),
      ElementsAre(kSegment));
  EXPECT_EQ(*operator_->retry(id_of(1), "a", kStartUs), 1u);
  EXPECT_EQ(*operator_->replay("a", {kStartUs + kSecondUs, kStartUs + 3 * kSecondUs}, kStartUs), 1u)
      << "of what was delivered the file may be gone at this moment";
  std::filesystem::remove(segment_path(kSegment));
  ASSERT_TRUE(forget(kSegment));
  EXPECT_THAT(waiting(), ElementsAre(1, 3));
  for (const std::uint64_t seq : {1, 3}) EXPECT_TRUE(event(seq).has_value()) << seq;
  record_all_delivered();
  ASSERT_TRUE(store_->upkeep().forget_loose_events().ok());
  EXPECT_EQ(operator_->status()->events, 0u);
  EXPECT_EQ(balance().delivered, 4u);
}

TEST_F(OperatorStoreTest, BalanceTellsWhatDiffers) {
  EXPECT_THAT(balance().differences(), IsEmpty());
  auto file = Database::open(database(), Database::Access::kChange);
  (*file)->run_script("UPDATE counter SET value = 5 WHERE name = 'frames'");
  (*file)->run_script("UPDATE sink SET taken = taken - 1, dead = 7");
  ASSERT_TRUE((*file)->take_error().ok());
  const Result<StoreBalance> sums = operator_->balance();
  ASSERT_TRUE(sums.ok());
  EXPECT_THAT(sums->differences(),
              ElementsAre(HasSubstr("frames taken in are 5, but those delivered"),
                          HasSubstr("events for sink a are 3, but"),
                          HasSubstr("events for sink b are 2, but"),
                          HasSubstr("dead letters of sink a are 0, but"),
                          HasSubstr("dead letters of sink b are 0, but")));
}

TEST_F(OperatorStoreTest, SegmentsAreTold) {
  const auto segments = operator_->segments();
  ASSERT_TRUE(segments.ok());
  ASSERT_EQ(segments->size(), 1u);
  EXPECT_EQ((*segments)[0].name, kSegment);
  EXPECT_EQ((*segments)[0].offset, offsets_[kSegment]);
  EXPECT_EQ((*segments)[0].frames, 4u);
  const auto inventory = operator_->inventory();
  ASSERT_TRUE(inventory.ok());
  EXPECT_EQ(inventory->balance.frames, 4u);
  ASSERT_EQ(inventory->segments.size(), 1u);
  EXPECT_EQ(inventory->segments[0].frames, 4u);
}

TEST_F(OperatorStoreTest, WithoutAStoreThereIsAnError) {
  const auto opened = OperatorStore::open(directory_ + "/none", Database::Access::kRead);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("none/dispatch/queue.db': unable to open"));
}

}  // namespace
}  // namespace plivo_dial
