// SPDX-License-Identifier: Apache-2.0
// What a writer leaves in the spool, event by event.
#include "lib/spool/spool_writer.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "tests/unit/spool/writer_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SpoolWriterTest : public WriterTest {};

TEST_F(SpoolWriterTest, PreallocatesSegmentsOfOneMebibyteForOwnerAndGroup) {
  ASSERT_TRUE(append("one").ok());
  wait_for_segments(2);
  for (const std::string& name : segments()) {
    struct stat status {};
    ASSERT_EQ(stat(path_of(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_size, 1024 * 1024);
    EXPECT_GE(status.st_blocks * 512, status.st_size);
    EXPECT_EQ(status.st_mode & 07027, 0u);
  }
  struct stat status {};
  ASSERT_EQ(stat((spool_ + "/in").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0750u);
}

TEST_F(SpoolWriterTest, SyncsEachEventBeforeItReturns) {
  ASSERT_TRUE(append("one").ok());
  EXPECT_EQ(disk_faults.syncs, 1);
  ASSERT_TRUE(append("two").ok());
  EXPECT_EQ(disk_faults.syncs, 2);
  EXPECT_THAT(payloads(), ElementsAre("one", "two"));
}

TEST_F(SpoolWriterTest, GoesToTheSpareWhenItsSegmentWasRemoved) {
  ASSERT_TRUE(append("read by nobody").ok());
  const std::vector<std::string> used = used_segments();
  ASSERT_EQ(used.size(), 1u);
  std::filesystem::remove(path_of(used[0]));
  ASSERT_TRUE(append("one").ok());
  EXPECT_THAT(payloads(), ElementsAre("one"));
}

TEST_F(SpoolWriterTest, MakesTheDirectoryAgainWhenItWasMoved) {
  ASSERT_TRUE(append("one").ok());
  wait_for_segments(2);
  std::filesystem::rename(spool_ + "/in", spool_ + "/old");
  ASSERT_TRUE(append("two").ok());
  EXPECT_THAT(payloads(), ElementsAre("two"));
}

TEST_F(SpoolWriterTest, SealsItsSegmentAndRemovesTheSpareWhenItEnds) {
  ASSERT_TRUE(append("one").ok());
  wait_for_segments(2);
  EXPECT_EQ(scan(segments()[0]).state, SegmentState::kOpen);
  EXPECT_EQ(scan(segments()[1]).state, SegmentState::kOpen);
  writer_.reset();
  ASSERT_EQ(segments().size(), 1u);
  EXPECT_EQ(scan(segments()[0]).state, SegmentState::kSealed);
}

TEST_F(SpoolWriterTest, GivesBackWhatItsSegmentDoesNotHoldWhenItEnds) {
  ASSERT_TRUE(append(std::string(5000, 'x')).ok());
  writer_.reset();
  ASSERT_EQ(segments().size(), 1u);
  const SegmentScan all = scan(segments()[0]);
  struct stat status {};
  ASSERT_EQ(stat(path_of(segments()[0]).c_str(), &status), 0);
  EXPECT_EQ(static_cast<std::size_t>(status.st_size), all.used);
  EXPECT_LE(status.st_blocks * 512, 8192);
}

TEST_F(SpoolWriterTest, LeavesNoFileWhenItHadNoEvent) {
  for (int i = 0; i < 20; ++i) open_writer();
  writer_.reset();
  EXPECT_THAT(segments(), IsEmpty());
  EXPECT_EQ(unfinished(), 0u);
}

TEST_F(SpoolWriterTest, TakesNewNameForEachWriterOfOneProcess) {
  ASSERT_TRUE(append("one").ok());
  open_writer();
  ASSERT_TRUE(append("two").ok());
  writer_.reset();
  EXPECT_EQ(segments().size(), 2u);
  EXPECT_THAT(payloads(), testing::UnorderedElementsAre("one", "two"));
}

TEST_F(SpoolWriterTest, RefusesPayloadsThatDoNotFit) {
  const SpoolResult<void> empty = append("");
  EXPECT_THAT(empty.error().message, HasSubstr("0 bytes"));
  EXPECT_EQ(empty.error().failure, SpoolFailure::kUnfit);
  EXPECT_TRUE(append(std::string(kMaxSpoolPayload, 'x')).ok());
  const SpoolResult<void> large = append(std::string(kMaxSpoolPayload + 1, 'x'));
  EXPECT_THAT(large.error().message, HasSubstr("524289 bytes"));
  EXPECT_EQ(large.error().failure, SpoolFailure::kUnfit);
}

TEST_F(SpoolWriterTest, GoesOverToTheSpareWhenASegmentIsFull) {
  constexpr std::size_t kEvents = 27;
  for (std::size_t i = 0; i < kEvents; ++i) {
    ASSERT_TRUE(append(std::to_string(i) + std::string(300 * 1024, 'x')).ok());
  }
  const std::vector<std::string> names = used_segments();
  ASSERT_EQ(names.size(), kEvents / 3);
  for (std::size_t i = 0; i + 1 < names.size(); ++i) {
    EXPECT_EQ(scan(names[i]).state, SegmentState::kSealed) << names[i];
  }
  EXPECT_EQ(scan(names.back()).state, SegmentState::kOpen);
}

TEST_F(SpoolWriterTest, EventsComeInTheOrderInWhichTheyWereAccepted) {
  std::vector<std::string> accepted;
  for (int i = 0; i < 40; ++i) {  // over more than ten segments, whose numbers have two digits
    accepted.push_back(std::to_string(i) + std::string(300 * 1024, 'x'));
    ASSERT_TRUE(append(accepted.back()).ok());
  }
  EXPECT_EQ(payloads(), accepted);
  std::uint64_t last = 0;
  for (const std::string& name : used_segments()) {
    for (const SegmentFrame& frame : scan(name).frames) {
      EXPECT_GT(frame.sequence, last);
      last = frame.sequence;
    }
  }
}

// Readers would take a second file of that name for the first, which they are through with.
TEST_F(SpoolWriterTest, NoSegmentGetsTheNameOfASpareThatIsGone) {
  ASSERT_TRUE(append("one").ok());
  wait_for_segments(2);
  const std::vector<std::string> before = segments();
  const std::vector<std::string> used = used_segments();
  writer_.reset();
  ASSERT_EQ(segments(), used);
  open_writer();
  ASSERT_TRUE(append("two").ok());
  wait_for_segments(3);
  for (const std::string& name : segments()) {
    if (name == used[0]) continue;
    EXPECT_THAT(before, testing::Not(testing::Contains(name)));
  }
}

TEST_F(SpoolWriterTest, TellsWhatIsWrongWithTheDirectoryAndRecovers) {
  writer_.reset();
  std::filesystem::remove_all(spool_);
  open_writer();
  const SpoolResult<void> missing = append("one");
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("/in': No such file"));
  EXPECT_EQ(missing.error().failure, SpoolFailure::kFailed);
  std::filesystem::create_directory(spool_);
  EXPECT_TRUE(eventually([&] { return append("two").ok(); }));
  EXPECT_THAT(payloads(), ElementsAre("two"));
}

TEST_F(SpoolWriterTest, RefusesInForkedProcessAndLeavesSegmentsAlone) {
  ASSERT_TRUE(append("before").ok());
  wait_for_segments(2);
  const pid_t child = fork();
  if (child == 0) {
    const SpoolResult<void> result = append("from the child");
    const bool refused = !result.ok() && result.error().failure == SpoolFailure::kForkedCopy;
    writer_.reset();
    _exit(refused ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(segments().size(), 2u);
  for (const std::string& name : segments()) EXPECT_EQ(scan(name).state, SegmentState::kOpen);
  ASSERT_TRUE(append("from the parent").ok());
  EXPECT_THAT(payloads(), ElementsAre("before", "from the parent"));
}

TEST_F(SpoolWriterTest, TakesEventsOfManyThreads) {
  constexpr int kThreads = 25;
  constexpr int kEach = 200;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([this, t] {
      for (int i = 0; i < kEach; ++i) {
        EXPECT_TRUE(
            append(std::to_string(t) + "/" + std::to_string(i) + std::string(1200, '.')).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> all = payloads();
  const std::set<std::string> different(all.begin(), all.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(different.size(), all.size());
}

// The mask of the thread `name` of this process, as proc(5) shows it; 0 when there is none.
std::uint64_t blocked_signals(const std::string& name) {
  std::uint64_t blocked = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream status(task.path() / "status");
    std::string line;
    bool is_it = false;
    while (std::getline(status, line)) {
      if (line == "Name:\t" + name) is_it = true;
      if (is_it && line.starts_with("SigBlk:")) blocked = std::stoull(line.substr(7), nullptr, 16);
    }
  }
  return blocked;
}

// httpd's handlers must run in httpd's threads.
TEST_F(SpoolWriterTest, ItsThreadsTakeNoSignals) {
  ASSERT_TRUE(append("one").ok());
  for (const char* name : {"plivo-spool", "plivo-spare"}) {
    for (const int number : {SIGHUP, SIGTERM, SIGUSR1, SIGCHLD, SIGWINCH, SIGALRM}) {
      EXPECT_NE(blocked_signals(name) & (1ull << (number - 1)), 0u) << name << " " << number;
    }
    EXPECT_EQ(blocked_signals(name) & (1ull << (SIGSEGV - 1)), 0u) << name;
  }
}

}  // namespace
}  // namespace plivo_dial
