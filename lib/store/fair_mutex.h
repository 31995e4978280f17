// File: lib/store/fair_mutex.h
//
// A mutex that is given to those who wait in the order in which they came. Use it where one thread
// takes it again and again at once, and others must come in between: a Mutex lets that thread have
// it every time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "lib/base/mutex.h"

namespace plivo_dial {

// Not recursive. Taken by a FairLock.
class PLIVO_CAPABILITY("mutex") FairMutex {
 public:
  void lock() PLIVO_ACQUIRE() {
    const MutexLock guard(mutex_);
    const std::uint64_t mine = next_++;
    while (served_ != mine) turn_.wait(mutex_);
  }
  void unlock() PLIVO_RELEASE() {
    {
      const MutexLock guard(mutex_);
      ++served_;
    }
    turn_.notify_all();
  }

 private:
  Mutex mutex_;
  ConditionVariable turn_;
  std::uint64_t next_ PLIVO_GUARDED_BY(mutex_) = 0;
  std::uint64_t served_ PLIVO_GUARDED_BY(mutex_) = 0;  // whose turn it is
};

// Holds one as long as it lives.
class PLIVO_SCOPED_CAPABILITY FairLock {
 public:
  explicit FairLock(FairMutex& mutex) PLIVO_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~FairLock() PLIVO_RELEASE() { mutex_.unlock(); }
  FairLock(const FairLock&) = delete;
  FairLock& operator=(const FairLock&) = delete;

 private:
  FairMutex& mutex_;
};

}  // namespace plivo_dial
