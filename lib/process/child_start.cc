// SPDX-License-Identifier: Apache-2.0
#include "lib/process/child_start.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string_view>

#include "lib/base/system_file.h"
#include "lib/base/thread_sanitizer.h"

// ThreadSanitizer takes clone(2) for a fork(2), whose child has memory of its own, and dies of one
// that has not. This name of the C library's it does not know.
extern "C" int __clone(int (*run)(void*), void* stack, int flags, void* argument, ...);

// The child runs on a stack that sanitizers do not know.
#define PLIVO_DIAL_IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined")))

namespace plivo_dial {
namespace {

constexpr std::size_t kStackSize = 64 * 1024;
constexpr rlim_t kFiles = 256;
constexpr rlim_t kMostFiles = 4096;
constexpr int kCannotExecute = 127;
constexpr std::string_view kOutOfMemoryScore = "300";

// Marks are the values from 2^30 up to 2^31, so that they fit wherever a limit does.
constexpr std::uint32_t kFirstMark = 1u << 30;
std::atomic<std::uint32_t> marks_given{0};

struct Limit {
  __rlimit_resource resource;
  rlimit value;
};

// Of the parent's memory, which the child shares until the program runs.
struct ChildTask {
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  int descriptors[3] = {-1, -1, -1};
  Limit limits[3] = {};
  long open_max = 0;
  sigset_t no_signals{};
  pid_t parent = 0;
  int error = 0;
  int limits_error = 0;
};

// --- In the child: only calls that are async-signal-safe, no allocation, no exception. Of calls
// that sanitizers keep books about, which are the parent's, too, the kernel's are used.

// Not by _exit(2), behind which a sanitizer looks for what the parent's threads have left.
[[noreturn]] PLIVO_DIAL_IN_CHILD void leave() {
  for (;;) syscall(SYS_exit_group, kCannotExecute);
}

PLIVO_DIAL_IN_CHILD void close_above_standard(long open_max) {
  constexpr unsigned kFirst = STDERR_FILENO + 1;
  if (syscall(SYS_close_range, kFirst, ~0u, 0u) == 0) return;
  for (int descriptor = kFirst; descriptor < open_max; ++descriptor) syscall(SYS_close, descriptor);
}

PLIVO_DIAL_IN_CHILD bool arrange_descriptors(ChildTask* task) {
  for (int& descriptor : task->descriptors) {
    // Out of the way of those below it.
    if (descriptor <= STDERR_FILENO) descriptor = fcntl(descriptor, F_DUPFD, STDERR_FILENO + 1);
  }
  for (int target = STDIN_FILENO; target <= STDERR_FILENO; ++target) {
    if (syscall(SYS_dup3, task->descriptors[target], target, 0) < 0) return false;
  }
  close_above_standard(task->open_max);
  return true;
}

PLIVO_DIAL_IN_CHILD void reset_signals(const ChildTask* task) {
  // The kernel's struct sigaction, whose zeroes are SIG_DFL; it fails for SIGKILL and SIGSTOP.
  const long standard[8] = {};
  constexpr int kSetSize = NSIG / 8;
  constexpr int kLast = kSetSize * 8;
  for (int number = 1; number <= kLast; ++number) {
    syscall(SYS_rt_sigaction, number, standard, nullptr, kSetSize);
  }
  sigprocmask(SIG_SETMASK, &task->no_signals, nullptr);
}

// The successor of a dispatcher that is killed begins with the events that were under way: they
// must not run on beside it.
PLIVO_DIAL_IN_CHILD bool end_with_parent() {
  return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
}

PLIVO_DIAL_IN_CHILD int run_child(void* argument) {
  auto* const task = static_cast<ChildTask*>(argument);
  setsid();
  umask(077);
  if (!end_with_parent() || !arrange_descriptors(task) || chdir("/") != 0 ||
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    task->error = errno;
    leave();
  }
  // The parent may have been gone before it could be told.
  if (syscall(SYS_getppid) != task->parent) leave();
  for (const Limit& limit : task->limits) {
    if (setrlimit(limit.resource, &limit.value) != 0) task->limits_error = errno;
  }
  reset_signals(task);
  execve(task->arguments[0], task->arguments, task->environment);
  task->error = errno;
  leave();
}

// --- In this process.

// Null-terminated, as execve takes it; views of `words`.
std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

void set_limits(ChildTask* task, std::uint32_t mark) {
  rlimit files{kMostFiles, kMostFiles};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlim_t most = std::min(kMostFiles, files.rlim_max);
  task->limits[0] = {RLIMIT_CORE, {0, 0}};
  task->limits[1] = {RLIMIT_NOFILE, {std::min(kFiles, most), most}};
  task->limits[2] = {RLIMIT_RTTIME, {mark, mark}};
}

// With all signals blocked: a handler must not run in the child, on this process's memory. A child
// that could not execute its program is collected.
pid_t clone_child(ChildTask* task, pid_t* announced) {
  std::vector<std::max_align_t> stack(kStackSize / sizeof(std::max_align_t));
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  constexpr int kFlags = CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD;
  std::max_align_t* const top = stack.data() + stack.size();
  pid_t process = -1;
  if constexpr (kThreadSanitizer) {
    process = __clone(run_child, top, kFlags, task, announced);
  } else {
    process = clone(run_child, top, kFlags, task, announced);
  }
  if (task->error != 0) waitpid(process, nullptr, 0);
  if (process == -1) task->error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return process;
}

void set_out_of_memory_score(pid_t process) {
  const std::string path = "/proc/" + std::to_string(process) + "/oom_score_adj";
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file.valid()) return;  // a program that may not be looked into
  [[maybe_unused]] const ssize_t written =
      write(file.get(), kOutOfMemoryScore.data(), kOutOfMemoryScore.size());
}

}  // namespace

ChildStart start_child(const ChildPlan& plan, pid_t* announced) {
  const std::vector<char*> arguments = pointers(plan.arguments);
  const std::vector<char*> environment = pointers(plan.environment);
  const std::uint32_t mark = kFirstMark + (marks_given.fetch_add(1) & (kFirstMark - 1));
  ChildTask task;
  task.arguments = arguments.data();
  task.environment = environment.data();
  task.descriptors[0] = plan.input;
  task.descriptors[1] = plan.output;
  task.descriptors[2] = plan.errors;
  task.open_max = sysconf(_SC_OPEN_MAX);
  sigemptyset(&task.no_signals);
  task.parent = getpid();
  set_limits(&task, mark);

  ChildStart start;
  const pid_t process = clone_child(&task, announced);
  start.error = task.error;
  start.limits_error = task.limits_error;
  if (task.error != 0) return start;
  start.process = process;
  if (mark_of(process) == mark) start.mark = mark;
  set_out_of_memory_score(process);
  return start;
}

std::uint32_t mark_of(pid_t process) {
  rlimit limit{};
  if (prlimit(process, RLIMIT_RTTIME, nullptr, &limit) != 0) return 0;
  const bool ours = limit.rlim_cur >= kFirstMark && limit.rlim_cur - kFirstMark < kFirstMark;
  return ours ? static_cast<std::uint32_t>(limit.rlim_cur) : 0;
}

}  // namespace plivo_dial
