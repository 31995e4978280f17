// SPDX-License-Identifier: Apache-2.0
#include "lib/process/child_process.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "tests/unit/base/own_process.h"
#include "tests/unit/process/process_fixture.h"

namespace plivo_dial {
namespace {

class ChildProcessTest : public ProcessTest {
 protected:
  // A shell command that starts `script` as a daemon, which keeps nothing of the program's but its
  // output.
  static std::string daemon(const std::string& script) {
    return "(env -i setsid /bin/sh -c '" + script + "' &)\n";
  }

  static bool exists(pid_t process) { return kill(process, 0) == 0; }

  static void wait_for_end(const ChildProcess& program) {
    pollfd ended{program.end_descriptor(), POLLIN, 0};
    EXPECT_EQ(poll(&ended, 1, -1), 1);
  }
};

TEST_F(ChildProcessTest, TellsItsEnd) {
  ChildProcess program(plan_of("echo runs; read -r x; exit 7"));
  ASSERT_TRUE(program.started());
  wait_for_end(program);
  EXPECT_TRUE(program.has_ended());
  EXPECT_TRUE(exists(program.start().process)) << "as a zombie";
  const int status = program.collect();
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_FALSE(exists(program.start().process));
  EXPECT_EQ(said(), "runs\n");
}

TEST_F(ChildProcessTest, RunsUntilItEnds) {
  ChildProcess program(plan_of("echo runs; exec sleep 1000"));
  EXPECT_EQ(line(), "runs");
  EXPECT_FALSE(program.has_ended());
  kill(program.start().process, SIGINT);
  const int status = program.collect();
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

// To kill(2), the process -1 is everybody.
TEST_F(ChildProcessTest, SignalsDoNotKeepItFromBeingCollected) {
  in_own_process([this] {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, nullptr);
    const itimerval often{{0, 5000}, {0, 5000}};
    setitimer(ITIMER_REAL, &often, nullptr);
    ChildProcess program(plan_of("sleep 0.3; exit 7"));
    EXPECT_EQ(WEXITSTATUS(program.collect()), 7);
    const itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
  });
}

TEST_F(ChildProcessTest, WhatCannotStartIsSaidAndSignalsNobody) {
  in_own_process([this] {
    forbid_system_call(SYS_kill);
    ChildPlan plan = plan_of("");
    arguments_.front() = directory_ + "/none";
    ChildProcess program(plan);
    EXPECT_FALSE(program.started());
    EXPECT_EQ(program.start().error, ENOENT);
    EXPECT_EQ(program.end_descriptor(), -1);
    program.terminate();
    program.kill_all();
  });
}

// Its id may be another's by then.
TEST_F(ChildProcessTest, SignalsNobodyOnceItsEndIsCollected) {
  in_own_process([this] {
    std::optional<ChildProcess> program(std::in_place, plan_of("exit 0"));
    EXPECT_EQ(program->collect(), 0);
    forbid_system_call(SYS_kill);
    program.reset();
  });
}

TEST_F(ChildProcessTest, EndsWithItsObject) {
  pid_t process = 0;
  {
    const ChildProcess program(plan_of("trap '' TERM; sleep 1000 & " +
                                       daemon("trap \"\" TERM; exec sleep 1000") +
                                       "echo runs; wait"));
    EXPECT_EQ(line(), "runs");
    process = program.start().process;
  }
  EXPECT_FALSE(exists(process)) << "not even a zombie";
  EXPECT_EQ(said(), "") << "nobody is left to say anything";
}

// Also of what stands, and of what is no child of the program's any more.
TEST_F(ChildProcessTest, AllThatStemsFromTheProgramIsAskedToEnd) {
  const std::string obeys =
      "exec 2> /dev/null; trap \"echo asked; exit 0\" TERM; echo runs; "
      "while :; do sleep 0.01; done";
  ChildProcess program(plan_of(daemon(obeys) + "sh -c '" + obeys + "' &\n" +
                               "trap 'echo asked; exit 0' TERM; echo runs; kill -STOP $$; exit 1"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(line(), "runs");
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(program.start().process), &info, WSTOPPED), 0);
  program.terminate();
  EXPECT_EQ(said(), "asked\nasked\nasked\n");
  EXPECT_EQ(program.collect(), 0);
}

// The worst that a program can do: daemons with a session and an environment of their own.
TEST_F(ChildProcessTest, DaemonsOfTheProgramAreKilledAndThoseOfOthersAreNot) {
  const std::string stays = "trap \"\" TERM; echo $$; while :; do sleep 0.01; done";
  ChildProcess other(plan_of(daemon(stays) + "exec sleep 1000"));
  const pid_t innocent = std::stoi(line());
  ChildProcess program(plan_of(daemon(stays) + daemon(stays) + "exec sleep 1000"));
  const pid_t one = std::stoi(line());
  const pid_t two = std::stoi(line());
  program.kill_all();
  EXPECT_FALSE(exists(one)) << "not even a zombie";
  EXPECT_FALSE(exists(two)) << "not even a zombie";
  EXPECT_TRUE(program.has_ended());
  EXPECT_TRUE(exists(innocent));
  EXPECT_FALSE(other.has_ended());
  EXPECT_TRUE(WIFSIGNALED(program.collect()));
  other.kill_all();
  EXPECT_FALSE(exists(innocent));
  EXPECT_EQ(said(), "");
}

// Kernels before 5.3 have no pidfd_open(2).
TEST_F(ChildProcessTest, WithoutDescriptorsOfProcessesAllIsKilledAllTheSame) {
  in_own_process([this] {
    refuse_system_call(SYS_pidfd_open, ENOSYS);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    ChildProcess program(plan_of(daemon("echo $$; exec sleep 1000") + "exec sleep 1000"));
    ASSERT_TRUE(program.started());
    EXPECT_EQ(program.end_descriptor(), -1);
    const pid_t descendant = std::stoi(line());
    program.kill_all();
    EXPECT_FALSE(exists(descendant));
    EXPECT_TRUE(WIFSIGNALED(program.collect()));
  });
}

// What is traced stays, once it is killed, until its tracer has looked at it.
TEST_F(ChildProcessTest, WhatStaysThoughItIsKilledHoldsNobodyUp) {
  ChildProcess program(plan_of("sleep 1000 & echo $!; wait"));
  const pid_t descendant = std::stoi(line());
  int ends[2] = {-1, -1};
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const Descriptor seen(ends[0]);
  Descriptor sees(ends[1]);
  const pid_t tracer = fork();
  if (tracer == 0) {
    const char traces = ptrace(PTRACE_SEIZE, descendant, nullptr, nullptr) == 0 ? 'y' : 'n';
    if (write(sees.get(), &traces, 1) != 1) _exit(1);
    for (;;) pause();
  }
  sees.reset();
  char traces = 'n';
  EXPECT_EQ(read(seen.get(), &traces, 1), 1);
  program.kill_all();
  EXPECT_TRUE(program.has_ended());
  EXPECT_EQ(exists(descendant), traces == 'y');
  kill(tracer, SIGKILL);
  EXPECT_EQ(end_of(tracer), SIGKILL);
  program.kill_all();
  EXPECT_FALSE(exists(descendant));
  if (traces == 'n') GTEST_SKIP() << "this user may trace no program";
}

TEST_F(ChildProcessTest, StraysAreCollectedAndProgramsAreNot) {
  ChildProcess program(plan_of("(exit 0 &)\nexit 7"));
  ChildProcess lives(plan_of("exec sleep 1000"));
  wait_for_end(program);
  reap_strays();
  EXPECT_FALSE(lives.has_ended());
  EXPECT_EQ(WEXITSTATUS(program.collect()), 7);
  lives.kill_all();
  EXPECT_EQ(WTERMSIG(lives.collect()), SIGKILL);
  // As long as there is a child.
  for (siginfo_t info{}; waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0;) reap_strays();
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace plivo_dial
