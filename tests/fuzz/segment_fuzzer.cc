// SPDX-License-Identifier: Apache-2.0
//
// Input: a byte, and the bytes of a segment file. When the byte is odd, all that has a frame's
// magic and length in them gets the check value that belongs to it, which no mutation hits.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/crc32c.h"
#include "lib/spool/segment_format.h"
#include "lib/spool/segment_reader.h"
#include "tests/fuzz/fuzz_target.h"

using plivo_dial::BadRange;
using plivo_dial::Frame;
using plivo_dial::HeaderState;
using plivo_dial::parse_frame;
using plivo_dial::Result;
using plivo_dial::SegmentFrame;
using plivo_dial::SegmentReader;
using plivo_dial::SegmentScan;
using plivo_dial::SegmentState;
using plivo_dial::test::require;

namespace {

// The file that is scanned, in memory where there is such a place.
class SegmentInFile {
 public:
  SegmentInFile() {
    std::string pattern = std::filesystem::exists("/dev/shm") ? "/dev/shm/" : "/tmp/";
    pattern += "plivo-fuzz-XXXXXX";
    require(mkdtemp(pattern.data()) != nullptr, "there is a place for the file");
    directory_ = pattern;
    path_ = directory_ + "/0123abcd-1-2-3.seg";
    file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  }
  ~SegmentInFile() {
    close(file_);
    std::filesystem::remove_all(directory_);
  }
  SegmentInFile(const SegmentInFile&) = delete;
  SegmentInFile& operator=(const SegmentInFile&) = delete;

  void store(const std::string& bytes) const {
    const auto size = static_cast<off_t>(bytes.size());
    require(pwrite(file_, bytes.data(), bytes.size(), 0) == size, "the file takes the bytes");
    require(ftruncate(file_, size) == 0, "and has no others");
  }
  const std::string& path() const { return path_; }
  void lock() const { require(flock(file_, LOCK_EX) == 0, "the writer lives"); }
  void unlock() const { require(flock(file_, LOCK_UN) == 0, "the writer is dead"); }

 private:
  std::string directory_;
  std::string path_;
  int file_ = -1;
};

void put_little_endian(std::uint32_t value, std::string& bytes, std::size_t at) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[at + i] = static_cast<char>((value >> (8 * i)) & 0xFF);
  }
}

void repair_check_values(std::string& bytes) {
  constexpr std::size_t crc_at = 8;
  constexpr std::size_t sequence_at = 12;
  for (std::size_t at = bytes.size(); at-- > 0;) {
    if (bytes.compare(at, 3, "\xFF\xF5\x50") != 0) continue;
    const std::string_view rest = std::string_view(bytes).substr(at);
    if (rest.size() < plivo_dial::kFrameHeaderSize) continue;
    const std::size_t size = plivo_dial::frame_size(rest);
    if (size > rest.size()) continue;
    const std::uint32_t crc = plivo_dial::crc32c(rest.substr(sequence_at, size - sequence_at),
                                                 plivo_dial::crc32c(rest.substr(0, crc_at)));
    put_little_endian(crc, bytes, at + crc_at);
  }
}

void check_frame(std::string_view bytes) {
  const std::optional<Frame> frame = parse_frame(bytes);
  if (!frame) return;
  require(frame->size <= bytes.size(), "a frame ends within the bytes");
  require(plivo_dial::frame_size(bytes) == frame->size, "its size is told by its header");
  const std::string again =
      frame->seal ? plivo_dial::encode_seal(frame->sequence, frame->time_ns)
                  : plivo_dial::encode_frame(frame->sequence, frame->time_ns, frame->payload);
  require(again == bytes.substr(0, frame->size), "encoding gives the same bytes");
}

// What a reader has to find, by the plainest way.
SegmentScan expected_scan(std::string_view bytes) {
  SegmentScan scan;
  scan.state = SegmentState::kWriterDead;
  const bool good = plivo_dial::parse_segment_header(bytes) == HeaderState::kGood;
  std::size_t at = good ? plivo_dial::kSegmentHeaderSize : 0;
  std::size_t bad = at;  // where the bytes begin that are no frame
  while (at < bytes.size()) {
    const std::optional<Frame> frame = parse_frame(bytes.substr(at));
    if (!frame) {
      ++at;
      continue;
    }
    if (bad < at) scan.bad_ranges.push_back({bad, at - bad, false});
    if (frame->seal) {
      scan.state = SegmentState::kSealed;
      return scan;
    }
    scan.frames.push_back({at, frame->sequence, frame->time_ns, std::string(frame->payload)});
    at += frame->size;
    bad = at;
  }
  const std::size_t last = bytes.find_last_not_of('\0');
  if (last != std::string_view::npos && last >= bad) {
    scan.bad_ranges.push_back({bad, last + 1 - bad, true});
  }
  return scan;
}

bool is_same(const SegmentFrame& a, const SegmentFrame& b) {
  return a.offset == b.offset && a.sequence == b.sequence && a.time_ns == b.time_ns &&
         a.payload == b.payload;
}

bool is_same(const BadRange& a, const BadRange& b) {
  return a.offset == b.offset && a.length == b.length && a.at_end == b.at_end;
}

template <class T>
bool are_same(const std::vector<T>& a, const std::vector<T>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const T& one, const T& other) { return is_same(one, other); });
}

void require_scan(const SegmentScan& scan, const SegmentScan& expected) {
  require(scan.state == expected.state, "the state is right");
  require(are_same(scan.frames, expected.frames), "all whole frames are found, and no others");
  require(are_same(scan.bad_ranges, expected.bad_ranges), "all other bytes are reported");
}

void check_scan(const SegmentInFile& file, const std::string& bytes) {
  file.store(bytes);
  Result<std::unique_ptr<SegmentReader>> reader = SegmentReader::open(file.path());
  if (plivo_dial::parse_segment_header(bytes) == HeaderState::kOtherVersion) {
    return require(!reader.ok(), "another version is refused");
  }
  require(reader.ok(), "the file can be opened");
  const SegmentScan expected = expected_scan(bytes);
  const SegmentScan whole = *(*reader)->scan(0);
  require_scan(whole, expected);
  for (const SegmentFrame& frame : whole.frames) {
    require(is_same((*reader)->read_frame(frame.offset).value().value(), frame),
            "a frame can be read again");
  }

  file.lock();
  SegmentScan looks = *(*reader)->scan(0);
  file.unlock();
  if (looks.state == SegmentState::kOpen) {
    const SegmentScan rest = *(*reader)->scan(looks.next_offset);
    looks.frames.insert(looks.frames.end(), rest.frames.begin(), rest.frames.end());
    looks.bad_ranges.insert(looks.bad_ranges.end(), rest.bad_ranges.begin(), rest.bad_ranges.end());
    looks.state = rest.state;
  }
  require_scan(looks, expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SegmentInFile file;
  if (size == 0) return 0;
  std::string bytes(plivo_dial::test::text_of(data + 1, size - 1));
  if (data[0] % 2 == 1) repair_check_values(bytes);
  check_frame(bytes);
  const std::size_t found = plivo_dial::find_frame(bytes, 0);
  for (std::size_t at = 0; at < std::min(found, bytes.size()); ++at) {
    require(!parse_frame(std::string_view(bytes).substr(at)), "no frame is passed over");
  }
  if (found != std::string::npos) check_frame(std::string_view(bytes).substr(found));
  check_scan(file, bytes);
  return 0;
}
