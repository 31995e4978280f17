// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/own_descriptors.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/delivery/system_file.h"

#if defined(__SANITIZE_THREAD__)
#define PLIVO_DIAL_ONE_TABLE 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PLIVO_DIAL_ONE_TABLE 1
#endif
#endif

namespace plivo_dial {
namespace {

#ifndef PLIVO_DIAL_ONE_TABLE
void close_above_standard() {
  constexpr unsigned kFirst = STDERR_FILENO + 1;
  // Not close(2): sanitizers keep one book of a process's descriptors.
  if (syscall(SYS_close_range, kFirst, ~0u, 0u) == 0) return;
  const long limit = sysconf(_SC_OPEN_MAX);  // a kernel before 5.9
  for (long descriptor = kFirst; descriptor < limit; ++descriptor) syscall(SYS_close, descriptor);
}
#endif

}  // namespace

void take_own_descriptors() {
#ifndef PLIVO_DIAL_ONE_TABLE
  if (unshare(CLONE_FILES) != 0) return;
  close_above_standard();
  const Descriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing.valid()) return;
  dup2(nothing.get(), STDIN_FILENO);
  dup2(nothing.get(), STDOUT_FILENO);
#endif
}

}  // namespace plivo_dial
