// SPDX-License-Identifier: Apache-2.0
// The reader against a model that knows which bytes were harmed. Promise: no false frame, no valid
// frame lost, and every harmed byte reported. PLIVO_DIAL_LONG_TESTS=1: a million segments.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "lib/spool/segment_format.h"
#include "lib/spool/segment_reader.h"
#include "tests/long_form.h"
#include "tests/unit/spool/spool_fixture.h"

namespace plivo_dial {
namespace {

constexpr char kName[] = "0123abcd-1-2-3.seg";

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }

 private:
  std::mt19937 engine_;
};

// A stretch of the file that the writer wrote: the header, a frame or the seal.
struct Piece {
  enum Kind { kHeader, kFrame, kSeal } kind;
  std::size_t begin;
  std::size_t end;
  SegmentFrame frame;  // of kFrame
};

struct Segment {
  std::string bytes;
  std::vector<Piece> pieces;
};

// Text as events have it, with what comes near to a frame's magic but is UTF-8.
std::string random_payload(Random& random) {
  static constexpr std::string_view kParts[] = {"a",  "{\"v\":1}", "\xC3\xBF",    "PF",
                                                "PS", "\n",        "\xEF\xBF\xBD"};
  std::string payload(1, 'p');
  for (std::size_t n = random.below(60); n > 0; --n) {
    payload += kParts[random.below(std::size(kParts))];
  }
  return payload;
}

Segment random_segment(Random& random) {
  Segment segment;
  const auto add = [&segment](Piece::Kind kind, const std::string& bytes, SegmentFrame frame) {
    frame.offset = segment.bytes.size();
    segment.bytes += bytes;
    segment.pieces.push_back({kind, frame.offset, segment.bytes.size(), std::move(frame)});
  };
  add(Piece::kHeader, encode_segment_header(), {});
  std::uint64_t sequence = random.below(1000);
  for (std::size_t n = random.below(13); n > 0; --n) {
    const SegmentFrame frame{0, ++sequence, random.below(1u << 30), random_payload(random)};
    add(Piece::kFrame, encode_frame(frame.sequence, frame.time_ns, frame.payload), frame);
  }
  if (random.below(2) == 0) add(Piece::kSeal, encode_seal(++sequence, 1), {});
  segment.bytes.append(random.below(300), '\0');
  return segment;
}

// What disks and file systems do to files.
std::string harmed(std::string bytes, Random& random) {
  const std::size_t at = random.below(bytes.size());
  const std::size_t end = std::min(bytes.size(), at + random.between(1, 200));
  switch (random.below(5)) {
    case 0:
      bytes.resize(at);
      break;
    case 1:  // lost
      std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(end), '\0');
      break;
    case 2:  // overwritten by something else
      for (std::size_t i = at; i < end; ++i) bytes[i] = static_cast<char>(random.below(256));
      break;
    default:
      for (std::size_t n = random.between(1, 8); n > 0; --n) {
        const std::size_t i = random.below(bytes.size());
        bytes[i] = static_cast<char>(bytes[i] ^ (1 << random.below(8)));
      }
  }
  return bytes;
}

bool is_whole(const Segment& segment, const std::string& bytes, const Piece& piece) {
  const std::size_t length = piece.end - piece.begin;
  return bytes.size() >= piece.end &&
         bytes.compare(piece.begin, length, segment.bytes, piece.begin, length) == 0;
}

// Holds what a reader reported against what it should have.
class Judge {
 public:
  Judge(const Segment& segment, const std::string& bytes) : segment_(segment), bytes_(bytes) {
    for (const Piece& piece : segment.pieces) {
      if (!is_whole(segment, bytes, piece)) continue;
      if (piece.kind == Piece::kFrame) expected_.push_back(piece.frame);
      if (piece.kind == Piece::kSeal) is_sealed_ = true;
      explained_.push_back({piece.begin, piece.end - piece.begin, false});
    }
  }

