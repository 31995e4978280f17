// SPDX-License-Identifier: Apache-2.0
#include "lib/process/process_setup.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <vector>

#include "tests/unit/base/own_process.h"

namespace plivo_dial {
namespace {

std::vector<int> open_descriptors() {
  std::vector<int> all;
  for (int one = 0; one < 256; ++one) {
    if (fcntl(one, F_GETFD) >= 0) all.push_back(one);
  }
  return all;
}

bool is_ignored(int number) {
  struct sigaction action {};
  sigaction(number, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

TEST(ProcessSetUp, KeepsTheStandardThreeAndNoOtherDescriptor) {
  in_own_process([] {
    const int leaked = dup2(STDERR_FILENO, 200);
    close(STDIN_FILENO);
    const Result<Descriptor> signals = set_up_process();
    ASSERT_TRUE(signals.ok()) << signals.error().message;
    EXPECT_THAT(open_descriptors(), testing::ElementsAre(0, 1, 2, signals->get()));
    EXPECT_NE(leaked, signals->get());
    EXPECT_EQ(std::filesystem::read_symlink("/proc/self/fd/0"), "/dev/null");
    EXPECT_NE(std::filesystem::read_symlink("/proc/self/fd/2"), "/dev/null");
  });
}

TEST(ProcessSetUp, FillsWhatIsMissingOfTheStandardThree) {
  in_own_process([] {
    close(STDIN_FILENO);
    close(STDERR_FILENO);
    const Result<Descriptor> signals = set_up_process();
    ASSERT_TRUE(signals.ok()) << signals.error().message;
    EXPECT_THAT(open_descriptors(), testing::ElementsAre(0, 1, 2, signals->get()));
    EXPECT_EQ(std::filesystem::read_symlink("/proc/self/fd/2"), "/dev/null");
  });
}

TEST(ProcessSetUp, TellsOfTheSignalsThatAskForAnEnd) {
  in_own_process([] {
    signal(SIGTERM, SIG_IGN);
    const Result<Descriptor> signals = set_up_process();
    ASSERT_TRUE(signals.ok()) << signals.error().message;
    pollfd ready{signals->get(), POLLIN, 0};
    EXPECT_EQ(poll(&ready, 1, 0), 0);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
      kill(getpid(), number);
      signalfd_siginfo info{};
      EXPECT_EQ(read(signals->get(), &info, sizeof info), static_cast<ssize_t>(sizeof info));
      EXPECT_EQ(info.ssi_signo, static_cast<std::uint32_t>(number));
    }
  });
}

// httpd's parent may have blocked and ignored what it likes.
TEST(ProcessSetUp, InheritsNoSignalsAndNoUmask) {
  in_own_process([] {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, nullptr);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGRTMAX, SIG_IGN);
    umask(0);
    const Result<Descriptor> signals = set_up_process();
    ASSERT_TRUE(signals.ok()) << signals.error().message;
    EXPECT_EQ(umask(0), 027u);
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, nullptr, &blocked);
    for (int number = 1; number <= SIGRTMAX; ++number) {
      const bool taken = number == SIGTERM || number == SIGINT || number == SIGHUP;
      EXPECT_EQ(sigismember(&blocked, number) == 1, taken) << number;
      EXPECT_EQ(is_ignored(number), number == SIGPIPE || number == SIGXFSZ) << number;
    }
  });
}

TEST(ProcessSetUp, ForgoesPrivilegesAndAdoptsOrphans) {
  in_own_process([] {
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    ASSERT_TRUE(set_up_process().ok());
    EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
    int adopts = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &adopts, 0, 0, 0);
    EXPECT_EQ(adopts, 1);
  });
}

TEST(TakeIdentity, MakesRootAnotherForGood) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  in_own_process([] {
    const Result<void> taken = take_identity({54397, 54398, {54399}});
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    uid_t uids[3] = {};
    gid_t gids[3] = {};
    getresuid(&uids[0], &uids[1], &uids[2]);
    getresgid(&gids[0], &gids[1], &gids[2]);
    EXPECT_THAT(uids, testing::Each(54397u));
    EXPECT_THAT(gids, testing::Each(54398u));
    gid_t group = 0;
    EXPECT_EQ(getgroups(1, &group), 1);
    EXPECT_EQ(group, 54399u);
    EXPECT_EQ(setuid(0), -1);
  });
}

// The kernel says that it did, and did not.
TEST(TakeIdentity, IsVerified) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  for (const int call : {SYS_setresuid, SYS_setresgid, SYS_setuid}) {
    in_own_process([call] {
      refuse_system_call(static_cast<std::uint32_t>(call), 0);
      const Result<void> taken = take_identity({54397, 54398, {}});
      ASSERT_FALSE(taken.ok()) << call;
      EXPECT_EQ(taken.error().message, "could not become uid 54397, gid 54398 for good");
    });
  }
}

TEST(TakeIdentity, LetsRootStayRootWhereThatIsSaid) {
  if (geteuid() != 0) GTEST_SKIP() << "only root has that identity";
  in_own_process([] {
    const Result<void> taken = take_identity({0, 54398, {}});
    ASSERT_TRUE(taken.ok()) << taken.error().message;
    EXPECT_EQ(geteuid(), 0u);
    EXPECT_EQ(getegid(), 54398u);
    EXPECT_EQ(getgroups(0, nullptr), 0);
  });
}

TEST(TakeIdentity, KeepsTheOneOfAnotherUser) {
  in_own_process([] {
    if (geteuid() == 0) {
      ASSERT_EQ(setresuid(54397, 54397, 54397), 0);
    }
    const uid_t before = geteuid();
    EXPECT_TRUE(take_identity({before + 1, 54398, {}}).ok());
    EXPECT_EQ(geteuid(), before);
    EXPECT_NE(getegid(), 54398u);
  });
}

}  // namespace
}  // namespace plivo_dial
