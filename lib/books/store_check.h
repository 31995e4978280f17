// File: lib/books/store_check.h
//
// Looks through a large store for harm while it is used already: at a start nothing has to wait for
// that.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "lib/base/mutex.h"
#include "lib/store/database.h"

namespace plivo_dial {

class StoreCheck {
 public:
  // Begins, in a thread of its own. `found_harm` is called there when there is harm; what it uses
  // must outlive this.
  StoreCheck(std::string spool, std::function<void()> found_harm);

  // Ends it, also in the middle.
  ~StoreCheck();
  StoreCheck(const StoreCheck&) = delete;
  StoreCheck& operator=(const StoreCheck&) = delete;

 private:
  void run();

  const std::string spool_;
  const std::function<void()> found_harm_;
  std::atomic<bool> ends_{false};
  std::atomic<bool> has_ended_{false};
  Mutex mutex_;
  Database* database_ PLIVO_GUARDED_BY(mutex_) = nullptr;  // while it is looked through
  std::thread thread_;                                     // last: it uses the above
};

}  // namespace plivo_dial
