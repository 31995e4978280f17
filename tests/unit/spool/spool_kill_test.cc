// SPDX-License-Identifier: Apache-2.0
// Promise: what append() accepted survives kill -9 of the writer at any moment.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "lib/spool/spool_writer.h"
#include "tests/unit/spool/spool_fixture.h"

namespace plivo_dial {
namespace {

constexpr int kThreads = 4;

// Appends for ever from several threads, and acknowledges each accepted event through the pipe.
[[noreturn]] void append_and_acknowledge(const std::string& spool, int cycle, int pipe) {
  Result<std::unique_ptr<SpoolWriter>> writer = SpoolWriter::open(spool);
  if (!writer) _exit(1);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&writer, cycle, t, pipe] {
      for (int i = 0;; ++i) {
        const std::string event =
            std::to_string(cycle) + "/" + std::to_string(t) + "/" + std::to_string(i);
        if (!(*writer)->append(event + std::string(5000, '.'))) _exit(1);
        const std::string line = event + "\n";
        if (write(pipe, line.data(), line.size()) < 0) _exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  _exit(1);
}

class SpoolKillTest : public SpoolTest {
 protected:
  // Kills a writer once it has acknowledged `after` events and `delay` has passed.
  void run_cycle(int cycle, std::size_t after, std::chrono::microseconds delay) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = fork();
    if (child == 0) append_and_acknowledge(spool_, cycle, ends[1]);
    close(ends[1]);
    std::string text;
    char buffer[4096];
    ssize_t got = 1;
    bool killed = false;
    while ((got = read(ends[0], buffer, sizeof(buffer))) > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
      if (killed || static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) < after) {
        continue;
      }
      std::this_thread::sleep_for(delay);
      kill(child, SIGKILL);
      killed = true;
    }
    close(ends[0]);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer must run until it is killed";
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
      acknowledged_.insert(text.substr(at, end - at));
    }
  }

  std::set<std::string> acknowledged_;
};

TEST_F(SpoolKillTest, LosesNothingThatWasAcknowledged) {
  constexpr int kCycles = 25;
  std::mt19937 random(4711);
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    run_cycle(cycle, 1 + random() % 300, std::chrono::microseconds(random() % 3000));
  }
  std::multiset<std::string> found;
  for (const std::string& name : segments()) {
    const SegmentScan result = scan(name);
    EXPECT_NE(result.state, SegmentState::kOpen);
    for (const BadRange& range : result.bad_ranges) EXPECT_TRUE(range.at_end) << name;
    for (const SegmentFrame& frame : result.frames) {
      found.insert(frame.payload.substr(0, frame.payload.find('.')));
    }
  }
  EXPECT_GT(acknowledged_.size(), static_cast<std::size_t>(kCycles));
  for (const std::string& event : acknowledged_) EXPECT_EQ(found.count(event), 1u) << event;
}

}  // namespace
}  // namespace plivo_dial
