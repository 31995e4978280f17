// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/crc32c.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/spool_writer.h"
#include "tests/unit/spool/disk_faults.h"
#include "tests/unit/spool/spool_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kReadName[] = "0123abcd-1-2-3.seg";

struct Placed {
  std::size_t offset;
  std::string payload;
  std::size_t end;
};

class SegmentReaderTest : public SpoolTest {
 protected:
  void SetUp() override {
    SpoolTest::SetUp();
    std::filesystem::create_directory(spool_ + "/in");
    bytes_ = encode_segment_header();
  }

  void add(const std::string& payload) {
    const std::size_t offset = bytes_.size();
    bytes_ += encode_frame(frames_.size() + 1, 99, payload);
    frames_.push_back({offset, payload, bytes_.size()});
  }

  // As a writer leaves it: zeros behind the frames.
  void store(std::size_t zeros = 4096) {
    write_all_to(path_of(kReadName), bytes_ + std::string(zeros, '\0'));
  }

  std::string bytes_;
  std::vector<Placed> frames_;
};

// A disk that has lost a page still has the rest.
TEST_F(SegmentReaderTest, GoesOnBehindWhatTheDiskDoesNotGive) {
  for (const char* payload : {"one", "two", "three"}) add(payload + std::string(3000, '.'));
  store();
  Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(path_of(kReadName));
  ASSERT_TRUE(reader.ok());
  disk_faults.unreadable_page = 1;
  Result<SegmentScan> scan = (*reader)->scan(0);
  const Result<std::unique_ptr<SegmentReader>> other = SegmentReader::open(path_of(kReadName));
  const int writer = open(path_of(kReadName).c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_EQ(flock(writer, LOCK_EX), 0);
  EXPECT_FALSE((*other)->scan(0).ok()) << "its writer may come back to it";
  close(writer);
  disk_faults.reset();
  ASSERT_TRUE(scan.ok()) << scan.error().message;
  EXPECT_EQ(scan->unreadable, 4096u);
  ASSERT_EQ(scan->frames.size(), 1u);
  EXPECT_EQ(scan->frames[0].payload, frames_[0].payload);
  ASSERT_EQ(scan->bad_ranges.size(), 1u);
  EXPECT_EQ(scan->bad_ranges[0].offset, frames_[1].offset);
  scan = (*reader)->scan(0);
  EXPECT_EQ(scan->unreadable, 0u);
  EXPECT_EQ(scan->frames.size(), 3u);
}

TEST_F(SegmentReaderTest, ReportsEachFrameOnceOverSeveralScans) {
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool_);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->append("one").ok());
  Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(path_of(segments()[0]));
  ASSERT_TRUE(reader.ok());
  Result<SegmentScan> first = (*reader)->scan(0);
  ASSERT_TRUE(first.ok());
  ASSERT_EQ(first->frames.size(), 1u);
  EXPECT_EQ(first->frames[0].payload, "one");
  EXPECT_NE(first->frames[0].sequence & kSharedSequence, 0u);
  EXPECT_EQ(first->state, SegmentState::kOpen);

  Result<SegmentScan> idle = (*reader)->scan(first->next_offset);
  ASSERT_TRUE(idle.ok());
  EXPECT_THAT(idle->frames, IsEmpty());
  EXPECT_EQ(idle->next_offset, first->next_offset);

  ASSERT_TRUE((*writer)->append("two").ok());
  (*writer).reset();
  Result<SegmentScan> last = (*reader)->scan(idle->next_offset);
  ASSERT_TRUE(last.ok());
  ASSERT_EQ(last->frames.size(), 1u);
  EXPECT_EQ(last->frames[0].payload, "two");
  EXPECT_EQ(last->state, SegmentState::kSealed);
  EXPECT_EQ((*reader)->read_frame(last->frames[0].offset).value().value().payload, "two");
}

TEST_F(SegmentReaderTest, GoesOnBehindHarmedFrameAndTellsTheRange) {
  add("one");
  add("two");
  add("three");
  bytes_[frames_[1].offset + kFrameHeaderSize] = 'X';
  store();
  const SegmentScan result = scan(kReadName);
  ASSERT_EQ(result.frames.size(), 2u);
  EXPECT_EQ(result.frames[0].payload, "one");
  EXPECT_EQ(result.frames[1].payload, "three");
  ASSERT_EQ(result.bad_ranges.size(), 1u);
  EXPECT_EQ(result.bad_ranges[0].offset, frames_[1].offset);
  EXPECT_EQ(result.bad_ranges[0].length, frames_[1].end - frames_[1].offset);
  EXPECT_FALSE(result.bad_ranges[0].at_end);
  EXPECT_EQ(result.state, SegmentState::kWriterDead);
}

TEST_F(SegmentReaderTest, TellsTornTailOfDeadWriter) {
  add("one");
  bytes_ += encode_frame(2, 99, "never finished").substr(0, 35);
  store();
  const SegmentScan result = scan(kReadName);
  EXPECT_EQ(result.frames.size(), 1u);
  ASSERT_EQ(result.bad_ranges.size(), 1u);
  EXPECT_EQ(result.bad_ranges[0].offset, frames_[0].end);
  EXPECT_EQ(result.bad_ranges[0].length, 35u);
  EXPECT_TRUE(result.bad_ranges[0].at_end);
}

