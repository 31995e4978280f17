// SPDX-License-Identifier: Apache-2.0
// What depends on no wall clock: it may only lengthen what is counted in time, and change no order.
#include "lib/store/store_clock.h"

#include <gmock/gmock.h>

#include "lib/delivery/importer.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/segment_name.h"
#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kDayUs = 86'400 * kSecondUs;
constexpr std::int64_t kWallUs = 1'795'000'000'000'000;

std::int64_t boot_us = 0;
std::int64_t wall_us = kWallUs;

std::int64_t boot_of_test() {
  return boot_us;
}
std::int64_t wall_of_test() {
  return wall_us;
}

class StoreClockTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    boot_us = 500 * kSecondUs;
    wall_us = kWallUs;
    std::filesystem::create_directory(spool_ + "/in");
    open_again();
  }
  static void pass(std::int64_t us) {
    boot_us += us;
    wall_us += us;
  }

  void open_again(const std::vector<SinkConfig>& sinks = {sink("a")}, bool died = false) {
    if (store_ && !died) {
      EXPECT_TRUE(store_->upkeep().end_in_order().ok());
    }
    store_.reset();
    store_ = std::move(EventStore::open(spool_, log_, patience_,
                                        StoreClock(&boot_of_test, &wall_of_test)))
                 .value();
    ASSERT_TRUE(store_->intake().set_sinks(sinks, at(wall_us)).ok());
    importer_ = std::make_unique<Importer>(spool_, *store_, log_);
    ASSERT_TRUE(importer_->load().ok());
  }

  // A child of httpd's writes an event now.
  void write(int child, const Event& event) {
    const std::string path =
        spool_ + "/in/" + this_boot() + "-1-" + std::to_string(child) + "-1.seg";
    const std::string header = std::filesystem::exists(path) ? "" : encode_segment_header();
    std::ofstream(path, std::ios::app | std::ios::binary)
        << header
        << encode_frame(kSharedSequence | static_cast<std::uint64_t>(boot_us * 1000),
                        static_cast<std::uint64_t>(wall_us * 1000), to_json(event));
  }
  void import() {
    EXPECT_TRUE(importer_->import_all([] { return true; }).complete);
  }
  void import_one_that_is_held() {
    write(1, event_of_call(1, "call.answer", "c"));
    write(1, event_of_call(2, "dial.result", "c"));
    import();
  }
  // Names of the events that wait for `sink`, in its order.
  std::vector<std::string> names_of(const std::string& sink_name) {
    std::vector<std::string> names;
    for (const std::uint64_t seq : waiting(sink_name)) {
      names.push_back(event(seq)->event);
    }
    return names;
  }

  std::unique_ptr<Importer> importer_;
};

