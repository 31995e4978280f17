// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_questions.h"

#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "lib/base/text.h"

namespace plivo_dial::ctl {
namespace {

volatile sig_atomic_t g_signal = 0;

void note_signal(int signal) {
  g_signal = signal;
}

constexpr std::array kEndingSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// While it lives, ending signals are noted and let through only inside wait_for_input(). SIGTSTP
// waits: a shell would come back to a terminal that shows nothing.
class NotedSignals {
 public:
  NotedSignals() {
    g_signal = 0;
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTSTP);
    for (const int signal : kEndingSignals) sigaddset(&blocked, signal);
    sigprocmask(SIG_BLOCK, &blocked, &before_);
    waiting_ = before_;
    sigaddset(&waiting_, SIGTSTP);
    struct sigaction action {};
    action.sa_handler = note_signal;
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      sigaction(kEndingSignals[i], nullptr, &actions_[i]);
      // What was ignored before, as nohup does it, stays so.
      if (actions_[i].sa_handler != SIG_IGN) sigaction(kEndingSignals[i], &action, nullptr);
    }
  }
  NotedSignals(const NotedSignals&) = delete;
  NotedSignals& operator=(const NotedSignals&) = delete;
  ~NotedSignals() {
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      sigaction(kEndingSignals[i], &actions_[i], nullptr);
    }
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }

  // False when a signal came.
  bool wait_for_input() const {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (g_signal == 0) {
      if (ppoll(&input, 1, nullptr, &waiting_) > 0) return true;
      if (errno != EINTR) return true;  // read tells what is wrong
    }
    return false;
  }

 private:
  sigset_t before_;
  sigset_t waiting_;
  std::array<struct sigaction, kEndingSignals.size()> actions_ = {};
};

// The terminal shows nothing while it lives, but for the end of the line.
class SilentTerminal {
 public:
  explicit SilentTerminal(bool wanted) : active_(wanted && tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent.c_lflag |= ECHONL | ICANON;
    // What was typed before the question came was shown, and is thrown away.
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;
  ~SilentTerminal() {
    if (active_) tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }

  bool active() const { return active_; }

 private:
  termios before_ = {};
  const bool active_;
};

// The bytes of a line, erased behind us.
struct ErasedLine {
  ErasedLine() = default;
  ErasedLine(const ErasedLine&) = delete;
  ErasedLine& operator=(const ErasedLine&) = delete;
  ~ErasedLine() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

  std::array<char, kMaxSecretFileBytes> bytes = {};
  std::size_t size = 0;
};

// One byte at a time: what follows the line is for the next question.
Result<Secret> read_line(const NotedSignals& signals, const std::string& what) {
  ErasedLine line;
  while (signals.wait_for_input()) {
    if (line.size == line.bytes.size()) {
      return Error{what + " has more than " + std::to_string(line.bytes.size()) + " bytes"};
    }
    const ssize_t got = read(STDIN_FILENO, line.bytes.data() + line.size, 1);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return Error{what + ": standard input: " + std::strerror(errno)};
    if (got == 0 || line.bytes[line.size] == '\n') break;
    ++line.size;
  }
  return Secret(trim({line.bytes.data(), line.size}, kLineBlanks));
}

Result<Secret> ask_while_signals_are_noted(const std::string& question, const std::string& what,
                                           Echo echo, int* signal) {
  const NotedSignals signals;
  const bool terminal = answers_a_person();
  const SilentTerminal silent(terminal && echo == Echo::kOff);
  if (terminal && echo == Echo::kOff && !silent.active()) {
    return Error{what + ": the terminal cannot be made to show nothing: " + std::strerror(errno)};
  }
  if (terminal) std::fputs(question.c_str(), stderr);
  Result<Secret> line = read_line(signals, what);
  *signal = g_signal;
  return line;
}

}  // namespace

bool answers_a_person() {
  return isatty(STDIN_FILENO) == 1;
}

Result<Secret> ask(const std::string& question, const std::string& what, Echo echo) {
  int signal = 0;
  Result<Secret> line = ask_while_signals_are_noted(question, what, echo, &signal);
  // The terminal is as it was, and the signal has its usual effect.
  if (signal != 0) {
    std::fputc('\n', stderr);
    raise(signal);
    return Error{what + ": a signal came while it was asked for"};
  }
  return line;
}

}  // namespace plivo_dial::ctl
