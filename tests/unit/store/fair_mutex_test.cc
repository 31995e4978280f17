// SPDX-License-Identifier: Apache-2.0
#include "lib/store/fair_mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace plivo_dial {
namespace {

TEST(FairMutex, IsHeldByOneAtATime) {
  FairMutex mutex;
  int sum = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 1000; ++k) {
        const FairLock guard(mutex);
        ++sum;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(sum, 4000);
}

// Of one who takes it without a pause, a Mutex would often see dozens of turns in between.
TEST(FairMutex, LetsAnotherInBetween) {
  FairMutex mutex;
  std::atomic<bool> enough{false};
  std::atomic<int> turns{0};
  std::thread greedy([&] {
    while (!enough) {
      const FairLock guard(mutex);
      ++turns;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  });
  while (turns == 0) std::this_thread::yield();
  int most = 0;
  for (int i = 0; i < 50; ++i) {
    std::atomic<int> before{0};
    std::thread other([&] {
      before = turns.load();
      const FairLock guard(mutex);
      most = std::max(most, turns - before);
    });
    other.join();
  }
  enough = true;
  greedy.join();
  // Between the count and the request the other may not have run for a while.
  EXPECT_LE(most, 20);
}

}  // namespace
}  // namespace plivo_dial
