// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/helper_thread.h"

#include <pthread.h>
#include <signal.h>

namespace plivo_dial {
namespace {

// Blocks signals for the present thread, whose mask a new thread inherits, until it ends.
class BlockedSignals {
 public:
  BlockedSignals() {
    sigset_t all;
    sigfillset(&all);
    // What tells of a crash of the thread itself must not be held back.
    for (const int crash : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS}) {
      sigdelset(&all, crash);
    }
    pthread_sigmask(SIG_SETMASK, &all, &former_);
  }
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &former_, nullptr); }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

 private:
  sigset_t former_{};
};

}  // namespace

std::thread start_helper_thread(const char* name, std::function<void()> body) {
  const BlockedSignals blocked;
  std::thread thread(std::move(body));
  pthread_setname_np(thread.native_handle(), name);
  return thread;
}

}  // namespace plivo_dial
