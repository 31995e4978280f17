// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/spool_directory.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include "lib/base/utf8.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

std::string owner_of(const Identity& identity) {
  return std::to_string(identity.uid) + ":" + std::to_string(identity.gid);
}

}  // namespace

// Cast, since some of these are larger than the signed word of a 32-bit machine's f_type.
std::string_view file_system_fault(long file_system_type) {
  switch (static_cast<std::uint32_t>(file_system_type)) {
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
      return "lies in memory (tmpfs or ramfs): accepted events are lost when the machine restarts";
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
    case V9FS_MAGIC:
      return "lies on another machine's or a shared disk (NFS, SMB or 9P), whose locks and syncs "
             "are no ground for the promise that no accepted event is lost";
    default:
      return "";
  }
}

Result<void> check_spool_directory(const std::string& path, const Identity& identity) {
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
  return {};
}

Result<void> check_spool_file_system(const std::string& path) {
  std::vector<std::string> directories = {path};
  for (const std::string_view name : {kSegmentDirectory, kStoreDirectory, kDeadDirectory}) {
    directories.push_back(path_in_spool(path, name));
  }
  for (const std::string& directory : directories) {
    const std::string quoted = "'" + replace_invalid_utf8(directory) + "'";
    struct statfs file_system {};
    if (statfs(directory.c_str(), &file_system) != 0) {
      if (errno == ENOENT && directory != path) continue;  // made by the first who needs it
      return Error{quoted + ": " + std::strerror(errno)};
    }
    const std::string_view fault = file_system_fault(static_cast<long>(file_system.f_type));
    if (fault.empty()) continue;
    return Error{quoted + " " + std::string(fault) + "; use a directory on a local disk"};
  }
  return {};
}

}  // namespace plivo_dial
