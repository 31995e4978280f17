// File: lib/access/file_access.h
//
// Who may do what with a file, judged by mode bits for a given identity instead of by access() as
// the calling process. Use it at configtest, which root runs for the `User` and `Group` that httpd
// takes later. ACLs, capabilities and read-only mounts are not looked at.
// All functions read the file system only and are safe to call from any thread.
//
//   const Identity httpd{33, 33, {}};
//   may_execute("/usr/local/bin/hook", httpd)
//       -> ok, or error: uid 33 may not execute '/usr/local/bin/hook'; if it is the program that is
//          meant, chmod 755 '/usr/local/bin/hook'
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

// A process's credentials as far as file modes are concerned.
struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // supplementary; `gid` need not be among them

  friend bool operator==(const Identity&, const Identity&) = default;
};

// `path` without symbolic links; "" when it does not exist or can't be found out.
std::string real_path(const std::string& path);

// Each asks for one permission on `path`, which must be absolute, and for the search permission of
// every directory above it, symbolic links followed. As in the kernel, the first class that matches
// (owner, group, others) decides alone, and uid 0 may do everything except execute a file without
// any x bit. The error names the first path component that refuses and the chmod that mends it.
Result<void> may_read(const std::string& path, const Identity& identity);
Result<void> may_write(const std::string& path, const Identity& identity);
Result<void> may_execute(const std::string& path, const Identity& identity);  // a regular file
Result<void> may_search(const std::string& path, const Identity& identity);   // a directory

// Ok when nobody but owner and group can replace what `path` names: neither the file nor any
// directory above it is writable by the world. A directory with the sticky bit, as /tmp has it,
// does not count as writable. The error names the component and the chmod that mends it.
Result<void> not_writable_by_others(const std::string& path);

}  // namespace plivo_dial
