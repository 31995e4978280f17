// SPDX-License-Identifier: Apache-2.0
// What clang has to refuse, by the number in FAULT; with 0 it is in order. See CMakeLists.txt.
#include "lib/base/mutex.h"

namespace plivo_dial::test {

class Ledger {
 public:
  int sum() {
#if FAULT != 1
    const MutexLock lock(mutex_);
#endif
    return sum_;
  }

  void add(int amount) PLIVO_EXCLUDES(mutex_) {
#if FAULT != 2
    const MutexLock lock(mutex_);
#endif
    change(amount);
  }

  void wait_for_some() {
#if FAULT != 3
    const MutexLock lock(mutex_);
#endif
#if FAULT == 4
    const auto is_there = [this] { return sum_ > 0; };
    while (!is_there()) changed_.wait(mutex_);
#else
    while (sum_ == 0) changed_.wait(mutex_);
#endif
  }

  void clear() {
    const MutexLock lock(mutex_);
    {
      const MutexUnlock unlocked(mutex_);
#if FAULT == 5
      sum_ = 0;
#endif
    }
    sum_ = 0;
#if FAULT == 6
    add(1);
#endif
  }

  void freeze() {
#if FAULT == 7
    const MutexLock lock(mutex_);
    const MutexLock closing(closing_);
#else
    const MutexLock closing(closing_);
    const MutexLock lock(mutex_);
#endif
    is_closed_ = true;
#if FAULT == 8
    mutex_.lock();
#endif
  }

 private:
  void change(int amount) PLIVO_REQUIRES(mutex_) {
    sum_ += amount;
    changed_.notify_all();
  }

  Mutex mutex_;
  ConditionVariable changed_;
  int sum_ PLIVO_GUARDED_BY(mutex_) = 0;
  Mutex closing_ PLIVO_ACQUIRED_BEFORE(mutex_);
  bool is_closed_ PLIVO_GUARDED_BY(closing_) = false;
};

}  // namespace plivo_dial::test
