// File: lib/base/mutex.h
//
// A mutex of which the compiler knows what it guards. Declare with each member which mutex it
// needs, and with each function which one its caller must hold: clang refuses a source that does
// otherwise (mod_plivo_dial/options.cmake). Other compilers see a std::mutex, and nothing here
// costs more.
//
//   class Counter {
//    public:
//     void add() {
//       const MutexLock lock(mutex_);
//       ++count_;
//       changed_.notify_all();
//     }
//     void wait_for(int count) {
//       const MutexLock lock(mutex_);
//       while (count_ < count) changed_.wait(mutex_);
//     }
//
//    private:
//     Mutex mutex_;
//     ConditionVariable changed_;
//     int count_ PLIVO_GUARDED_BY(mutex_) = 0;
//   };
//
// It looks at one function at a time, a lambda being one of its own, and so does not see who calls
// through a std::function, nor what an iterator or a pointer kept elsewhere leads to; and not into
// constructors and destructors, whose object is theirs alone. Those have to be read.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define PLIVO_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define PLIVO_THREAD_ATTRIBUTE(attribute)
#endif

// Of a class: what can be held, `kind` being its name in messages; what holds it as long as it
// lives.
#define PLIVO_CAPABILITY(kind) PLIVO_THREAD_ATTRIBUTE(capability(kind))
#define PLIVO_SCOPED_CAPABILITY PLIVO_THREAD_ATTRIBUTE(scoped_lockable)

// Of a variable: it, or what it points to, is used by who holds `mutex`.
#define PLIVO_GUARDED_BY(mutex) PLIVO_THREAD_ATTRIBUTE(guarded_by(mutex))
#define PLIVO_PT_GUARDED_BY(mutex) PLIVO_THREAD_ATTRIBUTE(pt_guarded_by(mutex))

// Of a mutex: who takes it and those takes it first.
#define PLIVO_ACQUIRED_BEFORE(...) PLIVO_THREAD_ATTRIBUTE(acquired_before(__VA_ARGS__))

// Of a function or a lambda: its caller holds them, and still does so behind it; or does not, since
// it takes them itself.
#define PLIVO_REQUIRES(...) PLIVO_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define PLIVO_EXCLUDES(...) PLIVO_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

// Of a function: it takes or gives back what is named, or else its own object.
#define PLIVO_ACQUIRE(...) PLIVO_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define PLIVO_RELEASE(...) PLIVO_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))

namespace plivo_dial {

// Not recursive. Taken by a MutexLock.
class PLIVO_CAPABILITY("mutex") Mutex {
 public:
  void lock() PLIVO_ACQUIRE() { native_.lock(); }
  void unlock() PLIVO_RELEASE() { native_.unlock(); }

 private:
  friend class ConditionVariable;

  std::mutex native_;
};

// Holds a mutex as long as it lives.
class PLIVO_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) PLIVO_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~MutexLock() PLIVO_RELEASE() { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// Lets go of a mutex as long as it lives, for who holds it; also when it ends by an exception, it
// is held again.
class PLIVO_SCOPED_CAPABILITY MutexUnlock {
 public:
  explicit MutexUnlock(Mutex& mutex) PLIVO_RELEASE(mutex) : mutex_(mutex) { mutex_.unlock(); }
  ~MutexUnlock() PLIVO_RELEASE() { mutex_.lock(); }
  MutexUnlock(const MutexUnlock&) = delete;
  MutexUnlock& operator=(const MutexUnlock&) = delete;

 private:
  Mutex& mutex_;
};

// Wakes those who wait for a change of what a mutex guards. They let go of it meanwhile, and may
// wake without a reason: look again, in a loop, and not in a function of its own, of which the
// compiler would not know that the mutex is held.
class ConditionVariable {
 public:
  void wait(Mutex& mutex) PLIVO_REQUIRES(mutex) {
    std::unique_lock<std::mutex> held(mutex.native_, std::adopt_lock);
    native_.wait(held);
    held.release();
  }

  // False when `time` has come.
  bool wait_until(Mutex& mutex, std::chrono::steady_clock::time_point time) PLIVO_REQUIRES(mutex) {
    std::unique_lock<std::mutex> held(mutex.native_, std::adopt_lock);
    const std::cv_status status = native_.wait_until(held, time);
    held.release();
    return status == std::cv_status::no_timeout;
  }

  void notify_one() { native_.notify_one(); }
  void notify_all() { native_.notify_all(); }

 private:
  std::condition_variable native_;
};

}  // namespace plivo_dial
