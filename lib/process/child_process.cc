// SPDX-License-Identifier: Apache-2.0
#include "lib/process/child_process.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <list>
#include <set>
#include <string>
#include <thread>

#include "lib/base/mutex.h"

namespace plivo_dial {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kKillTime{1000};
constexpr milliseconds kBetweenKills{5};

// The programs that run now, and those that are being started, which may take for ever where their
// file system hangs: so nothing is locked meanwhile. A child that is in neither is a stray.
Mutex running_mutex;
// NOLINTNEXTLINE: an ordinary process, never unloaded
std::set<pid_t> running PLIVO_GUARDED_BY(running_mutex);
// NOLINTNEXTLINE: the same. Filled in by the kernel
std::list<pid_t> starting PLIVO_GUARDED_BY(running_mutex);

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (std::filesystem::directory_iterator task(tasks, error), end; !error && task != end;
       task.increment(error)) {
    std::ifstream list(task->path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

std::vector<pid_t> descendants_of(pid_t process) {
  std::vector<pid_t> all = children_of(process);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<pid_t> more = children_of(all[i]);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

Descriptor open_process(pid_t process) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
}

bool has_ended(pid_t process) {
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT);
  return info.si_pid == process;
}

// Nothing happens when it lives, or is no child of this process.
void reap(pid_t process) PLIVO_REQUIRES(running_mutex) {
  // In this order: one that has ended was announced before.
  if (running.count(process) != 0 || !has_ended(process)) return;
  const bool starts = std::ranges::any_of(
      starting, [&](pid_t& one) { return __atomic_load_n(&one, __ATOMIC_ACQUIRE) == process; });
  if (!starts) waitpid(process, nullptr, WNOHANG);
}

void signal_member(pid_t member, std::uint32_t mark, int number) {
  // Its id can be another's by now: the descriptor stays with what has the mark.
  const Descriptor process = open_process(member);
  if (!process.valid() && errno == ESRCH) return;
  if (mark != 0 && mark_of(member) != mark) return;
  if (process.valid()) {
    syscall(SYS_pidfd_send_signal, process.get(), number, nullptr, 0);
  } else {
    kill(member, number);  // they have run out, or the kernel knows none
  }
}

ChildStart start_announced(const ChildPlan& plan) {
  std::list<pid_t>::iterator announced;
  {
    const MutexLock guard(running_mutex);
    announced = starting.insert(starting.end(), 0);
  }
  const ChildStart start = start_child(plan, &*announced);
  const MutexLock guard(running_mutex);
  starting.erase(announced);
  if (start.process != -1) running.insert(start.process);
  return start;
}

}  // namespace

ChildProcess::ChildProcess(const ChildPlan& plan)
    : start_(start_announced(plan)), collected_(!started()) {
  if (started()) end_ = open_process(start_.process);
}

ChildProcess::~ChildProcess() {
  if (collected_) return;
  kill_all();
  collect();
}

bool ChildProcess::has_ended() const {
  return plivo_dial::has_ended(start_.process);
}

// All that stems from the program, zombies included, but not itself. What it left alone is this
// process's own child now, and told from others by its mark.
std::vector<pid_t> ChildProcess::family() const {
  if (start_.mark == 0) return descendants_of(start_.process);
  std::vector<pid_t> all = descendants_of(getpid());
  std::erase(all, start_.process);
  std::erase_if(all, [this](pid_t process) { return mark_of(process) != start_.mark; });
  return all;
}

void ChildProcess::signal_family(int number) const {
  if (!started()) return;  // to kill(2), -1 is everybody
  // The program is not collected yet, so that its id and its group's cannot be another's.
  kill(-start_.process, number);
  kill(start_.process, number);
  for (const pid_t member : family()) signal_member(member, start_.mark, number);
}

void ChildProcess::terminate() {
  signal_family(SIGTERM);
  signal_family(SIGCONT);
}

void ChildProcess::kill_all() {
  const Clock::time_point deadline = Clock::now() + kKillTime;
  for (;;) {
    signal_family(SIGKILL);
    const std::vector<pid_t> left = family();
    if (left.empty() || Clock::now() >= deadline) return;
    {
      const MutexLock guard(running_mutex);
      for (const pid_t member : left) reap(member);
    }
    std::this_thread::sleep_for(kBetweenKills);
  }
}

int ChildProcess::collect() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(start_.process), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
  // Locked first: once it is collected, the next program that starts may have its id.
  const MutexLock guard(running_mutex);
  int status = 0;
  waitpid(start_.process, &status, 0);
  running.erase(start_.process);
  collected_ = true;
  return status;
}

void reap_strays() {
  const MutexLock guard(running_mutex);
  for (const pid_t child : children_of(getpid())) reap(child);
}

}  // namespace plivo_dial
