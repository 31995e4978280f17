// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "lib/spool/segment_format.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kUsualFrame = 2048;  // most are smaller

Error failed_call(std::string_view action, const std::string& path) {
  return Error{std::string(action) + " '" + path + "': " + std::strerror(errno)};
}

// Walks over the bytes of a segment. `base` is the offset of bytes[0] in the file.
class Walk {
 public:
  Walk(std::string_view bytes, std::size_t base) : bytes_(bytes), base_(base) {}

  // Fills `scan` with the frames up to the first place that is no frame.
  void take_frames(SegmentScan* scan) {
    while (const std::optional<Frame> frame = parse_frame(bytes_.substr(at_))) {
      at_ += frame->size;
      if (frame->seal) {
        scan->state = SegmentState::kSealed;
        scan->is_cut = frame->sequence == kCutSequence;
        break;
      }
      scan->frames.push_back({base_ + at_ - frame->size, frame->sequence, frame->time_ns,
                              std::string(frame->payload)});
    }
    scan->next_offset = base_ + at_;
    scan->used = scan->next_offset;
  }

  // Where the next frame begins behind the present place, or npos.
  std::size_t next_frame() const { return find_frame(bytes_, at_); }

  void skip_to(std::size_t position, SegmentScan* scan) {
    scan->bad_ranges.push_back({base_ + at_, position - at_, false});
    at_ = position;
  }

  // Reports what is left as bad, without the zeros at the end.
  void end_of_dead_segment(SegmentScan* scan) {
    const std::size_t last = bytes_.find_last_not_of('\0');
    if (last != std::string_view::npos && last >= at_) {
      scan->bad_ranges.push_back({base_ + at_, last + 1 - at_, true});
      scan->used = base_ + last + 1;
    }
    scan->next_offset = scan->used;
  }

 private:
  std::string_view bytes_;
  std::size_t base_;
  std::size_t at_ = 0;
};

// Closes on leaving.
class Directory {
 public:
  explicit Directory(const std::string& path) : stream_(opendir(path.c_str())) {}
  ~Directory() {
    if (stream_ != nullptr) closedir(stream_);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  DIR* get() const { return stream_; }

 private:
  DIR* stream_;
};

// What the disk gives or not at once; and what stands for it then: no frame, and no empty space.
constexpr std::size_t kPage = 4096;
constexpr char kUnreadable = '?';

// A writer names its file and locks it in two steps, so that a young one may only seem abandoned.
constexpr time_t kYoungSeconds = 60;

void remove_unfinished(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return;
  struct stat file {};
  const bool old = fstat(descriptor, &file) == 0 && file.st_mtime < time(nullptr) - kYoungSeconds;
  if (old && flock(descriptor, LOCK_EX | LOCK_NB) == 0) unlink(path.c_str());
  close(descriptor);
}

}  // namespace

SegmentReader::SegmentReader(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

SegmentReader::~SegmentReader() {
  close(descriptor_);
}

Result<std::unique_ptr<SegmentReader>> SegmentReader::open(const std::string& path) {
  Result<std::unique_ptr<SegmentReader>, SegmentOpenError> reader = open_if_there(path);
  if (!reader) return Error{reader.error().message};
  if (*reader != nullptr) return std::move(*reader);
  errno = ENOENT;
  return failed_call("cannot open", path);
}

Result<std::unique_ptr<SegmentReader>, SegmentOpenError> SegmentReader::open_if_there(
    const std::string& path) {
  const auto may_pass = [](const Error& error) { return SegmentOpenError{error, true}; };
  const auto refused = [](std::string why) { return SegmentOpenError{{std::move(why)}, false}; };
  // O_NONBLOCK: a FIFO by that name must not hold the dispatcher up.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) return std::unique_ptr<SegmentReader>();
    if (errno == ELOOP) return refused("'" + path + "' is a symbolic link, no segment; remove it");
    return may_pass(failed_call("cannot open", path));
  }
  std::unique_ptr<SegmentReader> reader(new SegmentReader(path, descriptor));
  const std::string directory = path.substr(0, path.rfind('/') + 1) + ".";
  struct stat file {};
  struct stat parent {};
  if (fstat(descriptor, &file) != 0) return may_pass(failed_call("cannot stat", path));
  if (stat(directory.c_str(), &parent) != 0) {
    return may_pass(failed_call("cannot stat", directory));
  }
  if (!S_ISREG(file.st_mode)) return refused("'" + path + "' is no regular file; remove it");
  if (file.st_uid != parent.st_uid) {
    return refused("'" + path + "' belongs to uid " + std::to_string(file.st_uid) +
                   " and its directory to uid " + std::to_string(parent.st_uid) +
                   "; chown or remove it");
  }
  // One that the disk does not give may have good frames behind it, which a scan finds.
  const Result<std::string> header = reader->read_bytes(0, kSegmentHeaderSize);
  if (header && parse_segment_header(*header) == HeaderState::kOtherVersion) {
    return refused("'" + path +
                   "' has a format version that this plivo-diald does not know; "
                   "run the plivo-diald of the version that wrote it");
  }
  return reader;
}

