// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

namespace plivo_dial {

Result<SpoolPlace> SpoolPlace::open(const std::string& spool) {
  Descriptor directory(::open(spool.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return system_error("cannot open", spool);
  return SpoolPlace(spool, std::move(directory));
}

SpoolPlace::State SpoolPlace::look() const {
  struct stat opened {};
  struct stat named {};
  if (fstat(directory_.get(), &opened) != 0) return State::kSame;
  if (stat(path_.c_str(), &named) != 0) return errno == ENOENT ? State::kGone : State::kSame;
  const bool same = opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  return same ? State::kSame : State::kReplaced;
}

std::string SpoolPlace::whereabouts() const {
  struct stat opened {};
  if (fstat(directory_.get(), &opened) == 0 && opened.st_nlink == 0) return "was removed";
  std::string now(PATH_MAX, '\0');
  const std::string link = "/proc/self/fd/" + std::to_string(directory_.get());
  const ssize_t length = readlink(link.c_str(), now.data(), now.size());
  if (length <= 0) return "is nowhere to be seen";
  now.resize(static_cast<std::size_t>(length));
  return now == path_ ? "lies below what is mounted there" : "is now '" + now + "'";
}

}  // namespace plivo_dial
