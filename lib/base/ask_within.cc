// SPDX-License-Identifier: Apache-2.0
#include "lib/base/ask_within.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/base/close_from.h"

namespace plivo_dial {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// In the process that asks. What else is open is let go of: it may hang for as long as it likes.
[[noreturn]] void answer(int output, const std::function<std::string()>& ask) {
  constexpr int kOnly = STDERR_FILENO + 1;
  if (output != kOnly && dup2(output, kOnly) != kOnly) _exit(1);
  close_from(kOnly + 1);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; ++standard) dup2(nothing, standard);
  const std::string text = ask();
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = write(kOnly, text.data() + done, text.size() - done);
    if (written < 0 && errno != EINTR) _exit(1);
    if (written > 0) done += static_cast<std::size_t>(written);
  }
  // Its last byte says that all was said.
  _exit(write(kOnly, "", 1) == 1 ? 0 : 1);
}

// A grandchild, so that nobody here has to collect it. False when there is none.
bool start_asking(int output, const std::function<std::string()>& ask) {
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) answer(output, ask);
    _exit(grandchild > 0 ? 0 : 1);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return true;  // somebody else has collected it
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::optional<std::string> hear(int input, Clock::time_point deadline) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd polled{input, POLLIN, 0};
    if (poll(&polled, 1, static_cast<int>(left.count())) <= 0) continue;
    const ssize_t got = read(input, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  if (text.empty() || text.back() != '\0') return std::nullopt;
  text.pop_back();
  return text;
}

}  // namespace

std::optional<std::string> ask_within(milliseconds time, const std::function<std::string()>& ask) {
  const Clock::time_point deadline = Clock::now() + time;
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return ask();
  const bool asks = start_asking(ends[1], ask);
  close(ends[1]);
  std::optional<std::string> answer = asks ? hear(ends[0], deadline) : ask();
  close(ends[0]);
  return answer;
}

}  // namespace plivo_dial
