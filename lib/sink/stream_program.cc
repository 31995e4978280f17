// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/stream_program.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "lib/log/log.h"
#include "lib/sink/hook_process.h"

namespace plivo_dial {
namespace {

using Clock = Stop::Clock;
using AnswerKind = StreamProgram::Answer::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kEndOfClosed{1000};  // what closed its descriptors is about to end
constexpr std::size_t kMaxAnswer = 1000;
constexpr std::size_t kShownAnswer = 200;
constexpr std::size_t kMaxErrorLine = 4000;
constexpr int kMaxReads = 16;  // at a time: it may write for ever

struct Pipe {
  Descriptor ours;
  Descriptor theirs;
};

// With our end not blocking. Invalid, with errno, when there is none to be had.
Pipe make_pipe(bool we_write) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {Descriptor(), Descriptor()};
  Pipe made{Descriptor(ends[we_write ? 1 : 0]), Descriptor(ends[we_write ? 0 : 1])};
  fcntl(made.ours.get(), F_SETFL, O_NONBLOCK);
  return made;
}

// write(2), without the SIGPIPE of a pipe whose reader has gone.
ssize_t write_quietly(int descriptor, std::string_view bytes) {
  sigset_t broken_pipe;
  sigset_t before;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  const ssize_t written = write(descriptor, bytes.data(), bytes.size());
  const int error = errno;
  if (written < 0 && error == EPIPE && sigismember(&before, SIGPIPE) == 0) {
    const timespec at_once{};
    sigtimedwait(&broken_pipe, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return written;
}

std::string how(int status) {
  if (WIFEXITED(status)) return "exited with " + std::to_string(WEXITSTATUS(status));
  return "died of signal " + std::to_string(WTERMSIG(status));
}

}  // namespace

StreamProgram::StreamProgram(const SinkConfig& sink, OnErrorLine on_error_line)
    : sink_(sink), on_error_line_(std::move(on_error_line)) {
  const std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8"};
  Pipe input = make_pipe(true);
  Pipe output = make_pipe(false);
  Pipe errors = make_pipe(false);
  if (!input.ours.valid() || !output.ours.valid() || !errors.ours.valid()) {
    start_error_ = errno;
    return;
  }
  process_ = std::make_unique<ChildProcess>(ChildPlan{
      sink_.program, environment, input.theirs.get(), output.theirs.get(), errors.theirs.get()});
  start_error_ = process_->start().error;
  if (!process_->started()) process_.reset();
  input_ = std::move(input.ours);
  output_ = std::move(output.ours);
  errors_ = std::move(errors.ours);
}

StreamProgram::~StreamProgram() {
  if (process_) end(milliseconds{0});
}

StreamProgram::Answer StreamProgram::wait_until_ready(const Stop& stop) {
  Answer answer = exchange("", stop);
  if (answer.kind == AnswerKind::kSilent) {
    answer.reason += ": a stream program begins with a line OK when it is ready";
  } else if (answer.kind == AnswerKind::kFailed) {
    answer.reason += " before it was ready";
  }
  return answer;
}

StreamProgram::Answer StreamProgram::hand_over(std::string_view line, const Stop& stop) {
  return exchange(line, stop);
}

StreamProgram::Answer StreamProgram::exchange(std::string_view line, const Stop& stop) {
  std::string_view rest = line;
  Time deadline = Clock::now() + seconds(sink_.timeout_seconds);
  for (;;) {
    if (std::optional<Answer> answer = take_answer(rest.empty(), &deadline)) {
      return std::move(*answer);
    }
    if (stop.due()) return failed(AnswerKind::kInterrupted, "was ended before it had answered");
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) {
      const std::string time = std::to_string(sink_.timeout_seconds) + " s";
      if (!rest.empty())
        return failed(AnswerKind::kSilent, "did not read the event within " + time);
      return failed(AnswerKind::kSilent, "wrote no line OK within " + time +
                                             (line.empty() ? " of its start" : "") +
                                             ", or keeps it in its buffer");
    }
    // Asked before reading, so that its last words are read.
    const bool ended = process_->has_ended();
    wait(!rest.empty(), ended ? milliseconds{0} : std::min(left, kStopCheck));
    read_output();
    if (said_.find('\n') != std::string::npos) continue;
    if (ended) return failed(AnswerKind::kFailed, "");
    if (!rest.empty()) write_some(&rest);
    if (!input_.valid() || !output_.valid()) {
      const bool input_closed = !input_.valid();
      wait_for_end(kEndOfClosed);
      if (process_->has_ended()) return failed(AnswerKind::kFailed, "");
      return failed(AnswerKind::kFailed,
                    input_closed ? "closed its standard input" : "closed its standard output");
    }
  }
}

// What it said, when that is a line, or too long for one. Dots move the deadline.
std::optional<StreamProgram::Answer> StreamProgram::take_answer(bool sent, Time* deadline) {
  const std::size_t dots = std::min(said_.find_first_not_of('.'), said_.size());
  said_.erase(0, dots);
  if (dots > 0 && sent) *deadline = Clock::now() + seconds(sink_.timeout_seconds);
  const std::size_t end = said_.find('\n');
  if (end == std::string::npos && said_.size() < kMaxAnswer) return std::nullopt;
  const std::string line = said_.substr(0, end);
  said_.erase(0, end == std::string::npos ? end : end + 1);
  if (!sent) return failed(AnswerKind::kFailed, "answered before it had read the whole event");
  if (line == "OK") return Answer();
  return failed(AnswerKind::kFailed, "answered '" + escaped(line.substr(0, kShownAnswer)) + "'");
}

StreamProgram::Answer StreamProgram::look_after() {
  const bool ended = process_->has_ended();
  read_errors(false);
  read_output();
  said_.erase(0, std::min(said_.find_first_not_of('.'), said_.size()));
  if (!said_.empty()) {
    return failed(AnswerKind::kFailed, "wrote '" + escaped(said_.substr(0, kShownAnswer)) +
                                           "' without having got an event");
  }
  if (ended) return failed(AnswerKind::kFailed, "");
  if (!output_.valid()) return failed(AnswerKind::kFailed, "closed its standard output");
  return {};
}

// Ends the program; `what` is the reason, or its end is.
StreamProgram::Answer StreamProgram::failed(AnswerKind kind, const std::string& what) {
  const std::string ended = end(milliseconds{0});
  return {kind, "'" + sink_.program[0] + "' " + (what.empty() ? ended : what)};
}

std::string StreamProgram::end(milliseconds patience) {
  input_.reset();
  wait_for_end(patience);
  if (!process_->has_ended()) {
    process_->terminate();
    wait_for_end(kTermGrace);
  }
  process_->kill_all();
  const int status = process_->collect();
  read_errors(true);
  process_.reset();
  return how(status);
}

// What it still writes is read, since it may not end before.
void StreamProgram::wait_for_end(milliseconds longest) {
  const Time deadline = Clock::now() + longest;
  while (!process_->has_ended()) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return;
    wait(false, std::min(left, kStopCheck));
    read_output();
    said_.clear();
  }
}

