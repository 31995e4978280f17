// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/child_end.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>

namespace plivo_dial {
namespace {

// Of <linux/pidfd.h> since Linux 6.15, which distributions' headers do not have yet: struct
// pidfd_info in its first size, PIDFD_GET_INFO and PIDFD_INFO_EXIT.
struct PidfdInfo {
  std::uint64_t mask;
  std::uint64_t cgroup;
  std::array<std::uint32_t, 11> ids;
  std::int32_t exit_code;  // as waitpid() gives it
};
static_assert(sizeof(PidfdInfo) == 64);
constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);
constexpr std::uint64_t kInfoExit = 1u << 3;

std::string exit_text(int status) {
  return "with exit status " + std::to_string(status);
}

std::string signal_text(int number) {
  const char* const name = sigabbrev_np(number);
  return "by signal " + std::to_string(number) +
         (name == nullptr ? "" : " (" + std::string(name) + ")");
}

}  // namespace

ChildEnd end_from_wait(int status) {
  if (WIFSIGNALED(status)) return {ChildEnd::Kind::kSignal, WTERMSIG(status)};
  return {ChildEnd::Kind::kExit, WEXITSTATUS(status)};
}

ChildEnd end_from_mpm(int number) {
  const bool may_be_signal = number > 0 && number <= SIGRTMAX;
  return {may_be_signal ? ChildEnd::Kind::kEither : ChildEnd::Kind::kExit, number};
}

int open_exit_watch(pid_t pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

std::optional<ChildEnd> end_from_watch(int watch) {
  PidfdInfo info{};
  info.mask = kInfoExit;
  const bool told =
      watch >= 0 && ioctl(watch, kGetInfo, &info) == 0 && (info.mask & kInfoExit) != 0;
  return told ? std::optional(end_from_wait(info.exit_code)) : std::nullopt;
}

ChildEnd settled(ChildEnd end, bool exits_by_itself) {
  if (end.kind == ChildEnd::Kind::kEither) {
    end.kind = exits_by_itself ? ChildEnd::Kind::kExit : ChildEnd::Kind::kSignal;
  }
  return end;
}

std::string describe(const ChildEnd& end) {
  switch (end.kind) {
    case ChildEnd::Kind::kExit:
      return exit_text(end.number);
    case ChildEnd::Kind::kSignal:
      return signal_text(end.number);
    case ChildEnd::Kind::kEither:
      break;
  }
  return exit_text(end.number) + " or " + signal_text(end.number) + " (httpd does not tell which)";
}

}  // namespace plivo_dial
