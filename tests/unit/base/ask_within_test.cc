// SPDX-License-Identifier: Apache-2.0
#include "lib/base/ask_within.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/unit/base/own_process.h"

namespace plivo_dial {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{20000};

TEST(AskWithin, GivesWhatIsSaid) {
  EXPECT_EQ(ask_within(kLong, [] { return std::string("yes"); }), "yes");
  EXPECT_EQ(ask_within(kLong, [] { return std::string(); }), "");
  const std::string much(1 << 20, 'x');
  EXPECT_EQ(ask_within(kLong, [&] { return much; }), much);
}

TEST(AskWithin, WaitsNoLongerThanItIsToldTo) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const auto begin = std::chrono::steady_clock::now();
  const auto hang = [] {
    sleep(3);  // and not longer: it is nobody's child
    return std::string("never");
  };
  EXPECT_EQ(ask_within(milliseconds(100), hang), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(100));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kLong);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "there is nobody to collect";
  // The one that hangs has nothing of ours open: the pipe's last writer is here.
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);
  close(ends[0]);
}

TEST(AskWithin, OneThatDiesHasSaidNothing) {
  const auto die = []() -> std::string { _exit(0); };
  EXPECT_EQ(ask_within(kLong, die), std::nullopt);
}

TEST(AskWithin, HalfAnAnswerIsNone) {
  const auto die = []() -> std::string {
    // The only descriptor beside the standard three leads to who asks.
    _exit(write(STDERR_FILENO + 1, "half", 4) == 4 ? 0 : 1);
  };
  EXPECT_EQ(ask_within(kLong, die), std::nullopt);
}

TEST(AskWithin, ChildrenMayBeCollectedBySomebodyElse) {
  in_own_process([] {
    signal(SIGCHLD, SIG_IGN);
    EXPECT_EQ(ask_within(kLong, [] { return std::string("yes"); }), "yes");
  });
}

TEST(AskWithin, AsksHereWhereNoOtherProcessCanBeHad) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can take a user id that nobody has";
  // Itself alone, or a child and no grandchild.
  for (const rlim_t processes : {rlim_t{1}, rlim_t{2}}) {
    in_own_process([&] {
      constexpr uid_t kUid = 54396;
      const rlimit limit{processes, processes};
      ASSERT_EQ(setrlimit(RLIMIT_NPROC, &limit), 0);
      ASSERT_EQ(setresuid(kUid, kUid, kUid), 0);
      const std::string here = std::to_string(getpid());
      EXPECT_EQ(ask_within(kLong, [] { return std::to_string(getpid()); }), here) << processes;
    });
  }
}

}  // namespace
}  // namespace plivo_dial
