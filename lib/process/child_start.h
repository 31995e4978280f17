// File: lib/process/child_start.h
//
// Starts a program of the administrator's so that nothing of this process reaches it: what
// posix_spawn(3) does, and limits, umask and no_new_privs, which it cannot set. Use ChildProcess
// (child_process.h), which also sees to its end. Linux only.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace plivo_dial {

// The program runs in a session of its own, in "/", with exactly these words and this environment,
// with no other descriptors than 0 1 2, no signal blocked and none ignored, umask 077,
// no_new_privs, and these limits:
//
//   RLIMIT_CORE    0: callers' data stay out of core files.
//   RLIMIT_NOFILE  256, which it may raise to 4096: a program that leaks descriptors fails before
//                  the machine does, and one that knows that it needs more can have them.
//   RLIMIT_RTTIME  the mark of this run, see below.
//
// It is killed when the thread that started it ends, as all threads do with this process. What the
// program itself has started is not.
//
// Not limited, since programs that do nothing wrong would break: the size of files (a log that is
// appended to may be large already), memory (Java, Go and Node.js reserve far more than they use),
// processes (the limit counts all of the user's, httpd's threads among them), processor time (a run
// is ended by timeout=, and a stream program lives for months). A lack of memory ends the program
// before httpd: its oom_score_adj is 300.
//
// The mark: descendants inherit limits, and keep them when they leave session, process group and
// environment behind. RLIMIT_RTTIME means nothing to a process without real-time scheduling, which
// an unprivileged one cannot get. So each run has a value of its own there, by which ChildProcess
// knows what stems from it.
struct ChildPlan {
  const std::vector<std::string>& arguments;  // the first is the program's absolute path
  const std::vector<std::string>& environment;
  // Descriptors of this process, which stay its own.
  int input = -1;
  int output = -1;
  int errors = -1;
};

struct ChildStart {
  pid_t process = -1;      // -1: it was not started
  int error = 0;           // the errno of why not
  int limits_error = 0;    // the errno of a limit that could not be set; it runs all the same
  std::uint32_t mark = 0;  // 0: it has none
};

// Returns when the program runs, or does not. For a thread that outlives the program. Thread-safe:
// other threads go on, and the child does only what is safe while they hold locks (it is a vfork(2)
// with a stack of its own).
//
// `*announced` is set to the process's id by the kernel before the program can end, and stays so:
// what else collects children must leave it alone until this has returned.
ChildStart start_child(const ChildPlan& plan, pid_t* announced);

// The mark of a process, living or zombie; 0: it has none, or is gone, or another user's.
std::uint32_t mark_of(pid_t process);

}  // namespace plivo_dial
