// SPDX-License-Identifier: Apache-2.0
#include "lib/books/store_check.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "lib/store/store_file.h"

namespace plivo_dial {
namespace {

constexpr std::chrono::milliseconds kInterruptPause{10};

}  // namespace

StoreCheck::StoreCheck(std::string spool, std::function<void()> found_harm)
    : spool_(std::move(spool)), found_harm_(std::move(found_harm)) {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    has_ended_ = true;  // there are no more threads: whoever reads a harmed page will see it
  }
}

// Only a statement that runs can be interrupted, and it may be about to begin.
StoreCheck::~StoreCheck() {
  ends_ = true;
  while (!has_ended_) {
    {
      const MutexLock guard(mutex_);
      if (database_ != nullptr) database_->interrupt();
    }
    std::this_thread::sleep_for(kInterruptPause);
  }
  if (thread_.joinable()) thread_.join();
}

void StoreCheck::run() {
  const Result<std::unique_ptr<Database>> database =
      connect_to_store(spool_, Database::Access::kRead);
  if (database) {
    {
      const MutexLock guard(mutex_);
      database_ = database->get();
    }
    const Result<bool> whole = ends_ ? Result<bool>(true) : is_whole(**database);
    if (whole && !*whole) found_harm_();
    const MutexLock guard(mutex_);
    database_ = nullptr;
  }
  has_ended_ = true;
}

}  // namespace plivo_dial
