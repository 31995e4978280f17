// SPDX-License-Identifier: Apache-2.0
#include "lib/process/own_descriptors.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/close_from.h"
#include "lib/base/system_file.h"
#include "lib/base/thread_sanitizer.h"

namespace plivo_dial {
namespace {

// A table with those alone. Where it may not be had by unshare(2), as in many containers, it may by
// close_range(2).
bool take_standard_three() {
  constexpr unsigned kFirst = STDERR_FILENO + 1;
  constexpr unsigned kUnshare = 1u << 1;  // CLOSE_RANGE_UNSHARE
  if (syscall(SYS_close_range, kFirst, ~0u, kUnshare) == 0) return true;
  if (unshare(CLONE_FILES) != 0) return false;
  close_from(kFirst);  // a kernel before 5.9
  return true;
}

}  // namespace

void take_own_descriptors() {
  if (kThreadSanitizer || !take_standard_three()) return;
  const Descriptor nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing.valid()) return;
  dup2(nothing.get(), STDIN_FILENO);
  dup2(nothing.get(), STDOUT_FILENO);
}

}  // namespace plivo_dial