TEST_F(SegmentReaderTest, WaitsForFrameOfLivingWriter) {
  add("one");
  const std::string half = encode_frame(2, 99, "being written");
  bytes_ += half.substr(0, 35);
  store();
  const int writer = open(path_of(kReadName).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(writer, LOCK_EX), 0);
  const SegmentScan result = scan(kReadName);
  EXPECT_EQ(result.state, SegmentState::kOpen);
  EXPECT_EQ(result.frames.size(), 1u);
  EXPECT_THAT(result.bad_ranges, IsEmpty());
  EXPECT_EQ(result.next_offset, frames_[0].end);
  close(writer);
}

TEST_F(SegmentReaderTest, TellsHarmedFrameOfLivingWriterOnceItIsSure) {
  add("one");
  add("two");
  bytes_[frames_[0].offset] = 'X';
  store();
  const int writer = open(path_of(kReadName).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(writer, LOCK_EX), 0);
  const SegmentScan result = scan(kReadName);
  ASSERT_EQ(result.bad_ranges.size(), 1u);
  EXPECT_EQ(result.bad_ranges[0].offset, frames_[0].offset);
  ASSERT_EQ(result.frames.size(), 1u);
  EXPECT_EQ(result.frames[0].payload, "two");
  close(writer);
}

TEST_F(SegmentReaderTest, StopsAtSeal) {
  add("one");
  bytes_ += encode_seal(2, 99) + encode_frame(3, 99, "behind the seal");
  store();
  const SegmentScan result = scan(kReadName);
  EXPECT_EQ(result.state, SegmentState::kSealed);
  EXPECT_EQ(result.frames.size(), 1u);
}

TEST_F(SegmentReaderTest, EmptyFileOfDeadWriterHoldsNothing) {
  write_all_to(path_of(kReadName), "");
  const SegmentScan result = scan(kReadName);
  EXPECT_EQ(result.state, SegmentState::kWriterDead);
  EXPECT_THAT(result.frames, IsEmpty());
  EXPECT_THAT(result.bad_ranges, IsEmpty());
}

TEST_F(SegmentReaderTest, ReadsFramesBehindHarmedHeader) {
  add("one");
  bytes_[3] = 'X';
  store();
  const SegmentScan result = scan(kReadName);
  ASSERT_EQ(result.frames.size(), 1u);
  ASSERT_EQ(result.bad_ranges.size(), 1u);
  EXPECT_EQ(result.bad_ranges[0].offset, 0u);
  EXPECT_EQ(result.bad_ranges[0].length, kSegmentHeaderSize);
}

TEST_F(SegmentReaderTest, RefusesWhatIsNoSegmentOfOurs) {
  store();
  std::filesystem::create_symlink(path_of(kReadName), path_of("link.seg"));
  EXPECT_THAT(SegmentReader::open(path_of("link.seg")).error().message,
              HasSubstr("is a symbolic link"));
  std::filesystem::create_directory(path_of("directory.seg"));
  EXPECT_THAT(SegmentReader::open(path_of("directory.seg")).error().message,
              HasSubstr("is no regular file"));
  ASSERT_EQ(mkfifo(path_of("fifo.seg").c_str(), 0600), 0);
  EXPECT_THAT(SegmentReader::open(path_of("fifo.seg")).error().message,
              HasSubstr("is no regular file"));
  EXPECT_THAT(SegmentReader::open(path_of("none.seg")).error().message, HasSubstr("No such file"));
  EXPECT_EQ(SegmentReader::open_if_there(path_of("none.seg")).value(), nullptr);
}

TEST_F(SegmentReaderTest, RefusesFileOfOtherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  store();
  ASSERT_EQ(chown(path_of(kReadName).c_str(), 54321, 54321), 0);
  EXPECT_THAT(SegmentReader::open(path_of(kReadName)).error().message,
              HasSubstr("belongs to uid 54321"));
}

TEST_F(SegmentReaderTest, RefusesLaterVersion) {
  std::string header = bytes_.substr(0, 12);
  header[8] = 2;
  const std::uint32_t crc = crc32c(header);
  for (int i = 0; i < 4; ++i) header.push_back(static_cast<char>((crc >> (8 * i)) & 0xFF));
  bytes_ = header;
  store();
  EXPECT_THAT(SegmentReader::open(path_of(kReadName)).error().message, HasSubstr("format version"));
}

TEST_F(SegmentReaderTest, ListsSegmentsOnlyAndClearsWhatWritersLeftUnfinished) {
  EXPECT_TRUE(list_segments(spool_ + "/none").ok());
  store();
  write_all_to(path_of("0123abcd-1-2-4.tmp"), "");
  write_all_to(path_of("0123abcd-1-2-5.tmp"), "");  // perhaps about to be locked
  std::filesystem::last_write_time(
      path_of("0123abcd-1-2-4.tmp"),
      std::filesystem::file_time_type::clock::now() - std::chrono::minutes(2));
  write_all_to(path_of("README"), "");
  write_all_to(path_of("0123abcd-1-2.seg"), "");
  EXPECT_THAT(segments(), ElementsAre(kReadName));
  EXPECT_FALSE(std::filesystem::exists(path_of("0123abcd-1-2-4.tmp")));
  EXPECT_TRUE(std::filesystem::exists(path_of("0123abcd-1-2-5.tmp")));
  EXPECT_TRUE(std::filesystem::exists(path_of("README")));
}

}  // namespace
}  // namespace plivo_dial
