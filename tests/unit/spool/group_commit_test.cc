// SPDX-License-Identifier: Apache-2.0
// What callers wait for, and for how long. The disk hangs until a test lets it go, so that nothing
// here depends on how fast it is.
#include "lib/spool/group_commit.h"

#include <gmock/gmock.h>

#include <deque>
#include <future>

#include "tests/unit/spool/writer_fixture.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class GroupCommitTest : public WriterTest {
 protected:
  void SetUp() override {
    WriterTest::SetUp();
    ASSERT_TRUE(append("first").ok());
    wait_for_segments(2);
  }
  void TearDown() override {
    disk_faults.reset();
    running_.clear();
    WriterTest::TearDown();
  }

  // The disk answers no more.
  void hang() {
    disk_faults.syncs = 0;
    disk_faults.hold_syncs = true;
  }
  void go_on() { disk_faults.hold_syncs = false; }

  // Appends in a thread of its own, which has begun when this returns.
  std::future<SpoolResult<void>>& start(const std::string& payload) {
    std::promise<void> begun;
    std::future<void> begins = begun.get_future();
    running_.push_back(
        std::async(std::launch::async, [this, payload, begun = std::move(begun)]() mutable {
          begun.set_value();
          for (;;) {
            SpoolResult<void> result = append_within(kLong, payload);
            // A test that probes how many wait may itself be the one too many.
            if (result || result.error().failure != SpoolFailure::kOverloaded) return result;
          }
        }));
    begins.wait();
    return running_.back();
  }

  void start_and_wait_for_sync(const std::string& payload) {
    start(payload);
    ASSERT_TRUE(eventually([] { return disk_faults.running_syncs == 1; }));
  }

  std::deque<std::future<SpoolResult<void>>> running_;
};

TEST_F(GroupCommitTest, OneSyncServesAllThatWait) {
  constexpr std::size_t kWaiting = 20;
  open_writer({.sync_timeout = milliseconds(2), .most_waiting_for_stalled_disk = 1 + kWaiting});
  hang();
  start_and_wait_for_sync("in flight");
  for (std::size_t i = 0; i < kWaiting; ++i) start(std::to_string(i));
  ASSERT_TRUE(eventually([&] {  // that all of them wait
    return append_within(milliseconds(1), "-").error().failure == SpoolFailure::kOverloaded;
  }));
  go_on();
  for (auto& one : running_) EXPECT_TRUE(one.get().ok());
  EXPECT_EQ(disk_faults.syncs, 2) << "one for the first, one for all the others";
  EXPECT_EQ(payloads().size(), 1 + 1 + kWaiting);
}

TEST_F(GroupCommitTest, CallerLeavesAtItsDeadlineWhileTheDiskHangs) {
  hang();
  const SpoolResult<void> result = append_within(milliseconds(20), "in flight");
  ASSERT_EQ(disk_faults.running_syncs, 1) << "the disk hangs still";
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().failure, SpoolFailure::kTimedOut);
  EXPECT_THAT(result.error().message,
              AllOf(HasSubstr(spool_), HasSubstr("syncTimeout= on PlivoSpool")));
  go_on();
  ASSERT_TRUE(append("later").ok());
  EXPECT_THAT(payloads(), ElementsAre("first", "in flight", "later"))
      << "it may become durable all the same";
}

TEST_F(GroupCommitTest, WhoLeavesTheQueueIsNotWritten) {
  hang();
  start_and_wait_for_sync("in flight");
  const SpoolResult<void> result = append_within(milliseconds(20), "gave up");
  ASSERT_EQ(result.error().failure, SpoolFailure::kTimedOut);
  go_on();
  ASSERT_TRUE(append("later").ok());
  EXPECT_THAT(payloads(), ElementsAre("first", "in flight", "later"));
}

TEST_F(GroupCommitTest, DeadlineInThePastFailsAtOnce) {
  hang();
  EXPECT_EQ(append_within(milliseconds(-1), "late").error().failure, SpoolFailure::kTimedOut);
  EXPECT_EQ(append_within(-kLong, "late").error().failure, SpoolFailure::kTimedOut);
}

TEST_F(GroupCommitTest, WithoutDeadlineTheOptionHolds) {
  open_writer({.sync_timeout = milliseconds(20)});
  ASSERT_TRUE(eventually([&] { return append("slow machine").ok(); }));
  hang();
  EXPECT_EQ(append("in flight").error().failure, SpoolFailure::kTimedOut);
}

