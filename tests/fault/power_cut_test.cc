// SPDX-License-Identifier: Apache-2.0
// Promise: what append() accepted is there after a power cut. The file system is shut down without
// its journal being flushed, mounted again and read. PLIVO_DIAL_LONG_TESTS=1: 200 cuts.
//
// A cut takes some milliseconds, in which fdatasync may still tell success. So only what was
// accepted before it began is judged.
#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "tests/fault/fault_test.h"
#include "tests/fault/loop_file_system.h"
#include "tests/fault/writer_process.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

class PowerCutTest : public FaultTest, public testing::WithParamInterface<const char*> {
 protected:
  static constexpr std::size_t kOrdinary = 1200;  // bytes of an event
  static constexpr std::size_t kLarge = 30'000;   // a new segment with every 35 events

  struct Outcome {
    std::size_t accepted = 0;
    std::size_t lost = 0;
  };

  // Cuts the disk under a writer of events of `size` that obeys `rules`, and counts what of the
  // accepted is not there.
  Outcome cut_once(LoopFileSystem& disk, const std::string& rules, std::size_t size,
                   std::chrono::microseconds delay) {
    std::ofstream(scratch_ + "/rules") << rules;
    WriterProcess writer(disk.path(), scratch_, {.threads = 8, .size = size});
    EXPECT_TRUE(writer.accepts(50));
    std::this_thread::sleep_for(delay);
    const std::int64_t cut_ns = disk.cut();
    EXPECT_NE(cut_ns, 0);
    writer.kill();
    std::vector<Ack> acks = writer.acks();
    std::erase_if(acks, [cut_ns](const Ack& ack) { return ack.ended_ns >= cut_ns; });
    EXPECT_TRUE(disk.mount_again()) << disk.missing();
    const Outcome outcome{acks.size(), count_lost(acks, read_spool(disk.path()))};
    std::filesystem::remove_all(disk.path() + "/in");
    std::filesystem::remove(scratch_ + "/acks");
    return outcome;
  }
};

INSTANTIATE_TEST_SUITE_P(EachFileSystem, PowerCutTest, testing::Values("ext4", "xfs"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(PowerCutTest, LosesNothingThatWasAcceptedBefore) {
  LoopFileSystem disk(scratch_, GetParam(), 320);
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  const int cuts = by_form(20, 200);
  std::mt19937 random(20261124);
  std::size_t accepted = 0;
  for (int cut = 0; cut < cuts; ++cut) {
    const Outcome outcome = cut_once(disk, "", cut % 2 == 0 ? kOrdinary : kLarge,
                                     std::chrono::microseconds(random() % 50'000));
    accepted += outcome.accepted;
    ASSERT_EQ(outcome.lost, 0u) << "of " << outcome.accepted << " in cut " << cut;
    ASSERT_FALSE(HasFailure()) << "cut " << cut;
  }
  std::cout << cuts << " cuts, " << accepted << " events accepted, 0 lost\n";
}

// Were nothing lost here, the test above would show nothing.
TEST_P(PowerCutTest, LosesEventsWhenTheDiskIsNotAskedToSync) {
  LoopFileSystem disk(scratch_, GetParam(), 320);
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  const Outcome outcome =
      cut_once(disk, "fdatasync 1 * skip\n", kOrdinary, std::chrono::milliseconds(20));
  EXPECT_GT(outcome.lost, 0u) << "this cut loses nothing: LosesNothingThatWasAcceptedBefore is "
                                 "worthless on this machine";
  std::cout << outcome.lost << " of " << outcome.accepted << " lost without sync\n";
}

}  // namespace
}  // namespace plivo_dial::test
