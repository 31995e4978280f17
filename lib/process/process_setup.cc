// SPDX-License-Identifier: Apache-2.0
#include "lib/process/process_setup.h"

#include <fcntl.h>
#include <grp.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lib/base/close_from.h"

namespace plivo_dial {
namespace {

Error failed(const char* call) {
  return Error{std::string(call) + ": " + std::strerror(errno)};
}

Result<void> tidy_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0) continue;
    if (open("/dev/null", O_RDWR) != descriptor) return failed("open /dev/null");
  }
  close_from(STDERR_FILENO + 1);
  return {};
}

Result<Descriptor> tidy_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  // It fails for SIGKILL, SIGSTOP and the C library's own, as it should.
  for (int number = 1; number <= SIGRTMAX; ++number) sigaction(number, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  sigaction(SIGXFSZ, &action, nullptr);  // a write beyond ulimit -f gives EFBIG
  sigset_t taken;
  sigemptyset(&taken);
  sigaddset(&taken, SIGTERM);
  sigaddset(&taken, SIGINT);
  sigaddset(&taken, SIGHUP);
  if (sigprocmask(SIG_SETMASK, &taken, nullptr) != 0) return failed("sigprocmask");
  Descriptor signals(signalfd(-1, &taken, SFD_CLOEXEC));
  if (!signals.valid()) return failed("signalfd");
  return signals;
}

// A few threads that wait most of the time need no memory of their own each, which they would not
// give back.
void limit_arenas() {
#ifdef __GLIBC__
  constexpr int kArenas = 2;
  mallopt(M_ARENA_MAX, kArenas);
#endif
}

}  // namespace

void give_back_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

Result<Descriptor> set_up_process() {
  limit_arenas();
  if (Result<void> tidied = tidy_descriptors(); !tidied) return tidied.error();
  umask(027);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("prctl PR_SET_NO_NEW_PRIVS");
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return failed("prctl PR_SET_CHILD_SUBREAPER");
  return tidy_signals();
}

Result<void> take_identity(const Identity& identity) {
  if (geteuid() != 0) return {};
  const uid_t uid = identity.uid;
  const gid_t gid = identity.gid;
  if (setgroups(identity.groups.size(), identity.groups.data()) != 0) return failed("setgroups");
  if (setresgid(gid, gid, gid) != 0) return failed("setresgid");
  if (setresuid(uid, uid, uid) != 0) return failed("setresuid");
  // Real, effective and saved.
  std::array<uid_t, 3> uids{};
  std::array<gid_t, 3> gids{};
  if (getresuid(&uids[0], &uids[1], &uids[2]) != 0) return failed("getresuid");
  if (getresgid(&gids[0], &gids[1], &gids[2]) != 0) return failed("getresgid");
  const bool taken = std::ranges::count(uids, uid) + std::ranges::count(gids, gid) == 6;
  const bool way_back = uid != 0 && setuid(0) == 0;
  if (!taken || way_back) {
    return Error{"could not become uid " + std::to_string(uid) + ", gid " + std::to_string(gid) +
                 " for good"};
  }
  return {};
}

}  // namespace plivo_dial