TEST(StoreClock, GoesOnFromWhereItWasWhateverTheWallClockSays) {
  boot_us = 100 * kSecondUs;
  wall_us = kWallUs;
  StoreClock first(&boot_of_test, &wall_of_test);
  first.go_on_from({}, 1);
  EXPECT_EQ(first.now_ms(), kWallUs / 1000);
  EXPECT_EQ(first.even_us(), kWallUs);
  boot_us += 10 * kSecondUs;
  wall_us -= 5 * kDayUs;
  EXPECT_EQ(first.age_us(), 10 * kSecondUs);
  EXPECT_EQ(first.now_ms(), kWallUs / 1000 + 10'000);
  EXPECT_EQ(first.even_us(), kWallUs + 10 * kSecondUs);

  // Another dispatcher in the same boot, an hour later: nobody could try meanwhile.
  const StoreTime saved = first.time();
  boot_us += 3600 * kSecondUs;
  wall_us += 3600 * kSecondUs;
  StoreClock second(&boot_of_test, &wall_of_test);
  second.go_on_from(saved, 1);
  EXPECT_EQ(second.now_ms(), kWallUs / 1000 + 10'000);
  EXPECT_EQ(second.even_us(), kWallUs + 3610 * kSecondUs) << "what was accepted meanwhile is older";

  EXPECT_EQ(second.ms_at_age(10'000), kWallUs / 1000 + 10'000);
  second.skip_unused();
  EXPECT_EQ(second.now_ms(), kWallUs / 1000 + 3'610'000) << "as if it had gone on";
  EXPECT_EQ(second.ms_at_age(10'000), kWallUs / 1000 + 3'610'000) << "so has what is counted by it";

  // Another boot, whose clock is of 1970 still.
  const StoreTime saved_again = second.time();
  boot_us = 3 * kSecondUs;
  wall_us = 4 * kSecondUs;
  StoreClock third(&boot_of_test, &wall_of_test);
  third.go_on_from(saved_again, 2);
  EXPECT_EQ(third.now_ms(), kWallUs / 1000 + 3'610'000);
  third.skip_unused();
  EXPECT_EQ(third.now_ms(), kWallUs / 1000 + 3'610'000) << "nobody knows how long it was";
  EXPECT_EQ(third.even_us(), 4 * kSecondUs);
}

// Set back by 0.2 s, while a call goes on with another child.
TEST_F(StoreClockTest, OrderIsThatOfTheMachineAndNotOfItsClock) {
  write(1, event_of_call(1, "other", "x"));
  pass(50'000);
  wall_us -= 200'000;
  write(2, event_of_call(2, "recording", "x"));
  pass(50'000);
  wall_us += kDayUs;
  write(3, event_of_call(3, "other", "y"));
  pass(50'000);
  wall_us -= 2 * kDayUs;
  write(1, event_of_call(4, "recording", "y"));
  import();
  EXPECT_THAT(names_of("a"), ElementsAre("other", "recording", "other", "recording"));
  EXPECT_THAT(waiting(), ElementsAre(1, 2, 3, 4));
}

TEST_F(StoreClockTest, FramesOfEarlierBootsAndVersionsComeFirst) {
  write(2, event_of_call(3, "other", "z"));
  const auto append = [this](const std::string& segment, std::uint64_t sequence, int number) {
    std::ofstream(spool_ + "/in/" + segment, std::ios::binary)
        << encode_segment_header()
        << encode_frame(sequence, static_cast<std::uint64_t>((kWallUs + number) * 1000),
                        to_json(event_of_call(number, number == 1 ? "recording" : "fax", "z")));
  };
  append("0123abcd-9-9-1.seg", kSharedSequence | 1'000'000'000'000'000, 1);
  append("0123abcd-9-9-2.seg", 7, 2);
  import();
  EXPECT_THAT(names_of("a"), ElementsAre("recording", "fax", "other"));
}

// dial.result waits for dial.ended; a clock that is set ahead does not end that.
TEST_F(StoreClockTest, WhatIsHeldIsHeldForItsTime) {
  write(1, event_of_call(1, "call.answer", "c"));
  write(1, event_of_call(2, "dial.result", "c"));
  pass(1000);
  wall_us += kDayUs;
  write(2, event_of_call(3, "other", "d"));
  pass(1000);
  int number = 3;
  for (const char* name : {"dial.answered", "dial.connected", "dial.ended"}) {
    write(2, event_of_call(++number, name, "c"));
  }
  import();
  EXPECT_THAT(names_of("a"), ElementsAre("call.answer", "other", "dial.answered", "dial.connected",
                                         "dial.ended", "dial.result"));
}

TEST_F(StoreClockTest, NewSinkGetsWhatIsRecentAndNotWhatAClockMakesSo) {
  for (int i = 1; i <= 50; ++i) write(1, event_of_call(i, "other", ""));
  import();
  pass(10 * kSecondUs);
  write(2, event_of_call(51, "recording", ""));
  import();
  wall_us -= 3600 * kSecondUs;
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("b")}, at(wall_us)).ok());
  EXPECT_THAT(names_of("b"), ElementsAre("recording"));
  wall_us += kDayUs;
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("b"), sink("c")}, at(wall_us)).ok());
  EXPECT_THAT(names_of("c"), ElementsAre("recording"));
  pass(20 * kSecondUs);
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("d")}, at(wall_us)).ok());
  EXPECT_THAT(names_of("d"), IsEmpty());
}

TEST_F(StoreClockTest, WhatWasHeldIsNoNewerForANewSinkThanItsRelease) {
  import_one_that_is_held();
  EXPECT_EQ(*store_->intake().release_held(std::chrono::steady_clock::now(), true), 1u);
  pass(60 * kSecondUs);
  ASSERT_TRUE(store_->intake().set_sinks({sink("a"), sink("b")}, at(wall_us)).ok());
  EXPECT_THAT(names_of("b"), IsEmpty());
}

// It was held by a dispatcher that died.
TEST_F(StoreClockTest, RetriesOfWhatWasHeldBeginWhenItIsReleased) {
  import_one_that_is_held();
  open_again();
  EXPECT_EQ(*store_->intake().release_held(std::chrono::steady_clock::now(), true), 1u);
  const Result<std::vector<WaitingEvent>> all =
      store_->delivery().waiting(store_->intake().id_of("a"), 0, 10);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[1].begun_ms, store_->clock().now_ms());
}

