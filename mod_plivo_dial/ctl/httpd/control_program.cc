// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/control_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"

namespace plivo_dial::ctl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = std::size_t{256} << 20;

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> all;
  for (const std::string& word : words) all.push_back(const_cast<char*>(word.c_str()));
  all.push_back(nullptr);
  return all;
}

// 0, or the errno of why it was not started.
int spawn(const std::vector<std::string>& arguments, int output, pid_t* child) {
  const std::vector<std::string> environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
  const std::vector<char*> words = pointers(arguments);
  const std::vector<char*> variables = pointers(environment);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, output, 2);
  // A group of its own, so that all of it can be killed.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int error =
      posix_spawn(child, words[0], &actions, &attributes, words.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return error;
}

// Takes what is there, or comes within `patience`; false at the end of it.
bool read_some(int descriptor, std::chrono::milliseconds patience, std::string& output) {
  pollfd ready{descriptor, POLLIN, 0};
  if (poll(&ready, 1, static_cast<int>(patience.count())) <= 0) return true;
  std::array<char, 65536> part;
  const ssize_t got = read(descriptor, part.data(), part.size());
  if (got > 0) output.append(part.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

bool has_data(int descriptor) {
  pollfd ready{descriptor, POLLIN, 0};
  return poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0;
}

// A program that was started, and what it prints.
class RunningProgram {
 public:
  RunningProgram(pid_t pid, int output) : pid_(pid), output_(output) {}

  // Until it ends: it may close its output long before, and what it leaves behind may hold its
  // output open long after. Null in time; else why it was killed.
  const char* follow(Clock::time_point deadline, ProgramRun& run) {
    constexpr std::chrono::milliseconds kLook{20};
    int output = output_;  // -1, which poll takes for none, once it is closed
    for (;;) {
      const bool ended = has_ended(WNOHANG);
      if (!read_some(output, ended ? std::chrono::milliseconds{0} : kLook, run.output)) output = -1;
      if (run.output.size() > kMostOutput) return kill_all("printed more than 256 MiB");
      if (ended && (output < 0 || !has_data(output))) break;
      if (!ended && Clock::now() >= deadline) return kill_all("did not end");
    }
    run.exit_status = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    return nullptr;
  }

 private:
  // `options` as for waitpid(2).
  bool has_ended(int options) {
    while (!reaped_) {
      const pid_t got = waitpid(pid_, &status_, options);
      if (got == 0) return false;
      reaped_ = got == pid_ || errno != EINTR;
    }
    return true;
  }

  const char* kill_all(const char* why) {
    kill(-pid_, SIGKILL);
    has_ended(0);
    return why;
  }

  const pid_t pid_;
  const int output_;
  int status_ = 0;
  bool reaped_ = false;
};

}  // namespace

Result<ProgramRun> run_program(const std::vector<std::string>& arguments,
                               std::chrono::seconds limit) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return Error{std::string("pipe: ") + std::strerror(errno)};
  const Descriptor input(ends[0]);
  Descriptor output(ends[1]);
  pid_t child = -1;
  const int error = spawn(arguments, output.get(), &child);
  output = Descriptor();
  if (error != 0) {
    return Error{"cannot run " + in_quotes(arguments[0]) + ": " + std::strerror(error)};
  }
  ProgramRun run;
  const char* const killed = RunningProgram(child, input.get()).follow(Clock::now() + limit, run);
  if (killed == nullptr) return run;
  return Error{in_quotes(arguments[0]) + " " + killed + " in " + std::to_string(limit.count()) +
               " s and was killed"};
}

std::string control_program_of_distribution(const std::string& root) {
  constexpr const char* kPrograms[] = {"/usr/sbin/apachectl", "/usr/sbin/apache2ctl",
                                       "/usr/sbin/httpd", "/usr/local/sbin/apachectl"};
  const auto runs = [&](const char* program) {
    return access((root + program).c_str(), X_OK) == 0;
  };
  if (access((root + "/etc/httpd").c_str(), F_OK) == 0 && runs("/usr/sbin/httpd")) {
    return root + "/usr/sbin/httpd";
  }
  for (const char* const program : kPrograms) {
    if (runs(program)) return root + program;
  }
  return "";
}

}  // namespace plivo_dial::ctl
