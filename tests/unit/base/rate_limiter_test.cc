// SPDX-License-Identifier: Apache-2.0
#include "lib/base/rate_limiter.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <barrier>
#include <csignal>
#include <new>
#include <thread>
#include <vector>

namespace plivo_dial {
namespace {

constexpr std::size_t kKinds = 3;
constexpr std::uint64_t kNow = 1'800'000'000;
using Counters = std::array<RateCounter, 1 + kKinds>;

// What became of the lines that were asked for.
struct Tally {
  std::uint64_t written = 0;
  std::uint64_t reported = 0;

  void add(const RateLimiter::Decision& decision) {
    written += decision.write ? 1 : 0;
    reported += decision.suppressed;
  }
};

Tally ask_often(RateLimiter& limiter, std::size_t kind, std::uint64_t now, int times) {
  Tally tally;
  for (int i = 0; i < times; ++i) tally.add(limiter.ask(kind, now));
  return tally;
}

TEST(RateLimiterTest, WhatIsPutBackIsReportedLater) {
  Counters counters{};
  RateLimiter limiter(counters, 1, 100);
  ask_often(limiter, 1, kNow, 8);
  const std::uint64_t taken = limiter.take_suppressed(1);
  EXPECT_EQ(taken, 7U);
  limiter.put_back(1, taken);
  EXPECT_EQ(limiter.ask(1, kNow + 1).suppressed, 7U);
  EXPECT_EQ(limiter.take_suppressed(1), 0U);
}

TEST(RateLimiterTest, EachKindHasItsBoundInEverySecond) {
  Counters counters{};
  RateLimiter limiter(counters, 3, 100);
  for (std::uint64_t second = kNow; second < kNow + 10; ++second) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      EXPECT_EQ(ask_often(limiter, kind, second, 3).written, 3u);
      EXPECT_EQ(ask_often(limiter, kind, second, 50).written, 0u);
    }
  }
}

TEST(RateLimiterTest, AllKindsTogetherHaveOne) {
  Counters counters{};
  RateLimiter limiter(counters, 10, 15);
  for (std::uint64_t second = kNow; second < kNow + 5; ++second) {
    EXPECT_EQ(ask_often(limiter, 0, second, 10).written, 10u);
    EXPECT_EQ(ask_often(limiter, 1, second, 10).written, 5u);
    EXPECT_EQ(ask_often(limiter, 2, second, 10).written, 0u);
  }
  EXPECT_EQ(limiter.take_suppressed(0), 0u);
  EXPECT_EQ(limiter.take_suppressed(1), 5u) << "after 20 that were reported";
  EXPECT_EQ(limiter.take_suppressed(2), 50u) << "counted for the kind, whichever bound refused";
}