Result<std::size_t> SegmentReader::read_into(std::size_t offset, std::span<char> room) const {
  std::size_t have = 0;
  while (have < room.size()) {
    const ssize_t got = pread(descriptor_, room.data() + have, room.size() - have,
                              static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed_call("cannot read", path_);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

Result<std::string> SegmentReader::read_bytes(std::size_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  const Result<std::size_t> have = read_into(offset, bytes);
  if (!have) return have.error();
  bytes.resize(*have);
  return bytes;
}

// Up to the end of the file. Without `unreadable` all of it or nothing.
Result<std::string> SegmentReader::read_from(std::size_t offset, std::size_t* unreadable) const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) return failed_call("cannot stat", path_);
  const auto size = std::min(static_cast<std::size_t>(status.st_size), kSegmentSize);
  if (offset >= size) return std::string();
  Result<std::string> bytes = read_bytes(offset, size - offset);
  if (bytes || unreadable == nullptr) return bytes;
  return read_around_errors(offset, size - offset, unreadable);
}

std::string SegmentReader::read_around_errors(std::size_t offset, std::size_t length,
                                              std::size_t* unreadable) const {
  std::string all;
  *unreadable = 0;
  while (all.size() < length) {
    const std::size_t at = offset + all.size();
    const std::size_t piece = std::min(length - all.size(), kPage - at % kPage);
    const Result<std::string> bytes = read_bytes(at, piece);
    if (!bytes) *unreadable += piece;
    all += bytes ? *bytes : std::string(piece, kUnreadable);
    if (bytes && bytes->size() < piece) break;
  }
  return all;
}

bool SegmentReader::writer_lives() const {
  if (flock(descriptor_, LOCK_SH | LOCK_NB) != 0) return true;
  flock(descriptor_, LOCK_UN);
  return false;
}

// Spares the reading of a whole segment for each look at an idle one.
Result<bool> SegmentReader::nothing_new(std::size_t offset) const {
  Result<std::string> word = read_bytes(offset, 4);
  if (!word) return word.error();
  return word->find_first_not_of('\0') == std::string::npos;
}

Result<SegmentScan> SegmentReader::scan(std::size_t offset) {
  SegmentScan scan;
  // Asked before reading: what a dead writer wrote is all there when it is read.
  const bool lives = writer_lives();
  scan.state = lives ? SegmentState::kOpen : SegmentState::kWriterDead;
  scan.next_offset = offset;
  if (lives && offset >= kSegmentHeaderSize) {
    Result<bool> idle = nothing_new(offset);
    if (!idle) return idle.error();
    if (*idle) return scan;
  }
  if (offset == 0) {
    const Result<std::string> header = read_bytes(0, kSegmentHeaderSize);
    if (!header && lives) return header.error();
    // Without a good header its bytes are a bad range of their own, reported with what follows.
    if (header && parse_segment_header(*header) == HeaderState::kGood) offset = kSegmentHeaderSize;
  }

  std::size_t confirmed_bad = offset == 0 ? 0 : std::string::npos;
  for (;;) {
    Result<std::string> bytes = read_from(offset, lives ? nullptr : &scan.unreadable);
    if (!bytes) return bytes.error();
    Walk walk(*bytes, offset);
    for (;;) {
      walk.take_frames(&scan);
      if (scan.state == SegmentState::kSealed) return scan;
      const std::size_t next = walk.next_frame();
      if (next == std::string::npos) {
        if (!lives) walk.end_of_dead_segment(&scan);
        return scan;
      }
      // A frame that is being written while its followers are read looks harmed too. The second
      // look begins after its follower was seen whole, when it must be whole itself.
      if (lives && confirmed_bad != scan.next_offset) break;
      walk.skip_to(next, &scan);
    }
    confirmed_bad = scan.next_offset;
    offset = scan.next_offset;
  }
}

Result<std::optional<SegmentFrame>> SegmentReader::read_frame(std::size_t offset) const {
  Result<std::string> bytes = read_bytes(offset, kUsualFrame);
  // The disk may not give what stands behind the frame.
  if (!bytes) bytes = read_bytes(offset, kFrameHeaderSize);
  if (!bytes) return bytes.error();
  const std::size_t size = frame_size(std::string_view(*bytes).substr(0, kFrameHeaderSize));
  if (size > bytes->size()) bytes = read_bytes(offset, size);
  if (!bytes) return bytes.error();
  const std::optional<Frame> frame = parse_frame(*bytes);
  if (!frame || frame->seal) return std::optional<SegmentFrame>();
  return std::optional(
      SegmentFrame{offset, frame->sequence, frame->time_ns, std::string(frame->payload)});
}

Result<std::vector<std::string>> list_segments(const std::string& spool_directory) {
  const std::string path = path_in_spool(spool_directory, kSegmentDirectory);
  const Directory directory(path);
  if (directory.get() == nullptr) {
    if (errno == ENOENT) return std::vector<std::string>();
    return failed_call("cannot read directory", path);
  }
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(directory.get());
    if (entry == nullptr && errno != 0) return failed_call("cannot read directory", path);
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (is_segment_name(name)) names.emplace_back(name);
    if (name.ends_with(kUnfinishedSuffix)) remove_unfinished(path + "/" + std::string(name));
  }
  std::sort(names.begin(), names.end(), segment_name_less);
  return names;
}

}  // namespace plivo_dial
