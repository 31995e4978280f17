// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_writer.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <thread>

#include "lib/spool/segment_format.h"
#include "tests/unit/spool/spool_fixture.h"

namespace plivo_dial {
DiskFaults disk_faults;
}

extern "C" {
ssize_t __real_pwrite(int, const void*, size_t, off_t);
int __real_fdatasync(int);
int __real_posix_fallocate(int, off_t, off_t);

ssize_t __wrap_pwrite(int file, const void* bytes, size_t length, off_t offset) {
  if (plivo_dial::disk_faults.failing_writes > 0) {
    --plivo_dial::disk_faults.failing_writes;
    errno = ENOSPC;
    return -1;
  }
  if (plivo_dial::disk_faults.short_writes > 0) {
    --plivo_dial::disk_faults.short_writes;
    return __real_pwrite(file, bytes, length / 2, offset);
  }
  return __real_pwrite(file, bytes, length, offset);
}

int __wrap_fdatasync(int file) {
  ++plivo_dial::disk_faults.syncs;
  if (plivo_dial::disk_faults.failing_syncs > 0) {
    --plivo_dial::disk_faults.failing_syncs;
    errno = EIO;
    return -1;
  }
  return __real_fdatasync(file);
}

int __wrap_posix_fallocate(int file, off_t offset, off_t length) {
  if (plivo_dial::disk_faults.full_allocations > 0) {
    --plivo_dial::disk_faults.full_allocations;
    return ENOSPC;
  }
  return __real_posix_fallocate(file, offset, length);
}
}

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SpoolWriterTest : public SpoolTest {
 protected:
  void SetUp() override {
    SpoolTest::SetUp();
    disk_faults = {};
    writer_ = open_writer();
  }
  void TearDown() override {
    disk_faults = {};
    writer_.reset();
    SpoolTest::TearDown();
  }

  std::unique_ptr<SpoolWriter> open_writer() {
    Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
    EXPECT_TRUE(writer.ok()) << writer.error().message;
    return writer ? std::move(*writer) : nullptr;
  }

  std::unique_ptr<SpoolWriter> writer_;
};

