// File: lib/spool/spool_error.h
//
// Why an event is not in the spool, for the program (which answers a full disk otherwise than a
// slow one) and in words for the administrator.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/base/result.h"

namespace plivo_dial {

enum class SpoolFailure {
  kUnfit,       // the payload is empty or too large; it will never be taken
  kTimedOut,    // the disk had not answered at the deadline; the event may still become durable
  kOverloaded,  // the disk does not answer, and enough others wait for it; refused at once
  kFull,        // the space (or what minFree leaves of it), the quota or the inodes are used up
  kFailed,      // directory, descriptors or disk failed; the message says which
  kForkedCopy,  // the spool belongs to the process that this one was forked from
};

struct SpoolError : Error {
  SpoolFailure failure = SpoolFailure::kFailed;
  int error_number = 0;  // errno of the system call that failed; 0: none did
};

template <class T>
using SpoolResult = Result<T, SpoolError>;

// The failed system call `action` on `path`, with its errno in `error`.
SpoolError spool_error(const std::string& action, const std::string& path, int error);

}  // namespace plivo_dial
