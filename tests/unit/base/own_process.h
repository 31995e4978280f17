// File: tests/unit/base/own_process.h
//
// For tests of what concerns a whole process, such as its identity or its system calls.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>

namespace plivo_dial {

// Runs `body` in a process of its own, whose failures are the test's.
template <class Body>
void in_own_process(const Body& body) {
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    body();
    std::fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(process, &status, 0), process);
  EXPECT_EQ(status, 0) << "see above, or it died";
}

// From now on this process gets `verdict` (SECCOMP_RET_...) for `call`.
inline void judge_system_call(std::uint32_t call, std::uint32_t verdict) {
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, verdict),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{sizeof rules / sizeof rules[0], rules};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  // In all threads: a sanitizer may have one of its own.
  ASSERT_EQ(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter), 0);
}

// From now on `call` fails with `error` in this process, as under an older kernel or in a
// container.
inline void refuse_system_call(std::uint32_t call, std::uint32_t error) {
  judge_system_call(call, SECCOMP_RET_ERRNO | error);
}

// From now on `call` is the end of this process.
inline void forbid_system_call(std::uint32_t call) {
  judge_system_call(call, SECCOMP_RET_KILL_PROCESS);
}

}  // namespace plivo_dial
