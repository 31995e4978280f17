// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_directory.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstring>

#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

std::string owner_of(const Identity& identity) {
  return std::to_string(identity.uid) + ":" + std::to_string(identity.gid);
}

}  // namespace

std::string file_system_warning(long file_system_type) {
  switch (file_system_type) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
      return "lies in memory (tmpfs or ramfs): accepted events are lost when the machine restarts; "
             "use a directory on a disk";
    case NFS_SUPER_MAGIC:
      return "lies on NFS, whose locks and syncs are no ground for the promise that no accepted "
             "event is lost; use a directory on a local disk";
    default:
      return "";
  }
}

Result<std::string> check_spool_directory(const std::string& path, const Identity& identity) {
  const std::string quoted = "'" + replace_invalid_utf8(path) + "'";
  if (path.empty() || path[0] != '/') {
    return Error{quoted + " is not an absolute path; begin it with /"};
  }
  if (!is_valid_utf8(path)) return Error{quoted + " is not valid UTF-8; name another directory"};
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) return Error{quoted + ": " + std::strerror(errno)};
    return Error{quoted + " does not exist; mkdir -p -m 0750 " + quoted + " && chown " +
                 owner_of(identity) + " " + quoted};
  }
  if (!S_ISDIR(status.st_mode)) return Error{quoted + " is not a directory; name another"};
  for (const auto may : {may_search, may_write, may_read}) {
    const Result<void> result = may(path, identity);
    if (result) continue;
    return Error{result.error().message + "; for the spool: chown " + owner_of(identity) + " " +
                 quoted + " && chmod 0750 " + quoted};
  }
  struct statfs file_system {};
  if (statfs(path.c_str(), &file_system) != 0) return Error{quoted + ": " + std::strerror(errno)};
  const std::string warning = file_system_warning(static_cast<long>(file_system.f_type));
  return warning.empty() ? std::string() : quoted + " " + warning;
}

}  // namespace plivo_dial
