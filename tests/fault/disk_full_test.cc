// SPDX-License-Identifier: Apache-2.0
// A file system that is really full. Promise: the segment and the spare take events on, then they
// are refused; nothing that was accepted is lost, and there is room again as soon as there is.
#include <gmock/gmock.h>

#include "tests/fault/fault_test.h"
#include "tests/fault/loop_file_system.h"
#include "tests/fault/writer_process.h"

namespace plivo_dial::test {
namespace {

struct Disk {
  const char* type;
  std::uint64_t mebibytes;  // xfs takes no less than 300
  const char* options;
};

void PrintTo(const Disk& disk, std::ostream* out) {
  *out << disk.type;
}

class DiskFullTest : public FaultTest, public testing::WithParamInterface<Disk> {
 protected:
  std::size_t segments() const {
    const Result<std::vector<std::string>> names = list_segments(spool_);
    return names ? names->size() : 0;
  }

  void expect_kept(WriterProcess& writer) {
    EXPECT_EQ(writer.stop(), 0);
    const SpoolContents contents = read_spool(spool_);
    expect_all_there(writer.acks(), contents);
    EXPECT_THAT(contents.bad_ranges, testing::IsEmpty());
  }
};

INSTANTIATE_TEST_SUITE_P(EachFileSystem, DiskFullTest,
                         testing::Values(Disk{"ext4", 60, ""}, Disk{"xfs", 320, ""}));

TEST_P(DiskFullTest, SegmentAndSpareTakeEventsOnAndNothingIsLost) {
  LoopFileSystem disk(scratch_, GetParam().type, GetParam().mebibytes, GetParam().options);
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  spool_ = disk.path();
  WriterProcess writer(spool_, scratch_, {});
  std::size_t accepted = 0;
  for (int round = 0; round < 3; ++round) {
    ASSERT_TRUE(writer.accepts(10, accepted));
    accepted = writer.accepted();
    ASSERT_TRUE(disk.fill_up_to(0));
    ASSERT_TRUE(writer.accepts(500, accepted)) << "the spare alone has room for 850";
    // Once refused for lack of space, it stays so; the count of what was accepted before is final.
    ASSERT_TRUE(writer.accepts_no_more(SpoolFailure::kFull));
    accepted = writer.accepted();
    disk.free_all();
  }
  ASSERT_TRUE(writer.accepts(2000, accepted));
  expect_kept(writer);
}

TEST_P(DiskFullTest, MinFreeIsLeftToOthers) {
  LoopFileSystem disk(scratch_, GetParam().type, GetParam().mebibytes, GetParam().options);
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  spool_ = disk.path();
  constexpr std::uint64_t kMinFree = 20 * 1024 * 1024;
  WriterProcess writer(spool_, scratch_, {.min_free = kMinFree});
  ASSERT_TRUE(writer.accepts(10));
  ASSERT_TRUE(disk.fill_up_to(kMinFree / 2));
  const std::size_t accepted = writer.accepted();
  ASSERT_TRUE(writer.accepts(500, accepted)) << "the spare is there already";
  ASSERT_TRUE(writer.accepts_no_more(SpoolFailure::kFull));
  EXPECT_GE(std::filesystem::space(disk.path()).free, kMinFree / 2 - 4 * 1024 * 1024);
  disk.free_all();
  ASSERT_TRUE(writer.accepts(2000, writer.accepted()));
  expect_kept(writer);
}

TEST_F(DiskFullTest, NoInodesAreNoSpace) {
  LoopFileSystem disk(scratch_, "ext4", 60, "-N 64");
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  spool_ = disk.path() + "/spool";
  std::filesystem::create_directory(spool_);
  const std::string filler = disk.path() + "/inodes";
  std::filesystem::create_directory(filler);
  WriterProcess writer(spool_, scratch_, {});
  ASSERT_TRUE(writer.accepts(10));
  for (int i = 0; std::ofstream(filler + "/" + std::to_string(i)).is_open(); ++i) {
  }
  ASSERT_TRUE(writer.accepts_no_more(SpoolFailure::kFull));
  std::filesystem::remove_all(filler);
  ASSERT_TRUE(writer.accepts(2000, writer.accepted()));
  expect_kept(writer);
}

}  // namespace
}  // namespace plivo_dial::test
