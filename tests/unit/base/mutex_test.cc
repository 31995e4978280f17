// SPDX-License-Identifier: Apache-2.0
#include "lib/base/mutex.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// The rest is for the compiler: tests/guard/lock_faults.cc.
struct Gate {
  Mutex mutex;
  ConditionVariable changed;
  bool is_open PLIVO_GUARDED_BY(mutex) = false;

  bool wait_until(steady_clock::time_point time) {
    const MutexLock lock(mutex);
    while (!is_open && changed.wait_until(mutex, time)) {
    }
    return is_open;
  }
  void open() {
    const MutexLock lock(mutex);
    is_open = true;
    changed.notify_all();
  }
};

TEST(Mutex, WhoWaitsLetsOthersChangeWhatItWaitsFor) {
  Gate gate;
  std::thread other([&] { gate.open(); });
  {
    const MutexLock lock(gate.mutex);
    while (!gate.is_open) gate.changed.wait(gate.mutex);
  }
  other.join();
  EXPECT_TRUE(gate.wait_until(steady_clock::now()));
}

TEST(Mutex, WaitingEndsWithTheTime) {
  Gate gate;
  const steady_clock::time_point end = steady_clock::now() + milliseconds(20);
  EXPECT_FALSE(gate.wait_until(end));
  EXPECT_GE(steady_clock::now(), end);
}

TEST(Mutex, IsHeldAgainBehindAnException) {
  Mutex mutex;
  std::atomic<bool> was_taken{false};
  std::thread other;
  {
    const MutexLock lock(mutex);
    try {
      const MutexUnlock unlocked(mutex);
      { const MutexLock free(mutex); }  // or it would wait for ever
      throw std::runtime_error("on the way");
    } catch (const std::runtime_error&) {
    }
    other = std::thread([&] {
      const MutexLock waiting(mutex);
      was_taken = true;
    });
    std::this_thread::sleep_for(milliseconds(20));
    EXPECT_FALSE(was_taken);
  }
  other.join();
  EXPECT_TRUE(was_taken);
}

}  // namespace
}  // namespace plivo_dial
