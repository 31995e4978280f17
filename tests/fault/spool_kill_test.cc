// SPDX-License-Identifier: Apache-2.0
// Promise: what append() accepted survives kill -9 of the writer at any moment, and no half event
// is ever read. PLIVO_DIAL_LONG_TESTS=1: a thousand kills.
#include <gmock/gmock.h>
#include <signal.h>

#include <random>
#include <thread>

#include "tests/fault/fault_test.h"
#include "tests/fault/writer_process.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

class SpoolKillTest : public FaultTest {
 protected:
  // What a dead writer never accepted may stand half at the end of its segment, and only there.
  void expect_harm_only_at_ends(const SpoolContents& contents) {
    for (const BadRange& range : contents.bad_ranges) EXPECT_TRUE(range.at_end) << range.offset;
  }
};

TEST_F(SpoolKillTest, LosesNothingThatWasAcceptedAtRandomMoments) {
  const int cycles = by_form(30, 1000);
  std::mt19937 random(4711);
  std::size_t accepted = 0;
  std::size_t torn = 0;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    WriterProcess writer(spool_, scratch_,
                         {.threads = cycle % 2 == 0 ? 25 : 1,
                          .size = cycle % 4 < 2 ? std::size_t{3000} : std::size_t{50'000}});
    ASSERT_TRUE(writer.accepts(1 + random() % 200));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    ASSERT_EQ(writer.kill(), 128 + SIGKILL) << "the writer must run until it is killed";
    const SpoolContents contents = read_spool(spool_);
    expect_all_there(writer.acks(), contents);
    expect_harm_only_at_ends(contents);
    accepted += writer.accepted();
    torn += contents.bad_ranges.size();
    std::filesystem::remove_all(spool_ + "/in");
    std::filesystem::remove(scratch_ + "/acks");
    ASSERT_FALSE(HasFailure()) << "cycle " << cycle;
  }
  RecordProperty("accepted", std::to_string(accepted));
  RecordProperty("torn", std::to_string(torn));
  std::cout << cycles << " kills, " << accepted << " events accepted, " << torn << " torn\n";
}

struct Moment {
  const char* call;
  const char* action;
};

void PrintTo(const Moment& moment, std::ostream* out) {
  *out << moment.call << " " << moment.action;
}

class SpoolKillMomentTest : public SpoolKillTest, public testing::WithParamInterface<Moment> {};

// Each step of making, filling, leaving and ending a segment, one after the other.
TEST_P(SpoolKillMomentTest, LosesNothingThatWasAccepted) {
  const Moment moment = GetParam();
  for (int number = 1; number <= 8; ++number) {
    std::ofstream(scratch_ + "/rules")
        << moment.call << " " << number << " 1 " << moment.action << "\n";
    // Large enough for a new segment with every few events.
    WriterProcess writer(spool_, scratch_, {.threads = 3, .size = 300'000});
    ASSERT_EQ(writer.wait(), 128 + SIGKILL) << moment.call << " " << number << " is never reached";
    const SpoolContents contents = read_spool(spool_);
    expect_all_there(writer.acks(), contents);
    expect_harm_only_at_ends(contents);
    ASSERT_FALSE(HasFailure()) << moment.call << " " << number;
    // The next writer goes on beside what is left.
    std::filesystem::remove(scratch_ + "/rules");
    WriterProcess next(spool_, scratch_, {});
    ASSERT_TRUE(next.accepts(1));
    ASSERT_EQ(next.stop(), 0);
    expect_all_there(next.acks(), read_spool(spool_));
    std::filesystem::remove_all(spool_ + "/in");
  }
}

INSTANTIATE_TEST_SUITE_P(EachStep, SpoolKillMomentTest,
                         testing::Values(Moment{"pwrite", "kill"}, Moment{"pwrite", "tear"},
                                         Moment{"pwrite", "kill-after"},
                                         Moment{"fdatasync", "kill"},
                                         Moment{"fdatasync", "kill-after"}, Moment{"fsync", "kill"},
                                         Moment{"fsync", "kill-after"},
                                         Moment{"posix_fallocate", "kill"},
                                         Moment{"posix_fallocate", "kill-after"}));

// MaxConnectionsPerChild and MaxRequestWorkers: children come and go, many at a time.
TEST_F(SpoolKillTest, ProcessesLeaveNoFileButWhatHoldsEvents) {
  const int processes = by_form(24, 256);
  std::vector<std::unique_ptr<WriterProcess>> writers;
  for (int i = 0; i < processes; ++i) {
    writers.push_back(
        std::make_unique<WriterProcess>(spool_, scratch_, WriterOptions{.threads = 1}));
  }
  for (const auto& writer : writers) ASSERT_TRUE(writer->accepts(1));
  std::vector<Ack> acks;
  for (const auto& writer : writers) {
    ASSERT_EQ(writer->stop(), 0);
    const std::vector<Ack> more = writer->acks();
    acks.insert(acks.end(), more.begin(), more.end());
  }
  const SpoolContents contents = read_spool(spool_);
  expect_all_there(acks, contents);
  EXPECT_THAT(contents.bad_ranges, testing::IsEmpty());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
    const Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(entry.path());
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    const Result<SegmentScan> scan = (*reader)->scan(0);
    EXPECT_EQ(scan->state, SegmentState::kSealed) << entry.path();
    EXPECT_FALSE(scan->frames.empty()) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, contents.segments);
}

}  // namespace
}  // namespace plivo_dial::test