TEST(RateLimiterTest, AFloodOfOneKindLeavesRoomForTheOthers) {
  Counters counters{};
  RateLimiter limiter(counters, 10, 15);
  EXPECT_EQ(ask_often(limiter, 0, kNow, 100'000).written, 10u);
  EXPECT_EQ(ask_often(limiter, 1, kNow, 5).written, 5u);
}

TEST(RateLimiterTest, TheNextLineReportsWhatWasLeftOut) {
  Counters counters{};
  RateLimiter limiter(counters, 2, 100);
  const auto ask = [&](std::uint64_t second) { return limiter.ask(1, second); };
  EXPECT_EQ(ask_often(limiter, 1, kNow, 7).reported, 0u);
  RateLimiter::Decision decision = ask(kNow + 1);
  EXPECT_TRUE(decision.write);
  EXPECT_EQ(decision.suppressed, 5u);
  decision = ask(kNow + 1);
  EXPECT_TRUE(decision.write);
  EXPECT_EQ(decision.suppressed, 0u) << "each is reported once";
  decision = ask(kNow + 1);
  EXPECT_FALSE(decision.write);
  EXPECT_EQ(decision.suppressed, 0u) << "only with a line that is written";
  EXPECT_EQ(limiter.ask(2, kNow + 2).suppressed, 0u) << "of its own kind only";
  EXPECT_EQ(limiter.take_suppressed(1), 1u);
  EXPECT_EQ(limiter.take_suppressed(1), 0u);
  EXPECT_EQ(ask(kNow + 3).suppressed, 0u);
}

TEST(RateLimiterTest, ALateTimeCountsAsTheNewest) {
  Counters counters{};
  RateLimiter limiter(counters, 2, 100);
  EXPECT_TRUE(limiter.ask(0, kNow).write);
  EXPECT_TRUE(limiter.ask(0, kNow - 1).write);
  EXPECT_FALSE(limiter.ask(0, kNow - 2).write);
  EXPECT_FALSE(limiter.ask(0, kNow).write) << "the late ones have begun no second";
  EXPECT_TRUE(limiter.ask(0, kNow + 1).write);
}

TEST(RateLimiterTest, AClockThatIsSetBackStartsAnew) {
  Counters counters{};
  RateLimiter limiter(counters, 1, 1);
  EXPECT_TRUE(limiter.ask(0, kNow).write);
  for (const std::uint64_t second : {kNow - 3, kNow - 3600, std::uint64_t{5}, std::uint64_t{0}}) {
    EXPECT_TRUE(limiter.ask(0, second).write) << second;
    EXPECT_FALSE(limiter.ask(0, second).write) << second;
  }
  EXPECT_TRUE(limiter.ask(0, kNow).write);
}

TEST(RateLimiterTest, BoundsMayBeNothingOrHuge) {
  Counters counters{};
  RateLimiter none(counters, 0, 10);
  EXPECT_EQ(ask_often(none, 0, kNow, 5).written, 0u);
  RateLimiter none_of_all(counters, 10, 0);
  EXPECT_EQ(ask_often(none_of_all, 0, kNow, 5).written, 0u);
  RateLimiter huge(counters, UINT32_MAX, UINT32_MAX);
  constexpr int kMostLines = (1 << 24) - 1;
  EXPECT_EQ(ask_often(huge, 0, kNow + 1, kMostLines + 10).written, std::uint64_t{kMostLines});
  EXPECT_FALSE(huge.ask(0, kNow + 1).write) << "the lines have not run over into the second";
  EXPECT_TRUE(huge.ask(0, kNow + 2).write);
}

TEST(RateLimiterTest, LimitersShareWhatTheirCountersHold) {
  Counters counters{};
  RateLimiter first(counters, 2, 10);
  RateLimiter second(counters, 2, 10);
  EXPECT_TRUE(first.ask(0, kNow).write);
  EXPECT_TRUE(second.ask(0, kNow).write);
  EXPECT_FALSE(first.ask(0, kNow).write);
  EXPECT_EQ(second.take_suppressed(0), 1u);
}

// Many lines and high bounds, so that the threads meet in every step and not only at its end.
TEST(RateLimiterTest, ThreadsWriteTheBoundAndLoseNoLine) {
  constexpr int kThreads = 4;
  constexpr int kSeconds = 5;
  constexpr int kEach = 100'000;  // lines that a thread asks for in a second
  constexpr std::uint32_t kBound = 90'000;
  constexpr std::uint32_t kBoundOfAll = 200'000;
  Counters counters{};
  std::array<std::array<Tally, kSeconds>, kThreads> tallies{};
  std::barrier<> second_ends(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      RateLimiter limiter(counters, kBound, kBoundOfAll);
      for (std::size_t second = 0; second < kSeconds; ++second) {
        for (std::size_t i = 0; i < kEach; ++i) {
          tallies[t][second].add(limiter.ask((t + i) % kKinds, kNow + second));
        }
        second_ends.arrive_and_wait();
      }
    });
  }
  std::uint64_t accounted = 0;
  std::atomic<bool> ended = false;
  std::thread summaries([&] {
    RateLimiter limiter(counters, kBound, kBoundOfAll);
    for (std::size_t kind = 0; !ended; kind = (kind + 1) % kKinds) {
      accounted += limiter.take_suppressed(kind);
    }
    for (std::size_t kind = 0; kind < kKinds; ++kind) accounted += limiter.take_suppressed(kind);
  });
  for (std::thread& thread : threads) thread.join();
  ended = true;
  summaries.join();

  for (std::size_t second = 0; second < kSeconds; ++second) {
    std::uint64_t written = 0;
    for (const auto& of_thread : tallies) {
      written += of_thread[second].written;
      accounted += of_thread[second].written + of_thread[second].reported;
    }
    EXPECT_EQ(written, kBoundOfAll) << "in second " << second;
  }
  EXPECT_EQ(accounted, std::uint64_t{kThreads} * kSeconds * kEach);
}

// What a signal handler does between any two instructions of the code under test. Unlike threads it
// meets every race on a machine with one processor as well.
struct Interruption {
  RateLimiter* limiter = nullptr;
  std::atomic<std::uint64_t> second = kNow;
  std::atomic<int> times = 0;
  std::atomic<std::uint64_t> written = 0;
  std::atomic<std::uint64_t> reported = 0;
};
Interruption* interruption = nullptr;

void interrupt(int) {
  for (int i = 0; i < 3; ++i) {
    const RateLimiter::Decision decision = interruption->limiter->ask(0, interruption->second);
    interruption->written += decision.write ? 1 : 0;
    interruption->reported += decision.suppressed;
  }
  if (interruption->times % 2 == 1)
    interruption->reported += interruption->limiter->take_suppressed(0);
  ++interruption->times;
}

// Calls interrupt() every few microseconds while it lives.
class Interrupter {
 public:
  explicit Interrupter(Interruption& what) {
    interruption = &what;
    struct sigaction action = {};
    action.sa_handler = interrupt;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, &before_);
    const itimerval often = {{0, 20}, {0, 20}};
    setitimer(ITIMER_REAL, &often, nullptr);
  }
  ~Interrupter() {
    const itimerval never = {};
    setitimer(ITIMER_REAL, &never, nullptr);
    sigaction(SIGALRM, &before_, nullptr);
  }

 private:
  struct sigaction before_ = {};
};