  testing::AssertionResult judge(const SegmentScan& scan) const {
    if (!same_frames(scan.frames)) return testing::AssertionFailure() << "other frames";
    const SegmentState state = is_sealed_ ? SegmentState::kSealed : SegmentState::kWriterDead;
    if (scan.state != state) return testing::AssertionFailure() << "other state";
    std::vector<char> seen(bytes_.size(), 0);
    for (const auto* ranges : {&explained_, &scan.bad_ranges}) {
      for (const BadRange& range : *ranges) {
        for (std::size_t at = range.offset; at < range.offset + range.length; ++at) {
          if (at >= seen.size()) return testing::AssertionFailure() << at << " is beyond the end";
          if (seen[at]++ != 0) return testing::AssertionFailure() << at << " is reported twice";
        }
      }
    }
    for (std::size_t at = 0; at < end(); ++at) {
      if (seen[at] == 0 && bytes_[at] != '\0') {
        return testing::AssertionFailure() << at << " is harmed and not reported";
      }
    }
    return testing::AssertionSuccess();
  }

 private:
  // What stands behind a seal is nothing to the reader.
  std::size_t end() const { return is_sealed_ ? segment_.pieces.back().end : bytes_.size(); }

  bool same_frames(const std::vector<SegmentFrame>& frames) const {
    return std::equal(frames.begin(), frames.end(), expected_.begin(), expected_.end(),
                      [](const SegmentFrame& a, const SegmentFrame& b) {
                        return a.offset == b.offset && a.sequence == b.sequence &&
                               a.time_ns == b.time_ns && a.payload == b.payload;
                      });
  }

  const Segment& segment_;
  const std::string& bytes_;
  std::vector<SegmentFrame> expected_;
  std::vector<BadRange> explained_;
  bool is_sealed_ = false;
};

class SegmentModelTest : public SpoolTest {
 protected:
  void SetUp() override {
    SpoolTest::SetUp();
    std::filesystem::create_directory(spool_ + "/in");
    file_ = open(path_of(kName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    ASSERT_GE(file_, 0);
  }
  void TearDown() override {
    close(file_);
    SpoolTest::TearDown();
  }

  void store(const std::string& bytes) const {
    ASSERT_EQ(pwrite(file_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    ASSERT_EQ(ftruncate(file_, static_cast<off_t>(bytes.size())), 0);
  }

  // Looks once while the writer seems to live, and again when it is gone.
  static SegmentScan scan_twice(SegmentReader& reader, int writer) {
    EXPECT_EQ(flock(writer, LOCK_EX), 0);
    Result<SegmentScan> first = reader.scan(0);
    EXPECT_EQ(flock(writer, LOCK_UN), 0);
    if (!first || first->state == SegmentState::kSealed) return first ? *first : SegmentScan();
    Result<SegmentScan> rest = reader.scan(first->next_offset);
    if (!rest) return {};
    rest->frames.insert(rest->frames.begin(), first->frames.begin(), first->frames.end());
    rest->bad_ranges.insert(rest->bad_ranges.begin(), first->bad_ranges.begin(),
                            first->bad_ranges.end());
    return *rest;
  }

  int file_ = -1;
};

TEST_F(SegmentModelTest, ReportsAllThatIsWholeAndAllThatIsNot) {
  const int rounds = test::by_form(50'000, 1'000'000);
  constexpr int kRoundsWithOneSegment = 100;
  Random random(20261124);
  Segment segment;
  int harmless = 0;
  for (int round = 0; round < rounds; ++round) {
    if (round % kRoundsWithOneSegment == 0) segment = random_segment(random);
    const std::string bytes = harmed(segment.bytes, random);
    if (bytes == segment.bytes) ++harmless;
    store(bytes);
    Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(path_of(kName));
    ASSERT_TRUE(reader.ok()) << reader.error().message;
    const SegmentScan scan =
        random.below(2) == 0 ? *(*reader)->scan(0) : scan_twice(**reader, file_);
    ASSERT_TRUE(Judge(segment, bytes).judge(scan)) << "round " << round;
  }
  EXPECT_LT(harmless, rounds / 2);
}

}  // namespace
}  // namespace plivo_dial
