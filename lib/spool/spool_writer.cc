// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "lib/spool/segment_format.h"

namespace plivo_dial {
namespace {

constexpr mode_t kDirectoryMode = 0750;
constexpr mode_t kSegmentMode = 0640;
constexpr std::size_t kBootIdLength = 8;

Error system_error(std::string_view action, const std::string& path, int error) {
  return Error{std::string(action) + " '" + path + "': " + std::strerror(error)};
}

// Reads the start of a file of /proc, which has no size of its own.
Result<std::string> read_proc(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error("cannot open", path, errno);
  std::array<char, 1024> buffer{};
  const ssize_t length = read(descriptor, buffer.data(), buffer.size());
  const int error = errno;
  close(descriptor);
  if (length < 0) return system_error("cannot read", path, error);
  return std::string(buffer.data(), static_cast<std::size_t>(length));
}

// When this process started, in clock ticks since boot: field 22 of proc(5)'s stat. The name in
// field 2 may hold anything, so that counting begins behind its last parenthesis.
Result<std::string> process_start_time() {
  constexpr int kFieldsAfterName = 20;
  Result<std::string> stat = read_proc("/proc/self/stat");
  if (!stat) return stat;
  std::size_t at = stat->rfind(')');
  for (int i = 0; i < kFieldsAfterName && at != std::string::npos; ++i)
    at = stat->find(' ', at + 1);
  if (at == std::string::npos) return Error{"/proc/self/stat has no start time"};
  return stat->substr(at + 1, stat->find(' ', at + 1) - at - 1);
}

// What makes segment names unique over processes and boots.
Result<std::string> make_name_prefix() {
  Result<std::string> boot = read_proc("/proc/sys/kernel/random/boot_id");
  if (!boot) return boot;
  Result<std::string> start = process_start_time();
  if (!start) return start;
  return boot->substr(0, kBootIdLength) + "-" + std::to_string(getpid()) + "-" + *start + "-";
}

Result<void> sync_directory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return system_error("cannot open directory", path, errno);
  const int outcome = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  if (outcome != 0) return system_error("cannot sync directory", path, error);
  return {};
}

Result<void> write_at(int descriptor, const std::string& path, std::string_view bytes,
                      std::size_t offset) {
  ssize_t written = -1;
  do {
    written = pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  } while (written < 0 && errno == EINTR);
  if (written < 0) return system_error("cannot write", path, errno);
  if (static_cast<std::size_t>(written) < bytes.size()) {
    return Error{"cannot write '" + path + "': only " + std::to_string(written) + " of " +
                 std::to_string(bytes.size()) + " bytes were taken"};
  }
  return {};
}

Result<void> prepare_segment_file(int descriptor, const std::string& path) {
  while (flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return system_error("cannot lock", path, errno);
  }
  const int error = posix_fallocate(descriptor, 0, static_cast<off_t>(kSegmentSize));
  if (error != 0) return system_error("cannot reserve 1 MiB for", path, error);
  if (Result<void> written = write_at(descriptor, path, encode_segment_header(), 0); !written) {
    return written;
  }
  if (fsync(descriptor) != 0) return system_error("cannot sync", path, errno);
  return {};
}

std::uint64_t realtime_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

SpoolWriter::SpoolWriter(const std::string& spool_directory)
    : spool_directory_(spool_directory), directory_(spool_directory + "/in"), pid_(getpid()) {}

Result<std::unique_ptr<SpoolWriter>> SpoolWriter::open(const std::string& spool_directory) {
  std::unique_ptr<SpoolWriter> writer(new SpoolWriter(spool_directory));
  Result<std::string> prefix = make_name_prefix();
  if (!prefix) return prefix.error();
  writer->name_prefix_ = *prefix;
  if (Result<void> opened = writer->open_segment(); !opened) return opened.error();
  return writer;
}

SpoolWriter::~SpoolWriter() {
  if (descriptor_ < 0) return;
  if (getpid() == pid_) {
    seal_segment();
  } else {
    close(descriptor_);  // the lock and the file belong to the parent
  }
}

Result<void> SpoolWriter::append(std::string_view payload) {
  if (payload.empty() || payload.size() > kMaxSpoolPayload) {
    return Error{"an event of " + std::to_string(payload.size()) +
                 " bytes does not fit the spool, which takes 1 to " +
                 std::to_string(kMaxSpoolPayload)};
  }
  if (getpid() != pid_) {
    return Error{"the spool was opened by process " + std::to_string(pid_) +
                 "; open one in each process, after its fork"};
  }
  const std::lock_guard<std::mutex> guard(mutex_);
  const std::size_t needed = kFrameHeaderSize + payload.size() + kFrameHeaderSize;  // and the seal
  if (descriptor_ >= 0 && segment_is_gone()) close_segment();
  if (descriptor_ >= 0 && offset_ + needed > kSegmentSize) seal_segment();
  if (descriptor_ >= 0) {
    if (write_frame(payload)) return {};
    // After a failed sync the kernel takes the lost pages for clean: a second sync would lie.
    abandon_segment();
  }
  if (Result<void> opened = open_segment(); !opened) return opened;
  Result<void> written = write_frame(payload);
  if (!written) abandon_segment();
  return written;
}

// Somebody has removed or moved the file or a directory above it, and nobody would ever read what
// is written there.
bool SpoolWriter::segment_is_gone() const {
  struct stat own {};
  struct stat named {};
  if (fstat(descriptor_, &own) != 0 || stat(segment_path_.c_str(), &named) != 0) return true;
  return own.st_dev != named.st_dev || own.st_ino != named.st_ino;
}

Result<void> SpoolWriter::make_directory() {
  if (mkdir(directory_.c_str(), kDirectoryMode) == 0) return sync_directory(spool_directory_);
  if (errno == EEXIST) return {};
  return system_error("cannot make directory", directory_, errno);
}

Result<void> SpoolWriter::open_segment() {
  if (Result<void> made = make_directory(); !made) return made;
  bool named = false;
  while (!named) {
    const std::string stem = directory_ + "/" + name_prefix_ + std::to_string(segment_number_++);
    Result<bool> made = make_segment(stem);
    if (!made) return made.error();
    named = *made;  // false: an earlier writer of this process used the name
  }
  if (Result<void> synced = sync_directory(directory_); !synced) {
    abandon_segment();
    return synced;
  }
  return {};
}

// Makes `<stem>.seg` the open segment. Readers take an unlocked segment for a dead writer's, so it
// gets its name once it is locked.
Result<bool> SpoolWriter::make_segment(const std::string& stem) {
  const std::string path = stem + std::string(kSegmentSuffix);
  const std::string unfinished = stem + std::string(kUnfinishedSuffix);
  const int descriptor =
      ::open(unfinished.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kSegmentMode);
  if (descriptor < 0 && errno == EEXIST) return false;
  if (descriptor < 0) return system_error("cannot create", unfinished, errno);
  Result<void> prepared = prepare_segment_file(descriptor, unfinished);
  const bool linked = prepared && link(unfinished.c_str(), path.c_str()) == 0;
  const int link_error = errno;
  unlink(unfinished.c_str());
  if (!linked) {
    close(descriptor);
    if (!prepared) return prepared.error();
    // ENOENT: somebody has cleared the unfinished file away; another number is as good.
    if (link_error == EEXIST || link_error == ENOENT) return false;
    return system_error("cannot name", path, link_error);
  }
  segment_path_ = path;
  descriptor_ = descriptor;
  offset_ = kSegmentHeaderSize;
  return true;
}

Result<void> SpoolWriter::write_frame(std::string_view payload) {
  const std::string frame = encode_frame(next_sequence_, realtime_ns(), payload);
  if (Result<void> written = write_at(descriptor_, segment_path_, frame, offset_); !written) {
    return written;
  }
  if (fdatasync(descriptor_) != 0) return system_error("cannot sync", segment_path_, errno);
  offset_ += frame.size();
  ++next_sequence_;
  return {};
}

// A lost seal loses nothing: the released lock ends the segment as well.
void SpoolWriter::seal_segment() {
  const std::string seal = encode_seal(next_sequence_, realtime_ns());
  if (write_at(descriptor_, segment_path_, seal, offset_)) fdatasync(descriptor_);
  close_segment();
}

// Cuts off the frame that was not accepted, so that no reader takes it for an event; whether that
// works does not matter, since the event keeps its id in the next segment.
void SpoolWriter::abandon_segment() {
  if (ftruncate(descriptor_, static_cast<off_t>(offset_)) != 0) errno = 0;
  close_segment();
}

void SpoolWriter::close_segment() {
  close(descriptor_);
  descriptor_ = -1;
}

}  // namespace plivo_dial
