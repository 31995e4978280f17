// SPDX-License-Identifier: Apache-2.0
#include "lib/store/reserve_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "lib/base/system_file.h"
#include "lib/base/text.h"

namespace plivo_dial {

Result<void> ReserveFile::make() {
  struct stat file {};
  const bool is_there =
      lstat(path_.c_str(), &file) == 0 && static_cast<std::uint64_t>(file.st_size) == kSize;
  const std::string directory = directory_of(path_);
  struct statvfs system {};
  if (statvfs(directory.c_str(), &system) != 0) return system_error("cannot examine", directory);
  const std::uint64_t available = std::uint64_t{system.f_bavail} * system.f_frsize;
  if (available < (is_there ? kSize : 2 * kSize)) {
    return Error{"the file system of '" + directory + "' has less than 16 MiB left; free some"};
  }
  if (is_there) return {};
  const Descriptor reserve(
      open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kSpoolFileMode));
  if (!reserve.valid()) return system_error("cannot create", path_);
  const int error = posix_fallocate(reserve.get(), 0, static_cast<off_t>(kSize));
  if (error == 0) return {};
  unlink(path_.c_str());
  errno = error;
  return system_error("cannot allocate", path_);
}

bool ReserveFile::is_needed() const {
  constexpr std::uint64_t kNextToNothing = 256 * 1024;
  struct statvfs system {};
  const std::string directory = directory_of(path_);
  return statvfs(directory.c_str(), &system) == 0 &&
         std::uint64_t{system.f_bavail} * system.f_frsize < kNextToNothing;
}

bool ReserveFile::release() {
  return unlink(path_.c_str()) == 0;
}

}  // namespace plivo_dial
