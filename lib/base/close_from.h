// File: lib/base/close_from.h
//
// Closes what a process or thread has open and is not to keep.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

namespace plivo_dial {

// Closes all descriptors from `first` on. By the kernel's own call: sanitizers keep one book of a
// process's descriptors, and the table may be a thread's.
inline void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0u, 0u) == 0) return;
  const long limit = sysconf(_SC_OPEN_MAX);  // a kernel before 5.9
  for (long descriptor = first; descriptor < limit; ++descriptor) syscall(SYS_close, descriptor);
}

}  // namespace plivo_dial
