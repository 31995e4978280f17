// SPDX-License-Identifier: Apache-2.0
// A disk that fails, lies, is slow or hangs (tests/fault/disk_shim.c). Promise: no event is
// accepted that is not in the spool, no caller waits beyond its deadline, and all is well again
// when the disk is.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "tests/fault/fault_test.h"
#include "tests/fault/writer_process.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;

class FailingDiskTest : public FaultTest {
 protected:
  // Ends the writer in good order and holds the spool against what was accepted.
  void expect_kept(WriterProcess& writer) {
    EXPECT_EQ(writer.stop(), 0);
    const SpoolContents contents = read_spool(spool_);
    expect_all_there(writer.acks(), contents);
    EXPECT_THAT(contents.bad_ranges, testing::IsEmpty());
  }

  // Events that were written where they may be lost: to a file whose sync had failed, or while the
  // last sync of a directory had.
  std::vector<std::string> careless_syncs() const {
    std::istringstream calls(read_all(scratch_ + "/calls"));
    std::set<std::string> failed;
    std::vector<std::string> careless;
    bool any_failed = false;
    std::string pid, call, path;
    for (long result = 0; calls >> pid >> call >> path >> result;) {
      const bool is_directory = !path.ends_with(".tmp");  // the name under which a file was made
      if (call == "fdatasync") {
        const bool unsafe = std::any_of(failed.begin(), failed.end(), [&](const std::string& one) {
          return one == path || !one.ends_with(".tmp");
        });
        if (unsafe) careless.push_back(path);
      }
      if (call != "fdatasync" && call != "fsync") continue;
      any_failed = any_failed || result != 0;
      if (result != 0) failed.insert(path);
      if (result == 0 && is_directory) failed.erase(path);
    }
    EXPECT_TRUE(any_failed) << "no sync failed at all";
    return careless;
  }

  std::size_t count_in_calls(const std::string& text) const {
    const std::string calls = read_all(scratch_ + "/calls");
    std::size_t count = 0;
    for (std::size_t at = calls.find(text); at != std::string::npos;
         at = calls.find(text, at + 1)) {
      ++count;
    }
    return count;
  }
};

TEST_F(FailingDiskTest, SyncThatFailsNowAndThenCostsNoEvent) {
  WriterProcess writer(spool_, scratch_, {.threads = 8}, true);
  std::size_t accepted = 0;
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(writer.accepts(50, accepted));
    accepted = writer.accepted();
    writer.rules().set("fdatasync 2 1 fail EIO\n");
  }
  ASSERT_TRUE(writer.accepts(50, accepted));
  expect_kept(writer);
  EXPECT_EQ(writer.accepted(), writer.acks().size()) << "the spare took what the segment did not";
  EXPECT_THAT(careless_syncs(), testing::IsEmpty());
}

TEST_F(FailingDiskTest, NothingIsAcceptedWhileEverySyncFails) {
  WriterProcess writer(spool_, scratch_, {.threads = 8}, true);
  ASSERT_TRUE(writer.accepts(50));
  writer.rules().set("fdatasync 1 * fail EIO\nfsync 1 * fail EIO\n");
  ASSERT_TRUE(writer.refuses(SpoolFailure::kFailed));
  // What was synced before may be told by another thread a moment later.
  std::this_thread::sleep_for(milliseconds(100));
  const std::size_t accepted = writer.accepted();
  const std::size_t tried = writer.acks().size();
  for (int i = 0; i < 100; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
    ASSERT_EQ(writer.accepted(), accepted);
  }
  EXPECT_GT(writer.acks().size(), tried) << "refused, not held";
  writer.rules().set("");
  ASSERT_TRUE(writer.accepts(50, accepted));
  expect_kept(writer);
  EXPECT_THAT(careless_syncs(), testing::IsEmpty());
}

TEST_F(FailingDiskTest, WriteErrorGoesToTheSpare) {
  WriterProcess writer(spool_, scratch_, {.threads = 8}, true);
  ASSERT_TRUE(writer.accepts(50));
  writer.rules().set("pwrite 2 1 fail EIO\npwrite 20 1 fail EROFS\npwrite 40 1 fail ENOSPC\n");
  ASSERT_TRUE(writer.accepts(500, writer.accepted()));
  expect_kept(writer);
  EXPECT_GE(count_in_calls(" -1\n"), 3u);
}