// Until there is something to do, and reads standard error.
void StreamProgram::wait(bool to_write, milliseconds longest) {
  std::array<pollfd, 4> polled{{{to_write ? input_.get() : -1, POLLOUT, 0},
                                {output_.get(), POLLIN, 0},
                                {errors_.get(), POLLIN, 0},
                                {process_->end_descriptor(), POLLIN, 0}}};
  poll(polled.data(), polled.size(), static_cast<int>(longest.count()));
  if (polled[2].revents != 0) read_errors(false);
}

void StreamProgram::write_some(std::string_view* rest) {
  const ssize_t written = write_quietly(input_.get(), *rest);
  if (written > 0) {
    rest->remove_prefix(static_cast<std::size_t>(written));
  } else if (errno != EAGAIN && errno != EINTR) {
    input_.reset();
  }
}

void StreamProgram::read_output() {
  std::array<char, 4096> buffer{};
  if (!output_.valid() || said_.size() >= kMaxAnswer) return;
  const ssize_t got = read(output_.get(), buffer.data(), buffer.size());
  if (got > 0) said_.append(buffer.data(), static_cast<std::size_t>(got));
  if (got == 0) output_.reset();
}

void StreamProgram::read_errors(bool to_the_end) {
  std::array<char, 4096> buffer{};
  for (int i = 0; errors_.valid() && i < kMaxReads; ++i) {
    const ssize_t got = read(errors_.get(), buffer.data(), buffer.size());
    if (got == 0) errors_.reset();
    if (got <= 0) break;
    error_line_.append(buffer.data(), static_cast<std::size_t>(got));
    for (;;) {
      const std::size_t end = error_line_.find('\n');
      if (end == std::string::npos && error_line_.size() < kMaxErrorLine) break;
      if (end != 0) on_error_line_(error_line_.substr(0, std::min(end, kMaxErrorLine)));
      error_line_.erase(0, end == std::string::npos ? kMaxErrorLine : end + 1);
    }
  }
  if (to_the_end && !error_line_.empty()) on_error_line_(std::exchange(error_line_, ""));
}

}  // namespace plivo_dial
