// SPDX-License-Identifier: Apache-2.0
#include "lib/sink/hook_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "lib/base/system_file.h"
#include "lib/process/child_process.h"

namespace plivo_dial {
namespace {

using Clock = Stop::Clock;
using std::chrono::milliseconds;

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
  RunningHook(ChildProcess& process, Descriptor output)
      : process_(process), output_(std::move(output)) {}

  HookRun wait(Clock::time_point deadline, const Stop& stop) {
    HookRun run;
    run.end = HookRun::End::kExited;
    bool ended = false;
    while (!ended && Clock::now() < deadline && !stop.due()) ended = wait_until_soon(deadline);
    if (!ended) {
      run.end = stop.due() ? HookRun::End::kInterrupted : HookRun::End::kTimedOut;
      end_all();
    }
    run.wait_status = process_.collect();
    collected_ = true;
    reads_after_end_ = 0;
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
    std::array<pollfd, 2> polled{
        {{process_.end_descriptor(), POLLIN, 0}, {output_.get(), POLLIN, 0}}};
    const int ready = poll(polled.data(), polled.size(), static_cast<int>(time.count()));
    if (ready > 0 && polled[1].revents != 0 && !read_output()) output_.reset();
    return process_.has_ended();
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

  void end_all() {
    process_.terminate();
    const Clock::time_point deadline = Clock::now() + kTermGrace;
    while (Clock::now() < deadline && !wait_until_soon(deadline)) {
    }
    process_.kill_all();
  }

  static constexpr int kMaxReads = 16;  // a child of the hook may write for ever

  ChildProcess& process_;
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
  ChildProcess process({arguments, environment, event.get(), hook_end.get(), hook_end.get()});
  failed.error = process.start().error;
  if (!process.started()) return failed;
  hook_end.reset();
  HookRun run = RunningHook(process, std::move(output)).wait(Clock::now() + timeout, stop);
  run.limits_error = process.start().limits_error;
  return run;
}

}  // namespace plivo_dial