TEST_F(FailingDiskTest, ShortWritesAndInterruptionsAreResumed) {
  WriterProcess writer(spool_, scratch_, {.threads = 8}, true);
  ASSERT_TRUE(writer.accepts(50));
  writer.rules().set("pwrite 1 * short\n");
  ASSERT_TRUE(writer.accepts(50, writer.accepted()));
  writer.rules().set("pwrite 1 200 fail EINTR\nfdatasync 1 200 fail EINTR\n");
  ASSERT_TRUE(writer.accepts(300, writer.accepted()));
  expect_kept(writer);
  EXPECT_EQ(writer.accepted(), writer.acks().size());
  EXPECT_GE(count_in_calls(" -1\n"), 400u);
}

TEST_F(FailingDiskTest, InterruptedReservationIsResumed) {
  std::ofstream(scratch_ + "/rules") << "posix_fallocate 1 50 fail EINTR\nfsync 1 20 fail EINTR\n";
  WriterProcess writer(spool_, scratch_, {}, true);
  ASSERT_TRUE(writer.accepts(50));
  expect_kept(writer);
}

// A segment counts only once it and its name are on the disk.
TEST_F(FailingDiskTest, SegmentWhoseSyncFailedIsNotUsed) {
  for (const int failing : {1, 2, 3}) {  // the spool, the file, its directory
    std::ofstream(scratch_ + "/rules") << "fsync " << failing << " 1 fail EIO\n";
    std::filesystem::remove(scratch_ + "/calls");
    WriterProcess writer(spool_, scratch_, {}, true);
    ASSERT_TRUE(writer.accepts(50));
    expect_kept(writer);
    EXPECT_THAT(careless_syncs(), testing::IsEmpty()) << failing;
    std::filesystem::remove_all(spool_ + "/in");
  }
}

TEST_F(FailingDiskTest, SlowDiskIsWaitedForWithinTheDeadline) {
  WriterProcess writer(spool_, scratch_, {.threads = 25});
  writer.rules().set("fdatasync 1 * delay 5\n");
  ASSERT_TRUE(writer.accepts(1000));
  writer.rules().set("fdatasync 1 * delay 1000\n");
  ASSERT_TRUE(writer.accepts(75, writer.accepted())) << "25 with each sync";
  writer.rules().set("");
  expect_kept(writer);
  EXPECT_EQ(writer.accepted(), writer.acks().size());
}

// The longest that anyone waited on a disk that hangs tells whether deadlines hold, since the hang
// lasts until all of them have passed. Without them it would never end.
TEST_F(FailingDiskTest, DiskThatHangsHoldsNobodyBeyondTheDeadline) {
  WriterProcess writer(spool_, scratch_, {.threads = 25, .patience = milliseconds(1000)});
  ASSERT_TRUE(writer.accepts(100));
  writer.rules().set("fdatasync 1 * hang\n");
  ASSERT_TRUE(writer.refuses(SpoolFailure::kTimedOut));
  ASSERT_TRUE(writer.refuses(SpoolFailure::kOverloaded)) << "25 wait, where 8 may";
  const std::size_t accepted = writer.accepted();
  const std::size_t answered = writer.acks().size();
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(writer.accepted(), accepted);
  EXPECT_GT(writer.acks().size(), answered) << "answered without the disk";
  writer.rules().set("");
  ASSERT_TRUE(writer.accepts(100, accepted));
  expect_kept(writer);
}

TEST_F(FailingDiskTest, HangWhileTheFirstSegmentIsMadeHoldsNobodyBeyondTheDeadline) {
  for (const char* call : {"posix_fallocate", "fsync"}) {
    std::ofstream(scratch_ + "/rules") << call << " 1 * hang\n";
    WriterProcess writer(spool_, scratch_, {.threads = 3, .patience = milliseconds(50)});
    ASSERT_TRUE(writer.refuses(SpoolFailure::kTimedOut));
    EXPECT_EQ(writer.accepted(), 0u);
    writer.rules().set("");
    ASSERT_TRUE(writer.accepts(10));
    expect_kept(writer);
    std::filesystem::remove_all(spool_ + "/in");
  }
}

}  // namespace
}  // namespace plivo_dial::test
