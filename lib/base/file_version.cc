// SPDX-License-Identifier: Apache-2.0
#include "lib/base/file_version.h"

#include <sys/stat.h>

#include <cerrno>

namespace plivo_dial {

FileVersion FileVersion::of(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) {
    FileVersion version;
    // What can't be reached is no file that is missing: whoever reads it says why.
    if (errno != ENOENT && errno != ENOTDIR) version.inode = static_cast<std::uint64_t>(errno);
    return version;
  }
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return {info.st_dev, info.st_ino, info.st_size,
          info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec,
          info.st_ctim.tv_sec * kNanoseconds + info.st_ctim.tv_nsec};
}

std::string to_string(const FileVersion& version) {
  return std::to_string(version.device) + "-" + std::to_string(version.inode) + "-" +
         std::to_string(version.size) + "-" + std::to_string(version.modified_ns) + "-" +
         std::to_string(version.changed_ns);
}

bool FileWatch::has_changed(std::int64_t now_us) {
  constexpr std::int64_t kBetweenLooksUs = 1'000'000;
  if (looked_us_ && now_us >= *looked_us_ && now_us - *looked_us_ < kBetweenLooksUs) return false;
  looked_us_ = now_us;
  const FileVersion version = FileVersion::of(path_);
  if (version == version_) return false;
  version_ = version;
  return true;
}

}  // namespace plivo_dial
