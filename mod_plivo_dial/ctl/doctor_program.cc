// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/doctor_program.h"

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
#include "lib/delivery/system_file.h"

namespace plivo_dial::ctl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = std::size_t{8} << 20;

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

// Reads until the other end is closed; false when the time is over before.
bool read_all(int descriptor, Clock::time_point deadline, std::string& output) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd ready{descriptor, POLLIN, 0};
    const int polled = poll(&ready, 1, static_cast<int>(left));
    if (polled == 0 || (polled < 0 && errno == EINTR)) continue;
    std::array<char, 8192> part;
    const ssize_t got = read(descriptor, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    if (output.size() < kMostOutput) output.append(part.data(), static_cast<std::size_t>(got));
  }
}

int wait_status(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

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
  const bool ended = read_all(input.get(), Clock::now() + limit, run.output);
  if (!ended) kill(-child, SIGKILL);
  run.exit_status = wait_status(child);
  if (ended) return run;
  return Error{in_quotes(arguments[0]) + " did not end in " + std::to_string(limit.count()) +
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
