// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_maker.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <exception>

#include "lib/spool/helper_thread.h"
#include "lib/spool/segment_name.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::uint64_t kMebibyte = 1024 * 1024;

// Of all makers of the process: readers remember a name for good, also that of a spare which was
// removed again, so no later file may get it.
constinit std::atomic<std::uint64_t> g_next_segment_number{0};

// Space shall be found within two seconds after there is some again.
constexpr std::chrono::seconds kRetryInterval{1};

SpoolResult<void> sync_directory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return spool_error("cannot open directory", path, errno);
  int outcome = fsync(descriptor);
  while (outcome != 0 && errno == EINTR) outcome = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  if (outcome != 0) return spool_error("cannot sync directory", path, error);
  return {};
}

}  // namespace

SegmentMaker::SegmentMaker(std::string spool_directory, std::string name_prefix,
                           std::optional<std::uint64_t> min_free)
    : spool_directory_(std::move(spool_directory)),
      directory_(path_in_spool(spool_directory_, kSegmentDirectory)),
      name_prefix_(std::move(name_prefix)),
      min_free_(min_free) {}

void SegmentMaker::start() {
  thread_ = start_helper_thread("plivo-spare", [this] { run(); });
}

void SegmentMaker::stop() {
  {
    const MutexLock guard(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
  const MutexLock guard(mutex_);
  if (spare_ != nullptr) spare_->remove_unused();
  spare_.reset();
}

SpoolResult<std::unique_ptr<SegmentFile>> SegmentMaker::take() {
  const MutexLock lock(mutex_);
  while (spare_ == nullptr && !failure_) changed_.wait(mutex_);
  if (spare_ == nullptr) return *failure_;
  changed_.notify_all();
  return std::move(spare_);
}

void SegmentMaker::run() {
  const MutexLock lock(mutex_);
  while (!stopping_) {
    if (spare_ != nullptr) {
      changed_.wait(mutex_);
    } else if (failure_ && std::chrono::steady_clock::now() < next_attempt_) {
      changed_.wait_until(mutex_, next_attempt_);
    } else {
      make_spare();
    }
  }
}

void SegmentMaker::make_spare() {
  SpoolResult<std::unique_ptr<SegmentFile>> made = make_segment();
  if (made) {
    spare_ = std::move(*made);
    failure_.reset();
  } else {
    failure_ = made.error();
    next_attempt_ = std::chrono::steady_clock::now() + kRetryInterval;
  }
  changed_.notify_all();
}

SpoolResult<std::unique_ptr<SegmentFile>> SegmentMaker::make_segment() try {
  const MutexUnlock unlocked(mutex_);
  if (SpoolResult<void> made = make_directory(); !made) return made.error();
  if (SpoolResult<void> enough = check_free_space(spool_directory_, directory_, min_free_); !enough)
    return enough.error();
  std::unique_ptr<SegmentFile> segment;
  while (segment == nullptr) {
    const std::string path = directory_ + "/" + name_prefix_ +
                             std::to_string(g_next_segment_number++) + std::string(kSegmentSuffix);
    // Somebody waits for the first.
    const SegmentSpace space = first_ ? SegmentSpace::kReserved : SegmentSpace::kWritten;
    SpoolResult<std::unique_ptr<SegmentFile>> made = SegmentFile::make(path, space);
    if (!made) return made.error();
    segment = std::move(*made);
  }
  if (SpoolResult<void> synced = sync_directory(directory_); !synced) {
    segment->remove_unused();
    return synced.error();
  }
  first_ = false;
  return segment;
} catch (const std::exception&) {
  return SpoolError{{"out of memory"}, SpoolFailure::kFailed};
}

// Whoever made the directory may not have come to sync it.
SpoolResult<void> SegmentMaker::make_directory() {
  if (mkdir(directory_.c_str(), kSpoolDirectoryMode) == 0) {
    directory_is_durable_ = false;
  } else if (errno != EEXIST) {
    return spool_error("cannot make directory", directory_, errno);
  }
  if (directory_is_durable_) return {};
  SpoolResult<void> synced = sync_directory(spool_directory_);
  directory_is_durable_ = synced.ok();
  return synced;
}

SpoolResult<void> check_free_space(const std::string& spool_directory, const std::string& directory,
                                   std::optional<std::uint64_t> min_free) {
  struct statvfs status {};
  if (statvfs(directory.c_str(), &status) != 0) {
    return spool_error("cannot ask for the free space of", directory, errno);
  }
  const std::uint64_t free_bytes = std::uint64_t{status.f_bavail} * status.f_frsize;
  const std::uint64_t wanted = min_free.value_or(kDefaultMinFree);
  if (free_bytes >= wanted) return {};
  return SpoolError{
      {"'" + spool_directory + "' has " + std::to_string(free_bytes / kMebibyte) +
       " MiB free, and the spool takes no more below " + std::to_string(wanted / kMebibyte) +
       " MiB; make room, or set another minFree= on PlivoSpool"},
      SpoolFailure::kFull};
}

}  // namespace plivo_dial
