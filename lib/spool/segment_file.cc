// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "lib/spool/segment_name.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

SpoolResult<void> write_at(int descriptor, const std::string& path, std::string_view bytes,
                           std::size_t offset) {
  while (!bytes.empty()) {
    const ssize_t written =
        pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return spool_error("cannot write", path, errno);
    if (written == 0) {
      return SpoolError{{"cannot write '" + path + "': none of " + std::to_string(bytes.size()) +
                         " bytes were taken"},
                        SpoolFailure::kFailed};
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::size_t>(written);
  }
  return {};
}

SpoolResult<void> reserve_space(int descriptor, const std::string& path) {
  int error = EINTR;
  while (error == EINTR) error = posix_fallocate(descriptor, 0, static_cast<off_t>(kSegmentSize));
  if (error != 0) return spool_error("cannot reserve 1 MiB for", path, error);
  return {};
}

SpoolResult<void> prepare(int descriptor, const std::string& path, SegmentSpace space) {
  while (flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return spool_error("cannot lock", path, errno);
  }
  if (SpoolResult<void> reserved = reserve_space(descriptor, path); !reserved) return reserved;
  std::string start = encode_segment_header();
  if (space == SegmentSpace::kWritten) start.resize(kSegmentSize, '\0');
  if (SpoolResult<void> written = write_at(descriptor, path, start, 0); !written) return written;
  while (fsync(descriptor) != 0) {
    if (errno != EINTR) return spool_error("cannot sync", path, errno);
  }
  return {};
}

}  // namespace

SegmentFile::SegmentFile(std::string path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

SegmentFile::~SegmentFile() {
  close(descriptor_);
}

// Readers take an unlocked segment for a dead writer's, so it gets its name once it is locked.
SpoolResult<std::unique_ptr<SegmentFile>> SegmentFile::make(const std::string& path,
                                                            SegmentSpace space) {
  const std::string unfinished = unfinished_segment_name(path);
  const int descriptor = ::open(unfinished.c_str(),
                                O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kSpoolFileMode);
  if (descriptor < 0 && errno == EEXIST) return std::unique_ptr<SegmentFile>();
  if (descriptor < 0) return spool_error("cannot create", unfinished, errno);
  std::unique_ptr<SegmentFile> segment(new SegmentFile(path, descriptor));
  const SpoolResult<void> prepared = prepare(descriptor, unfinished, space);
  const bool linked = prepared && link(unfinished.c_str(), path.c_str()) == 0;
  const int link_error = errno;
  unlink(unfinished.c_str());
  if (linked) return segment;
  if (!prepared) return prepared.error();
  // ENOENT: somebody has cleared the unfinished file away; another number is as good.
  if (link_error == EEXIST || link_error == ENOENT) return std::unique_ptr<SegmentFile>();
  return spool_error("cannot name", path, link_error);
}

bool SegmentFile::has_room(std::size_t bytes) const {
  return offset_ + bytes + kFrameHeaderSize <= kSegmentSize;
}

bool SegmentFile::is_gone() const {
  struct stat own {};
  struct stat named {};
  if (fstat(descriptor_, &own) != 0 || stat(path_.c_str(), &named) != 0) return true;
  return own.st_dev != named.st_dev || own.st_ino != named.st_ino;
}

SpoolResult<void> SegmentFile::append(std::string_view frames) {
  SpoolResult<void> written = write_at(descriptor_, path_, frames, offset_);
  if (!written) return written;
  while (fdatasync(descriptor_) != 0) {
    if (errno != EINTR) return spool_error("cannot sync", path_, errno);
  }
  offset_ += frames.size();
  return {};
}

void SegmentFile::seal(std::uint64_t sequence, std::uint64_t time_ns) {
  if (remove_unused()) return;
  const SpoolResult<void> sealed =
      write_at(descriptor_, path_, encode_seal(sequence, time_ns), offset_);
  // Not where the seal is missing: a reader might meet the end of the file in the middle of one.
  if (!sealed || ftruncate(descriptor_, static_cast<off_t>(offset_ + kFrameHeaderSize)) != 0) {
    errno = 0;
  }
}

void SegmentFile::abandon(std::uint64_t time_ns) {
  const bool is_cut = ftruncate(descriptor_, static_cast<off_t>(offset_)) == 0;
  if (!is_cut || !write_at(descriptor_, path_, encode_seal(kCutSequence, time_ns), offset_)) {
    errno = 0;
  }
}

bool SegmentFile::remove_unused() {
  return offset_ == kSegmentHeaderSize && !is_gone() && unlink(path_.c_str()) == 0;
}

void cut_ended_segment(const std::string& path, std::size_t used) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat file {};
  if (descriptor < 0) return;
  const bool is_larger = fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) &&
                         file.st_size > static_cast<off_t>(used);
  if (is_larger && flock(descriptor, LOCK_EX | LOCK_NB) == 0 &&
      ftruncate(descriptor, static_cast<off_t>(used)) != 0) {
    errno = 0;
  }
  close(descriptor);
}

}  // namespace plivo_dial
