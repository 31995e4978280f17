// File: lib/spool/spool_directory.h
//
// Judges the directory of PlivoSpool at configtest, before anyone depends on it: whether httpd's
// user can keep a spool there, and whether its file system can keep the promise that no accepted
// event is lost.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/access/file_access.h"
#include "lib/base/result.h"

namespace plivo_dial {

// Looks whether `identity` can keep a spool in `path`: an absolute path of a directory that it may
// read, write and search, by mode bits. The error ends with the command that mends it.
Result<void> check_spool_directory(const std::string& path, const Identity& identity);

// Whether the file systems of the directory `path` and of what a spool has below it are ground for
// that promise: some keep nothing over a reboot (tmpfs, ramfs), or have no dependable locks and
// syncs (NFS, SMB, 9P). What lies behind FUSE or an overlay can't be seen, and passes.
Result<void> check_spool_file_system(const std::string& path);

// What is wrong with a file system type, as statfs(2) gives it in f_type; empty for most.
std::string_view file_system_fault(long file_system_type);

}  // namespace plivo_dial
