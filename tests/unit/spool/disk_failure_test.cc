// SPDX-License-Identifier: Apache-2.0
// What a writer does when the disk fails or is full.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/unit/spool/writer_fixture.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DiskFailureTest : public WriterTest {
 protected:
  const std::string tenth_of_mebibyte_ = std::string(104'000, 'x');
};

TEST_F(DiskFailureTest, NeverSyncsSegmentAgainWhoseSyncFailed) {
  ASSERT_TRUE(append("one").ok());
  disk_faults.failing_syncs = 1;
  ASSERT_TRUE(append("two").ok());
  EXPECT_EQ(disk_faults.syncs, 3) << "one for each: good, failed, spare";
  const std::vector<std::string> names = used_segments();
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(scan(names[0]).state, SegmentState::kSealed);
  EXPECT_EQ(scan(names[0]).frames.size(), 1u) << "what was not accepted is cut off";
  EXPECT_TRUE(scan(names[0]).is_cut) << "and who read it before is told";
  EXPECT_FALSE(scan(names[1]).is_cut);
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
}

TEST_F(DiskFailureTest, GivesUpWhenTheSpareFailsTooAndRecovers) {
  disk_faults.failing_syncs = 2;
  const SpoolResult<void> failed = append("lost");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().failure, SpoolFailure::kFailed);
  EXPECT_THAT(failed.error().message, AllOf(HasSubstr("Input/output error"), HasSubstr(spool_)));
  EXPECT_TRUE(eventually([&] { return append("later").ok(); }));
  EXPECT_THAT(payloads(), ElementsAre("later"));
}

TEST_F(DiskFailureTest, LeavesADiskAloneThatHasJustFailedTwice) {
  disk_faults.failing_syncs = 1'000'000;
  ASSERT_FALSE(append("lost").ok());
  int refused_without_sync = 0;
  const int before = disk_faults.syncs;
  ASSERT_EQ(before, 2);
  while (disk_faults.syncs == before) {
    ASSERT_FALSE(append("lost").ok());
    ++refused_without_sync;
  }
  EXPECT_GT(refused_without_sync, 1) << "the last of them was followed by a sync";
}

// A dispatcher may have read them before: to it, a file that is gone was removed by somebody.
TEST_F(DiskFailureTest, LeavesCutFilesWhileTheDiskFails) {
  disk_faults.failing_syncs = 1'000'000;
  ASSERT_FALSE(append("lost").ok());
  ASSERT_TRUE(eventually([&] {
    EXPECT_FALSE(append("lost").ok());
    return disk_faults.syncs >= 4;
  }));
  disk_faults.failing_syncs = 0;
  writer_.reset();
  EXPECT_EQ(segments().size(), static_cast<std::size_t>(disk_faults.syncs));
  for (const std::string& name : segments()) {
    EXPECT_TRUE(scan(name).is_cut);
    EXPECT_THAT(scan(name).frames, IsEmpty());
    EXPECT_LT(std::filesystem::file_size(spool_ + "/in/" + name), 100u);
  }
}

TEST_F(DiskFailureTest, GoesToTheSpareWhenAWriteFails) {
  ASSERT_TRUE(append("one").ok());
  disk_faults.failing_writes = 1;
  ASSERT_TRUE(append("two").ok());
  EXPECT_EQ(used_segments().size(), 2u);
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
}

TEST_F(DiskFailureTest, ResumesShortAndInterruptedCalls) {
  ASSERT_TRUE(append("one").ok());
  disk_faults.short_writes = 3;
  disk_faults.interrupted_writes = 100;
  disk_faults.interrupted_syncs = 100;
  ASSERT_TRUE(append("two, which is long enough to be cut").ok());
  EXPECT_EQ(disk_faults.short_writes, 2) << "the rest does not begin as a frame does";
  EXPECT_EQ(used_segments().size(), 1u);
  EXPECT_THAT(payloads(), ElementsAre("one", "two, which is long enough to be cut"));
}

