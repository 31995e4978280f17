// File: lib/spool/spool_directory.h
//
// Judges the directory of PlivoSpool at configtest, before anyone depends on it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/base/file_access.h"
#include "lib/base/result.h"

namespace plivo_dial {

// Looks whether `identity` can keep a spool in `path`: an absolute path of a directory that it may
// read, write and search, by mode bits. The error ends with the command that mends it.
// The value is a warning for the administrator, empty when there is none: the file system keeps
// nothing over a reboot (tmpfs, ramfs), or has no dependable locks and syncs (NFS).
Result<std::string> check_spool_directory(const std::string& path, const Identity& identity);

// The same warning for a file system type as statfs(2) gives it in f_type.
std::string file_system_warning(long file_system_type);

}  // namespace plivo_dial