TEST(RateLimiterTest, NoInterruptionLosesALineOrExceedsTheBound) {
  constexpr int kInterruptions = 2000;
  constexpr std::uint32_t kBound = 500;
  constexpr int kEach = 1000;  // lines asked for in a second, beside those of the interruptions
  Counters counters{};
  RateLimiter limiter(counters, kBound, 2 * kBound);
  Interruption other{&limiter};
  Tally all;
  std::uint64_t asked = 0;
  {
    const Interrupter interrupter(other);
    while (other.times < kInterruptions) {
      const Tally own = ask_often(limiter, 0, other.second, kEach);
      all.written += own.written;
      all.reported += own.reported;
      asked += kEach;
      // The second has no line left, so that an interruption here changes nothing.
      const std::uint64_t seconds = other.second - kNow + 1;
      ASSERT_EQ(all.written + other.written, kBound * seconds);
      for (int i = 0; i < kEach; ++i) {
        all.add(limiter.ask(0, other.second));
        all.reported += limiter.take_suppressed(0);
      }
      asked += kEach;
      ++other.second;
    }
  }
  asked += 3 * static_cast<std::uint64_t>(other.times);
  EXPECT_EQ(
      all.written + all.reported + other.written + other.reported + limiter.take_suppressed(0),
      asked);
}

TEST(RateLimiterTest, ThreadsWithUnequalClocksKeepTheBound) {
  constexpr int kThreads = 6;
  constexpr std::uint64_t kSeconds = 50;
  constexpr std::uint32_t kBound = 10;
  Counters counters{};
  std::atomic<std::uint64_t> written = 0;
  std::barrier<> second_ends(kThreads);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      RateLimiter limiter(counters, kBound, 1000);
      for (std::uint64_t second = 0; second < kSeconds; ++second) {
        const std::uint64_t late = (second + t) % (RateLimiter::kMostSecondsBehind + 1);
        written += ask_often(limiter, 0, kNow + second - late, 500).written;
        second_ends.arrive_and_wait();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // The clocks have shown as many seconds as that.
  EXPECT_LE(written, kBound * (kSeconds + RateLimiter::kMostSecondsBehind));
  EXPECT_GE(written, kBound * (kSeconds - RateLimiter::kMostSecondsBehind));
}

// Memory as httpd's children share it.
struct Shared {
  static constexpr int kProcesses = 4;
  static constexpr std::size_t kSeconds = 5;

  Counters counters;
  pthread_barrier_t second_ends;
  std::array<std::array<Tally, kSeconds>, kProcesses> tallies;
};

class RateLimiterProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    void* const memory =
        mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    shared_ = static_cast<Shared*>(memory);
    pthread_barrierattr_t attributes;
    pthread_barrierattr_init(&attributes);
    pthread_barrierattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ASSERT_EQ(pthread_barrier_init(&shared_->second_ends, &attributes, Shared::kProcesses), 0);
    pthread_barrierattr_destroy(&attributes);
  }
  void TearDown() override { munmap(shared_, sizeof(Shared)); }

  Shared* shared_ = nullptr;
};

TEST_F(RateLimiterProcessTest, ProcessesWriteTheBoundAndLoseNoLine) {
  constexpr int kEach = 100'000;
  constexpr std::uint32_t kBound = 200'000;
  std::vector<pid_t> children;
  for (std::size_t p = 0; p < Shared::kProcesses; ++p) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      RateLimiter limiter(shared_->counters, kBound, 10 * kBound);
      for (std::size_t second = 0; second < Shared::kSeconds; ++second) {
        shared_->tallies[p][second] = ask_often(limiter, 2, kNow + second, kEach);
        pthread_barrier_wait(&shared_->second_ends);
      }
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
  std::uint64_t accounted = RateLimiter(shared_->counters, 1, 1).take_suppressed(2);
  for (std::size_t second = 0; second < Shared::kSeconds; ++second) {
    std::uint64_t written = 0;
    for (const auto& of_process : shared_->tallies) {
      written += of_process[second].written;
      accounted += of_process[second].written + of_process[second].reported;
    }
    EXPECT_EQ(written, kBound) << "in second " << second;
  }
  EXPECT_EQ(accounted, std::uint64_t{Shared::kProcesses} * Shared::kSeconds * kEach);
}

TEST_F(RateLimiterProcessTest, AKilledProcessBlocksNobody) {
  RateLimiter limiter(shared_->counters, 5, 5);
  for (std::uint64_t second = kNow; second < kNow + 20; ++second) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      while (true) (void)limiter.ask(0, second);
    }
    while (shared_->counters[1].suppressed < 100) std::this_thread::yield();
    ASSERT_EQ(kill(child, SIGKILL), 0);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    EXPECT_FALSE(limiter.ask(0, second).write);
    EXPECT_GE(limiter.take_suppressed(0), 100u);
  }
  EXPECT_TRUE(limiter.ask(0, kNow + 20).write);
}

}  // namespace
}  // namespace plivo_dial