// An hour without a dispatcher: what was due meanwhile is due, and nothing is given up sooner.
TEST_F(StoreClockTest, TimeWithoutADispatcherIsNoTimeOfTrying) {
  write(1, event_of_call(1, "other", ""));
  import();
  const std::int64_t begun_ms = store_->clock().now_ms();
  pass(10 * kSecondUs);
  record(1, DeliveryState::kWaiting, "a", begun_ms + 1'800'000);
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  pass(3600 * kSecondUs);
  open_again({sink("a")}, true);
  EXPECT_EQ(store_->clock().now_ms(), wall_us / 1000) << "an older version goes by that";
  const Result<std::vector<WaitingEvent>> all =
      store_->delivery().waiting(store_->intake().id_of("a"), 0, 10);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(store_->clock().now_ms() - (*all)[0].begun_ms, 10'000);
  EXPECT_LT((*all)[0].next_ms, store_->clock().now_ms());
}

// No row is touched for that: it may be a long backlog on a full disk.
TEST_F(StoreClockTest, TimeWithoutADispatcherIsSkippedForAllThatWaits) {
  take_in({frame_of(event_of_call(1, "other", "")), frame_of(event_of_call(2, "other", ""))});
  const std::int64_t begun_ms = store_->clock().now_ms();
  ASSERT_TRUE(store_->upkeep().end_in_order().ok());
  pass(3600 * kSecondUs);
  open_again({sink("a")}, true);
  const std::int64_t now_ms = store_->clock().now_ms();
  EXPECT_EQ(now_ms, begun_ms + 3'600'000);
  const auto first_behind = [this](std::uint64_t seq) {
    return store_->delivery().waiting(store_->intake().id_of("a"), seq, 1).value()[0];
  };
  EXPECT_EQ(first_behind(0).begun_ms, now_ms) << "as if it had been taken in just now";
  record(1, DeliveryState::kWaiting, "a", now_ms + 5000);
  auto operators = OperatorStore::open(spool_, Database::Access::kChange).value();
  EXPECT_EQ(operators->deliveries(id_of(1)).value()[0].next_ms, wall_us / 1000 + 5000);
  ASSERT_EQ(operators->retry(id_of(1), "a", wall_us + 7 * kSecondUs).value(), 1u);
  EXPECT_EQ(first_behind(0).begun_ms, now_ms + 7000);
}

// Nobody remembers when which one came.
TEST_F(StoreClockTest, NewSinkOfANewDispatcherGetsWhatIsRecent) {
  for (int i = 1; i <= 50; ++i) write(1, event_of_call(i, "other", ""));
  pass(10 * kSecondUs);
  write(1, event_of_call(51, "recording", ""));
  wall_us -= 3600 * kSecondUs;
  write(1, event_of_call(52, "fax", ""));
  import();
  open_again({sink("a"), sink("b")});
  EXPECT_THAT(names_of("b"), ElementsAre("recording", "fax"));
}

TEST_F(StoreClockTest, AFlowsRepetitionIsOneWhateverTheClockSays) {
  const auto flow = [this](int number, std::int64_t accepted_us, std::int64_t even_us) {
    TestFrame frame = frame_of(event_of_call(number, "other", ""), {key_of(1)});
    frame.of_flow = true;
    frame.accepted_us = accepted_us;
    frame.even_us = even_us;
    return take_in({frame}).duplicates.size();
  };
  EXPECT_EQ(flow(1, kWallUs, kWallUs), 0u);
  EXPECT_EQ(flow(2, kWallUs + 9 * kDayUs, kWallUs + kSecondUs), 1u);
  EXPECT_EQ(flow(3, kWallUs, kWallUs + kDayUs), 0u) << "another day";
}

// A dispatcher that started in 1970, or events that were accepted then: the retries' time begins
// when an event is taken in.
TEST_F(StoreClockTest, RetriesBeginWhenAnEventIsTakenIn) {
  wall_us = 4 * kSecondUs;
  write(1, event_of_call(1, "other", ""));
  wall_us = kWallUs + 30 * kDayUs;
  write(1, event_of_call(2, "other", ""));
  import();
  const SinkId id = store_->intake().id_of("a");
  const Result<std::vector<WaitingEvent>> all = store_->delivery().waiting(id, 0, 10);
  ASSERT_EQ(all->size(), 2u);
  for (const WaitingEvent& one : *all) {
    EXPECT_EQ(one.begun_ms, store_->clock().now_ms()) << one.seq;
  }
}

}  // namespace
}  // namespace plivo_dial
