// SPDX-License-Identifier: Apache-2.0
#include "lib/delivery/hook_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

#include "lib/delivery/system_file.h"

namespace plivo_dial {
namespace {

using Clock = Stop::Clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kTermGrace{2};
constexpr milliseconds kStopCheck{100};

// The hooks that run now. A child not in it is a stray; so it is locked over each spawn.
std::mutex running_mutex;
std::set<pid_t> running;  // NOLINT: an ordinary process, never unloaded

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, error)) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

// Also those that left the hook's process group.
std::vector<pid_t> descendants_of(pid_t process) {
  std::vector<pid_t> all = children_of(process);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<pid_t> more = children_of(all[i]);
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

// Null-terminated, as posix_spawn takes it; views of `words`.
std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

// What posix_spawn does in the child before the program starts.
class SpawnPlan {
 public:
  SpawnPlan(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // 0, or the errno of the failure.
  int spawn(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
            pid_t* process) const {
    const std::lock_guard<std::mutex> guard(running_mutex);
    const int error = posix_spawn(process, arguments[0].c_str(), &actions_, &attributes_,
                                  pointers(arguments).data(), pointers(environment).data());
    if (error == 0) running.insert(*process);
    return error;
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// The input as a file: a program that does not read it makes nobody wait and no SIGPIPE.
Descriptor make_input(std::string_view input) {
  Descriptor file(memfd_create("plivo-event", MFD_CLOEXEC));
  if (!file.valid() || !write_all(file.get(), "event", input) ||
      lseek(file.get(), 0, SEEK_SET) != 0) {
    return Descriptor();
  }
  return file;
}

// A hook that runs: waits for it, ends it, collects it.
class RunningHook {
 public:
  RunningHook(pid_t process, Descriptor output)
      : process_(process),
        end_(static_cast<int>(syscall(SYS_pidfd_open, process, 0))),
        output_(std::move(output)) {}

  HookRun wait(Clock::time_point deadline, const Stop& stop) {
    HookRun run;
    run.end = HookRun::End::kExited;
    bool ended = false;
    while (!ended && Clock::now() < deadline && !stop.due()) ended = wait_until_soon(deadline);
    if (!ended) {
      run.end = stop.due() ? HookRun::End::kInterrupted : HookRun::End::kTimedOut;
      kill_all();
    }
    run.wait_status = collect();
    while (read_output()) {
    }
    run.output = std::move(text_);
    return run;
  }

 private:
  // True when the hook has ended; else after a little while.
  bool wait_until_soon(Clock::time_point deadline) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    const auto time = std::clamp(left, milliseconds{1}, kStopCheck);
    std::array<pollfd, 2> polled{{{end_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}}};
    const int ready = poll(polled.data(), polled.size(), static_cast<int>(time.count()));
    if (ready > 0 && polled[1].revents != 0 && !read_output()) output_.reset();
    if (end_.valid()) return ready > 0 && polled[0].revents != 0;
    // No pidfd, as when descriptors have run out: ask.
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == process_;
  }

  // False when there is nothing to read now, or never again.
  bool read_output() {
    std::array<char, 16384> buffer{};
    const ssize_t got = read(output_.get(), buffer.data(), buffer.size());
    if (got <= 0) return got < 0 && errno == EINTR;
    const std::size_t room = kMaxHookOutput - text_.size();
    text_.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
    return ++reads_after_end_ < kMaxReads || !collected_;
  }

  void kill_all() {
    std::vector<pid_t> family = descendants_of(process_);
    kill(-process_, SIGTERM);
    for (const pid_t member : family) kill(member, SIGTERM);
    const Clock::time_point deadline = Clock::now() + kTermGrace;
    while (Clock::now() < deadline && !wait_until_soon(deadline)) {
    }
    const std::vector<pid_t> late = descendants_of(process_);
    family.insert(family.end(), late.begin(), late.end());
    // The hook is not collected yet, so that its id and its group's cannot be another's.
    kill(-process_, SIGKILL);
    for (const pid_t member : family) kill(member, SIGKILL);
  }

  int collect() {
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    const std::lock_guard<std::mutex> guard(running_mutex);
    running.erase(process_);
    collected_ = true;
    reads_after_end_ = 0;
    return status;
  }

  static constexpr int kMaxReads = 16;  // a child of the hook may write for ever

  const pid_t process_;
  Descriptor end_;  // readable when the hook has ended
  Descriptor output_;
  std::string text_;
  bool collected_ = false;
  int reads_after_end_ = 0;
};

}  // namespace

HookRun run_hook(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment, std::string_view input,
                 std::chrono::seconds timeout, const Stop& stop) {
  HookRun failed;
  std::array<int, 2> ends{-1, -1};
  const Descriptor event = make_input(input);
  if (!event.valid() || pipe2(ends.data(), O_CLOEXEC) != 0) {
    failed.error = errno;
    return failed;
  }
  Descriptor output(ends[0]);
  Descriptor hook_end(ends[1]);
  fcntl(output.get(), F_SETFL, O_NONBLOCK);
  pid_t process = -1;
  failed.error = SpawnPlan(event.get(), hook_end.get()).spawn(arguments, environment, &process);
  if (failed.error != 0) return failed;
  hook_end.reset();
  return RunningHook(process, std::move(output)).wait(Clock::now() + timeout, stop);
}

void reap_strays() {
  const std::lock_guard<std::mutex> guard(running_mutex);
  for (const pid_t child : children_of(getpid())) {
    if (running.count(child) == 0) waitpid(child, nullptr, WNOHANG);
  }
}

}  // namespace plivo_dial
