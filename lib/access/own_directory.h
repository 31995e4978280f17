// File: lib/access/own_directory.h
//
// Whether a directory that a program has for itself, such as the spool, can be used by the user
// whose it should be. Use file_access.h for what others own.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/file_access.h"
#include "lib/base/result.h"

namespace plivo_dial {

// Ok when `identity` may read, write and enter the directory `path` and all that is below it,
// judged by mode bits (symbolic links and lost+found are left alone), and when there is no such
// directory, about which others complain. The error names the first thing that `identity` may not
// use, gives all of the directory to it by one command, and opens nothing to everybody; where a
// directory above refuses, it is that of file_access.h. It looks at each file, so it is not for a
// request. Not for several threads: it reads the databases of users and groups.
Result<void> may_own_directory(const std::string& path, const Identity& identity);

}  // namespace plivo_dial