TEST_F(SpoolWriterTest, PreallocatesSegmentOfOneMebibyteForOwnerAndGroup) {
  ASSERT_EQ(segments().size(), 1u);
  struct stat status {};
  ASSERT_EQ(stat(path_of(segments()[0]).c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 1024 * 1024);
  EXPECT_GE(status.st_blocks * 512, status.st_size);
  EXPECT_EQ(status.st_mode & 07027, 0u);
  ASSERT_EQ(stat((spool_ + "/in").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0750u);
}

TEST_F(SpoolWriterTest, LeavesNoUnfinishedFile) {
  for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
    EXPECT_EQ(entry.path().extension(), ".seg") << entry.path();
  }
}

TEST_F(SpoolWriterTest, SyncsEachFrameBeforeItReturns) {
  ASSERT_TRUE(writer_->append("one").ok());
  EXPECT_EQ(disk_faults.syncs, 1);
  ASSERT_TRUE(writer_->append("two").ok());
  EXPECT_EQ(disk_faults.syncs, 2);
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
}

TEST_F(SpoolWriterTest, OpensAnotherSegmentWhenItsOwnWasRemoved) {
  ASSERT_TRUE(writer_->append("read by nobody").ok());
  std::filesystem::remove(path_of(segments()[0]));
  ASSERT_TRUE(writer_->append("one").ok());
  EXPECT_THAT(payloads(), ElementsAre("one"));
  std::filesystem::rename(spool_ + "/in", spool_ + "/old");
  ASSERT_TRUE(writer_->append("two").ok());
  EXPECT_THAT(payloads(), ElementsAre("two"));
}

TEST_F(SpoolWriterTest, SealsWhenItEnds) {
  ASSERT_TRUE(writer_->append("one").ok());
  EXPECT_EQ(scan(segments()[0]).state, SegmentState::kOpen);
  writer_.reset();
  EXPECT_EQ(scan(segments()[0]).state, SegmentState::kSealed);
}

TEST_F(SpoolWriterTest, TakesNewNameForEachWriterOfOneProcess) {
  ASSERT_TRUE(writer_->append("one").ok());
  writer_.reset();
  writer_ = open_writer();
  ASSERT_TRUE(writer_->append("two").ok());
  EXPECT_EQ(segments().size(), 2u);
  EXPECT_THAT(payloads(), testing::UnorderedElementsAre("one", "two"));
}

TEST_F(SpoolWriterTest, RefusesPayloadsThatDoNotFit) {
  EXPECT_THAT(writer_->append("").error().message, HasSubstr("0 bytes"));
  EXPECT_TRUE(writer_->append(std::string(kMaxSpoolPayload, 'x')).ok());
  EXPECT_THAT(writer_->append(std::string(kMaxSpoolPayload + 1, 'x')).error().message,
              HasSubstr("524289 bytes"));
}

TEST_F(SpoolWriterTest, GoesOverToNewSegmentWhenOneIsFull) {
  constexpr std::size_t kEvents = 9;
  for (std::size_t i = 0; i < kEvents; ++i) {
    ASSERT_TRUE(writer_->append(std::to_string(i) + std::string(300 * 1024, 'x')).ok());
  }
  const std::vector<std::string> names = segments();
  ASSERT_EQ(names.size(), 3u);
  EXPECT_EQ(scan(names[0]).state, SegmentState::kSealed);
  EXPECT_EQ(scan(names[1]).state, SegmentState::kSealed);
  EXPECT_EQ(scan(names[2]).state, SegmentState::kOpen);
  EXPECT_EQ(payloads().size(), kEvents);
}

TEST_F(SpoolWriterTest, NeverSyncsSegmentAgainWhoseSyncFailed) {
  ASSERT_TRUE(writer_->append("one").ok());
  disk_faults.failing_syncs = 1;
  ASSERT_TRUE(writer_->append("two").ok());
  EXPECT_EQ(disk_faults.syncs, 3) << "one for each: good, failed, fresh segment";
  const std::vector<std::string> names = segments();
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(scan(names[0]).state, SegmentState::kWriterDead);
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
}

TEST_F(SpoolWriterTest, GivesUpWhenFreshSegmentFailsTooAndRecovers) {
  disk_faults.failing_syncs = 2;
  const Result<void> failed = writer_->append("lost");
  ASSERT_FALSE(failed.ok());
  EXPECT_THAT(failed.error().message, HasSubstr("Input/output error"));
  EXPECT_THAT(failed.error().message, HasSubstr(spool_));
  ASSERT_TRUE(writer_->append("later").ok());
  EXPECT_THAT(payloads(), ElementsAre("later"));
}

TEST_F(SpoolWriterTest, MovesToFreshSegmentAfterShortWrite) {
  ASSERT_TRUE(writer_->append("one").ok());
  disk_faults.short_writes = 1;
  ASSERT_TRUE(writer_->append("two").ok());
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
}

TEST_F(SpoolWriterTest, TellsShortWriteThatStays) {
  disk_faults.short_writes = 10;
  EXPECT_THAT(writer_->append("event").error().message, HasSubstr("bytes were taken"));
}

TEST_F(SpoolWriterTest, NeedsNoSpaceForEventsInPreallocatedSegment) {
  disk_faults.full_allocations = 1000;
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(writer_->append(std::string(1200, 'x')).ok()) << i;
}

TEST_F(SpoolWriterTest, TellsFullDiskAndRecovers) {
  disk_faults.full_allocations = 2;
  const std::string half(kMaxSpoolPayload, 'x');
  ASSERT_TRUE(writer_->append(half).ok());
  const Result<void> full = writer_->append(half);
  ASSERT_FALSE(full.ok());
  EXPECT_THAT(full.error().message, HasSubstr("No space left on device"));
  EXPECT_FALSE(writer_->append("small").ok());
  EXPECT_TRUE(writer_->append("again").ok());
  EXPECT_THAT(payloads(), ElementsAre(half, "again"));
}

TEST_F(SpoolWriterTest, TellsWhenItCannotOpen) {
  disk_faults.full_allocations = 1;
  EXPECT_THAT(SpoolWriter::open(spool_).error().message, HasSubstr("No space left"));
  EXPECT_THAT(SpoolWriter::open(spool_ + "/missing").error().message,
              HasSubstr("missing/in': No such file"));
}

TEST_F(SpoolWriterTest, RefusesInForkedProcessAndLeavesSegmentAlone) {
  const pid_t child = fork();
  if (child == 0) {
    const bool refused = !writer_->append("from the child").ok();
    writer_.reset();
    _exit(refused ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(scan(segments()[0]).state, SegmentState::kOpen);
  ASSERT_TRUE(writer_->append("from the parent").ok());
  EXPECT_THAT(payloads(), ElementsAre("from the parent"));
}

TEST_F(SpoolWriterTest, TakesEventsOfManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(writer_->append(std::to_string(t) + "/" + std::to_string(i)).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> all = payloads();
  const std::set<std::string> different(all.begin(), all.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(different.size(), all.size());
}

}  // namespace
}  // namespace plivo_dial
