// File: lib/base/file_size_limit.h
//
// The limit on the size of the files that a process may write (RLIMIT_FSIZE; ulimit -f, a unit's
// LimitFSIZE=). The kernel ends by SIGXFSZ who goes beyond it; who ignores or blocks that signal
// gets EFBIG, and can treat it as the full disk that it amounts to.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace plivo_dial {

// Bytes that a file of this process may have; nothing: as many as the file system takes.
std::optional<std::uint64_t> file_size_limit();

// What to do about EFBIG: a clause that names the limit of this process.
std::string file_size_remedy();

}  // namespace plivo_dial