TEST_F(GroupCommitTest, DiskThatHangsHoldsOnlySoManyCallers) {
  open_writer({.sync_timeout = milliseconds(100), .most_waiting_for_stalled_disk = 3});
  ASSERT_TRUE(eventually([&] { return append("slow machine").ok(); }));
  hang();
  std::vector<std::future<SpoolResult<void>>> waiting;
  for (int i = 0; i < 3; ++i) {
    waiting.push_back(std::async(std::launch::async, [this, i] {
      return append_within(kLong, "patient " + std::to_string(i));
    }));
  }
  SpoolResult<void> refused;
  ASSERT_TRUE(eventually([&] {
    refused = append_within(milliseconds(1), "more");
    return refused.error().failure == SpoolFailure::kOverloaded;
  }));
  ASSERT_EQ(disk_faults.running_syncs, 1) << "the disk hangs still";
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr(spool_), HasSubstr("3 events wait"), HasSubstr("does not answer")));
  EXPECT_EQ(append_within(kLong, "more").error().failure, SpoolFailure::kOverloaded);
  go_on();
  for (auto& one : waiting) EXPECT_TRUE(one.get().ok());
  EXPECT_TRUE(eventually([&] { return append_within(kLong, "again").ok(); }));
}

// As the processes of httpd's prefork, each of which has one thread.
TEST_F(GroupCommitTest, WriterWithoutThreadsToSpareWaitsForAHungDiskOnce) {
  StallNotice notice;
  const SpoolOptions options{.sync_timeout = milliseconds(100),
                             .most_waiting_for_stalled_disk = 0,
                             .stall_notice = &notice};
  open_writer(options);
  ASSERT_TRUE(eventually([&] { return append("slow machine").ok(); }));
  Result<std::unique_ptr<SpoolWriter>> other = SpoolWriter::open(spool_, options);
  ASSERT_TRUE(other.ok());
  ASSERT_TRUE(eventually([&] { return (*other)->append("slow machine").ok(); }));
  hang();
  EXPECT_EQ(append("first").error().failure, SpoolFailure::kTimedOut);
  const auto later = [] { return std::chrono::steady_clock::now() + kLong; };
  EXPECT_EQ((*other)->append("other", later()).error().failure, SpoolFailure::kOverloaded);
  EXPECT_EQ(append_within(kLong, "second").error().failure, SpoolFailure::kOverloaded);
  go_on();
  EXPECT_TRUE(eventually([&] { return append_within(kLong, "again").ok(); }));
  EXPECT_TRUE(eventually([&] { return (*other)->append("again", later()).ok(); }));
}

TEST_F(GroupCommitTest, CallerLeavesAtItsDeadlineWhileTheFirstSegmentIsBeingMade) {
  writer_.reset();
  disk_faults.hold_allocations = true;
  open_writer();
  EXPECT_EQ(append_within(milliseconds(20), "early").error().failure, SpoolFailure::kTimedOut);
  disk_faults.hold_allocations = false;
  EXPECT_TRUE(append("later").ok());
}

TEST_F(GroupCommitTest, WaitsForASpareThatIsBeingMade) {
  disk_faults.hold_allocations = true;
  const std::string large(500 * 1024, 'x');
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(append(large).ok()) << "two in each of two segments";
  auto& next = start(large);
  EXPECT_EQ(next.wait_for(milliseconds(20)), std::future_status::timeout);
  disk_faults.hold_allocations = false;
  EXPECT_TRUE(next.get().ok());
}

TEST_F(GroupCommitTest, AllOfABatchThatFailedGoToTheSpare) {
  constexpr std::size_t kWaiting = 10;
  hang();
  start_and_wait_for_sync("in flight");
  for (std::size_t i = 0; i < kWaiting; ++i) start(std::to_string(i));
  disk_faults.failing_syncs = 1;
  go_on();
  for (auto& one : running_) EXPECT_TRUE(one.get().ok());
  EXPECT_EQ(used_segments().size(), 2u);
  EXPECT_EQ(payloads().size(), 2 + kWaiting);
}

TEST_F(GroupCommitTest, AllOfABatchThatFailedTwiceAreRefused) {
  hang();
  start_and_wait_for_sync("in flight");
  for (int i = 0; i < 10; ++i) start(std::to_string(i));
  disk_faults.failing_syncs = 1'000'000;
  go_on();
  for (auto& one : running_) EXPECT_EQ(one.get().error().failure, SpoolFailure::kFailed);
  EXPECT_THAT(payloads(), ElementsAre("first"));
}

TEST_F(GroupCommitTest, FullDiskRefusesOnlyWhomTheSegmentHasNoRoomFor) {
  disk_faults.full_allocations = 1'000'000;
  const std::string large(500 * 1024, 'x');
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(append(large).ok()) << "two in each of two segments";
  for (int round = 0; round < 10; ++round) {
    hang();
    start_and_wait_for_sync("in flight");
    auto& no_room = start(large);
    auto& room = start("small");
    go_on();
    EXPECT_EQ(no_room.get().error().failure, SpoolFailure::kFull);
    EXPECT_TRUE(room.get().ok());
  }
}

TEST_F(GroupCommitTest, BatchThatDoesNotFitIsDivided) {
  hang();
  start_and_wait_for_sync("in flight");
  for (int i = 0; i < 9; ++i) start(std::to_string(i) + std::string(400 * 1024, 'x'));
  go_on();
  for (auto& one : running_) EXPECT_TRUE(one.get().ok());
  EXPECT_EQ(payloads().size(), 11u);
  EXPECT_EQ(used_segments().size(), 5u) << "two in each";
}

}  // namespace
}  // namespace plivo_dial
