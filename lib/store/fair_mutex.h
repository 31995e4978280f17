// File: lib/store/fair_mutex.h
//
// A mutex that is given to those who wait in the order in which they came. Use it where one thread
// takes it again and again at once, and others must come in between: std::mutex lets that thread
// have it every time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace plivo_dial {

// Not recursive. For std::lock_guard.
class FairMutex {
 public:
  void lock() {
    std::unique_lock<std::mutex> guard(mutex_);
    const std::uint64_t mine = next_++;
    turn_.wait(guard, [&] { return served_ == mine; });
  }
  void unlock() {
    {
      const std::lock_guard<std::mutex> guard(mutex_);
      ++served_;
    }
    turn_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  std::uint64_t next_ = 0;
  std::uint64_t served_ = 0;  // whose turn it is
};

}  // namespace plivo_dial
