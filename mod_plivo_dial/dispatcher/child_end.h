// File: mod_plivo_dial/dispatcher/child_end.h
//
// How a process ended that httpd's parent has collected. httpd tells its callback of other children
// two kinds of number: its MPMs, while they run, what apr_proc_wait() makes of it, which is the
// exit status or the number of the signal and not which of the two (server/mpm/*/*.c); when they
// stop or restart, apr_proc_other_child_refresh() passes on what waitpid() said
// (misc/unix/otherchild.c).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace plivo_dial {

struct ChildEnd {
  enum class Kind {
    kExit,
    kSignal,
    kEither,  // httpd does not tell
  };
  Kind kind = Kind::kEither;
  int number = 0;  // exit status or signal
};

// From the status that waitpid() gave.
ChildEnd end_from_wait(int status);

// From the number that an MPM which runs gives.
ChildEnd end_from_mpm(int number);

// What the kernel says of a child that was collected by somebody, through a descriptor that
// open_exit_watch() opened while it lived. Nothing before Linux 6.15, which has no such answer, and
// for a child that lives.
std::optional<ChildEnd> end_from_watch(int watch);

// A descriptor of the process, closed by close(); -1 when there is none to be had. The child must
// not have been collected.
int open_exit_watch(pid_t pid);

// What the child itself told in its last word settles what an MPM leaves open.
ChildEnd settled(ChildEnd end, bool exits_by_itself);

// "with exit status 3", "by signal 9 (KILL)", or both.
std::string describe(const ChildEnd& end);

}  // namespace plivo_dial
