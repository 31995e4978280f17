// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/ask_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "lib/base/system_file.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::size_t kMostToldBytes = std::size_t{4} << 20;

// Standard output until its end, or until time is up. Nothing when the program does not end then.
std::optional<Told> output_until(SteadyTime deadline, pid_t program, int output) {
  Told told;
  bool ended = false;
  while (!ended && told.output.size() < kMostToldBytes) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd polled{output, POLLIN, 0};
    if (left.count() <= 0 || poll(&polled, 1, static_cast<int>(left.count())) <= 0) break;
    char buffer[4096];
    const ssize_t count = read(output, buffer, sizeof buffer);
    if (count > 0) told.output.append(buffer, static_cast<std::size_t>(count));
    ended = count <= 0;
  }
  int status = 0;
  pid_t got = 0;
  // It may close its output and go on.
  while (ended && (got = waitpid(program, &status, WNOHANG)) == 0 &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  if (got == 0) {
    kill(program, SIGKILL);
    got = waitpid(program, &status, 0);
    return std::nullopt;
  }
  told.status = got == program && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return told;
}

}  // namespace

std::optional<Told> ask_program(const std::vector<std::string>& arguments, std::string_view input,
                                milliseconds patience) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + patience;
  const Descriptor question = memory_file(input);
  int pipe[2];
  if (!question.valid() || pipe2(pipe, O_CLOEXEC) != 0) return std::nullopt;
  const Descriptor reading(pipe[0]);
  Descriptor writing(pipe[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, question.get(), 0);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  std::vector<char*> words;
  for (const std::string& argument : arguments)
    words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  pid_t started = 0;
  const int error = posix_spawn(&started, words.front(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  writing.reset();
  if (error != 0) return std::nullopt;
  return output_until(deadline, started, reading.get());
}

}  // namespace plivo_dial
