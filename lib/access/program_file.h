// File: lib/access/program_file.h
//
// Whether the kernel will start a program, judged by its file: what execve() would say of a script
// without a first line, or with one that names no interpreter. Use it when the configuration is
// checked; a hook that cannot start loses no event, but none arrives either.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "lib/access/file_access.h"
#include "lib/base/result.h"

namespace plivo_dial {

// `path` is absolute, and `identity` may execute it. Fails, with the remedy, where it is empty,
// text without #!, has CR LF behind its #! line, or names an interpreter that is not there or that
// `identity` may not execute; "#!/usr/bin/env name" is looked up in the PATH of hooks. A script
// must be readable as well. Content that this process may not read passes, and so do formats that
// are not text: the kernel may know them.
Result<void> check_program_file(const std::string& path, const Identity& identity);

}  // namespace plivo_dial