TEST_F(DiskFailureTest, GoesToTheSpareWhenNothingIsWritten) {
  ASSERT_TRUE(append("one").ok());
  disk_faults.empty_writes = 1;
  ASSERT_TRUE(append("two").ok());
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
  disk_faults.empty_writes = 3;  // of the event, of the mark behind it, and of the event again
  EXPECT_THAT(append("three").error().message, HasSubstr("bytes were taken"));
}

// Two segments of 1 MiB, of which nothing is used yet.
TEST_F(DiskFailureTest, AcceptsWhatSegmentAndSpareHoldWhenTheDiskIsFull) {
  ASSERT_TRUE(append("one").ok());
  wait_for_segments(2);
  disk_faults.full_allocations = 1'000'000;
  std::size_t accepted = 1;
  while (append(tenth_of_mebibyte_).ok()) ++accepted;
  EXPECT_EQ(accepted, 1u + 20u);
  const SpoolResult<void> full = append(tenth_of_mebibyte_);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().failure, SpoolFailure::kFull);
  EXPECT_THAT(full.error().message, AllOf(HasSubstr("No space left on device"), HasSubstr(spool_)));
  EXPECT_TRUE(append("small").ok()) << "where a large one has no room";
  disk_faults.full_allocations = 0;
  EXPECT_TRUE(eventually([&] { return append(tenth_of_mebibyte_).ok(); }));
  EXPECT_EQ(payloads().size(), accepted + 2);
}

TEST_F(DiskFailureTest, FullDiskFromTheStartIsToldAndLeftByItself) {
  writer_.reset();
  disk_faults.full_allocations = 1'000'000;
  open_writer();
  EXPECT_EQ(append("one").error().failure, SpoolFailure::kFull);
  EXPECT_EQ(unfinished(), 0u);
  disk_faults.full_allocations = 0;
  EXPECT_TRUE(eventually([&] { return append("two").ok(); }));
}

TEST_F(DiskFailureTest, MakesNoSegmentBelowMinFree) {
  open_writer({.min_free = UINT64_MAX, .sync_timeout = kLong});
  const SpoolResult<void> refused = append("one");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().failure, SpoolFailure::kFull);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr(spool_), HasSubstr("MiB free"), HasSubstr("17592186044415 MiB"),
                    HasSubstr("minFree=")));
  open_writer({.min_free = 1, .sync_timeout = kLong});
  EXPECT_TRUE(append("one").ok());
}

// Opens files until the process may have no more.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &former_);
    rlimit few = former_;
    few.rlim_cur = 200;
    setrlimit(RLIMIT_NOFILE, &few);
    take_all();
  }
  ~NoDescriptors() {
    for (const int file : files_) close(file);
    setrlimit(RLIMIT_NOFILE, &former_);
  }
  // Those too that have become free since.
  void take_all() {
    for (int file = 0; file >= 0;) {
      file = open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (file >= 0) files_.push_back(file);
    }
  }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit former_{};
  std::vector<int> files_;
};

TEST_F(DiskFailureTest, UsesWhatItHasOpenWhenThereAreNoDescriptors) {
  ASSERT_TRUE(append("one").ok());
  wait_for_segments(2);
  {
    NoDescriptors none;
    std::size_t accepted = 0;
    for (; append(tenth_of_mebibyte_).ok(); ++accepted) none.take_all();
    EXPECT_GE(accepted, 20u);
    const SpoolResult<void> failed = append(tenth_of_mebibyte_);
    EXPECT_EQ(failed.error().failure, SpoolFailure::kFailed);
    EXPECT_THAT(failed.error().message, HasSubstr("Too many open files"));
  }
  EXPECT_TRUE(eventually([&] { return append(tenth_of_mebibyte_).ok(); }));
}

}  // namespace
}  // namespace plivo_dial
