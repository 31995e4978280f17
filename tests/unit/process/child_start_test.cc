// SPDX-License-Identifier: Apache-2.0
#include "lib/process/child_start.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cerrno>
#include <limits>
#include <thread>

#include "tests/unit/base/own_process.h"
#include "tests/unit/process/process_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

class ChildStartTest : public ProcessTest {
 protected:
  // Runs `script` to its end.
  std::string said_by(const std::string& script) {
    pid_t announced = 0;
    const ChildStart start = start_child(plan_of(script), &announced);
    EXPECT_EQ(start.error, 0);
    EXPECT_EQ(start.limits_error, 0);
    EXPECT_EQ(announced, start.process);
    const std::string text = said();
    EXPECT_EQ(end_of(start.process), 0);
    return text;
  }

  static std::string limit_in(const std::string& limits, const std::string& name) {
    const std::size_t line = limits.find("Max " + name);
    std::istringstream words(line == std::string::npos ? "" : limits.substr(line + 26));
    std::string soft, hard;
    words >> soft >> hard;
    return soft + " " + hard;
  }
};

// A soft limit of this process's for as long as this lives.
class SoftLimit {
 public:
  SoftLimit(__rlimit_resource resource, rlim_t value) : resource_(resource) {
    getrlimit(resource_, &before_);
    const rlimit limit{value, before_.rlim_max};
    EXPECT_EQ(setrlimit(resource_, &limit), 0);
  }
  ~SoftLimit() { setrlimit(resource_, &before_); }
  SoftLimit(const SoftLimit&) = delete;
  SoftLimit& operator=(const SoftLimit&) = delete;

 private:
  const __rlimit_resource resource_;
  rlimit before_{};
};

TEST_F(ChildStartTest, ProgramGetsItsWordsAndItsEnvironmentOnly) {
  environment_.push_back("PLIVO_EVENT=dial.result");
  EXPECT_EQ(said_by("printf '%s|' \"$@\"; tr '\\0' '|' < /proc/$$/environ; pwd"),
            "one|$(two)|PATH=/usr/bin:/bin|PLIVO_EVENT=dial.result|/\n");
}

TEST_F(ChildStartTest, NothingOfThisProcessesSignalsReachesTheProgram) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const auto old_hangup = signal(SIGHUP, SIG_IGN);
  const auto old_pipe = signal(SIGPIPE, SIG_IGN);
  const auto old_last = signal(SIGRTMAX, SIG_IGN);
  const std::string status = said_by("cat /proc/self/status");
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, &before, &after);
  signal(SIGHUP, old_hangup);
  signal(SIGPIPE, old_pipe);
  signal(SIGRTMAX, old_last);

  EXPECT_THAT(status, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("SigIgn:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(status, HasSubstr("Umask:\t0077"));
  EXPECT_EQ(sigismember(&after, SIGUSR1), 1) << "this process's own stay as they were";
}

TEST_F(ChildStartTest, ProgramHasASessionOfItsOwn) {
  std::istringstream ids(said_by("ps -o sid=,pgid= -p $$; echo $$"));
  long session = 0, group = 0, process = -1;
  ids >> session >> group >> process;
  EXPECT_EQ(session, process);
  EXPECT_EQ(group, process);
}

TEST_F(ChildStartTest, ProgramGetsThreeDescriptorsOnly) {
  const Descriptor leaked(fcntl(STDERR_FILENO, F_DUPFD, 40));  // without O_CLOEXEC
  EXPECT_EQ(said_by("exec ls /proc/self/fd"), "0\n1\n2\n3\n") << "3 is the directory that ls reads";
}

// Kernels before 5.9 have no close_range(2).
TEST_F(ChildStartTest, ProgramGetsThreeDescriptorsOnlyFromOlderKernelsToo) {
  in_own_process([this] {
    const Descriptor leaked(fcntl(STDERR_FILENO, F_DUPFD, 40));
    refuse_system_call(SYS_close_range, ENOSYS);
    pid_t announced = 0;
    EXPECT_EQ(start_child(plan_of("exec ls /proc/self/fd"), &announced).error, 0);
    EXPECT_EQ(end_of(announced), 0);
  });
  EXPECT_EQ(said(), "0\n1\n2\n3\n");
}

TEST_F(ChildStartTest, DescriptorsMayBeTheThreeOfThisProcess) {
  ChildPlan plan = plan_of("exit 7");
  plan.input = STDIN_FILENO;
  plan.output = STDOUT_FILENO;
  plan.errors = STDERR_FILENO;
  pid_t announced = 0;
  EXPECT_EQ(start_child(plan, &announced).error, 0);
  EXPECT_EQ(WEXITSTATUS(end_of(announced)), 7);
}

TEST_F(ChildStartTest, DescriptorsMayStandBelowOneThatIsClosed) {
  in_own_process([this] {
    ChildPlan plan = plan_of("echo seen >&2");
    plan.errors = dup2(output_.get(), STDIN_FILENO);
    const Descriptor errors(dup(STDERR_FILENO));
    close(STDERR_FILENO);
    pid_t announced = 0;
    const ChildStart start = start_child(plan, &announced);
    dup2(errors.get(), STDERR_FILENO);
    EXPECT_EQ(start.error, 0);
    EXPECT_EQ(end_of(announced), 0);
  });
  EXPECT_EQ(said(), "seen\n");
}

// As where this process was started with some of the three closed.
TEST_F(ChildStartTest, DescriptorsMayStandInEachOthersPlaces) {
  std::ofstream(directory_ + "/input") << "to be copied\n";
  in_own_process([this] {
    const int input = open((directory_ + "/input").c_str(), O_RDONLY);
    const int output = open((directory_ + "/output").c_str(), O_WRONLY | O_CREAT, 0600);
    const int before = dup(STDOUT_FILENO);
    ChildPlan plan = plan_of("cat; echo and said >&2");
    plan.input = dup2(input, STDOUT_FILENO);
    plan.output = dup2(output, STDERR_FILENO);
    plan.errors = dup2(output, STDIN_FILENO);
    pid_t announced = 0;
    const ChildStart start = start_child(plan, &announced);
    dup2(before, STDOUT_FILENO);
    dup2(before, STDERR_FILENO);
    EXPECT_EQ(start.error, 0);
    EXPECT_EQ(end_of(start.process), 0);
  });
  EXPECT_EQ(read_text(directory_ + "/output"), "to be copied\nand said\n");
}

TEST_F(ChildStartTest, ProgramHasLimitsThatHarmNoOrdinaryOne) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const std::string most = std::to_string(std::min<rlim_t>(4096, files.rlim_max));
  const std::string limits = said_by("exec cat /proc/self/limits");
  EXPECT_EQ(limit_in(limits, "core file size"), "0 0");
  EXPECT_EQ(limit_in(limits, "open files"), "256 " + most);
  const std::string ours = read_text("/proc/self/limits");
  for (const char* const name : {"cpu time", "file size", "address space", "processes"}) {
    EXPECT_EQ(limit_in(limits, name), limit_in(ours, name)) << name << limits;
  }
}

TEST_F(ChildStartTest, LackOfMemoryEndsProgramsFirst) {
  EXPECT_EQ(said_by("while [ \"$(cat /proc/self/oom_score_adj)\" != 300 ]; do :; done"), "");
}

TEST_F(ChildStartTest, WhatCannotRunLeavesNothingBehind) {
  std::ofstream(directory_ + "/data") << "not a program";
  chmod((directory_ + "/data").c_str(), 0755);
  const struct {
    std::string program;
    int error;
  } cases[] = {
      {directory_ + "/none", ENOENT}, {directory_, EACCES}, {directory_ + "/data", ENOEXEC}};
  for (const auto& [program, error] : cases) {
    ChildPlan plan = plan_of("");
    arguments_.front() = program;
    pid_t announced = 0;
    const ChildStart start = start_child(plan, &announced);
    EXPECT_EQ(start.error, error) << program;
    EXPECT_EQ(start.process, -1) << program;
    EXPECT_EQ(start.mark, 0u) << program;
    EXPECT_EQ(waitpid(announced, nullptr, WNOHANG), -1) << "not even a zombie of " << program;
  }
}

TEST_F(ChildStartTest, WithoutADescriptorNothingIsStarted) {
  ChildPlan plan = plan_of("echo started");
  plan.errors = -1;
  pid_t announced = 0;
  const ChildStart start = start_child(plan, &announced);
  EXPECT_EQ(start.error, EBADF);
  EXPECT_EQ(start.process, -1);
  EXPECT_EQ(said(), "");
}

// As under a filter of system calls.
TEST_F(ChildStartTest, WithoutWhatTheKernelPromisesNothingIsStarted) {
  in_own_process([this] {
    refuse_system_call(SYS_prctl, EPERM);
    pid_t announced = 0;
    const ChildStart start = start_child(plan_of("echo started"), &announced);
    EXPECT_EQ(start.error, EPERM);
    EXPECT_EQ(start.process, -1);
  });
  EXPECT_EQ(said(), "");
}

// The successor of a dispatcher that was killed begins with the same event.
TEST_F(ChildStartTest, ProgramEndsWithTheThreadThatStartedIt) {
  ChildStart start;
  std::thread([&] {
    pid_t announced = 0;
    start = start_child(plan_of("trap '' HUP INT TERM; exec sleep 1000"), &announced);
  }).join();
  ASSERT_GT(start.process, 0);
  const int status = end_of(start.process);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST_F(ChildStartTest, EachRunAndWhatItStartsHaveTheirMark) {
  pid_t announced = 0;
  const ChildStart one = start_child(plan_of("exec sleep 1000"), &announced);
  const ChildStart other = start_child(plan_of("sleep 1000 & echo $!; wait"), &announced);
  const pid_t descendant = std::stoi(line());
  EXPECT_GE(one.mark, 1u << 30);
  EXPECT_LT(one.mark, 1u << 31);
  EXPECT_EQ(mark_of(other.process), other.mark);
  EXPECT_EQ(mark_of(descendant), other.mark);
  EXPECT_NE(one.mark, other.mark);
  for (const pid_t process : {one.process, other.process}) {
    kill(-process, SIGKILL);
    end_of(process);
  }
}

TEST_F(ChildStartTest, OnlyValuesThatAreGivenAreMarks) {
  const pid_t self = getpid();
  EXPECT_EQ(mark_of(self), 0u) << "no limit at all";
  const struct {
    rlim_t limit;
    std::uint32_t mark;
  } cases[] = {{(1u << 30) - 1, 0},
               {1u << 30, 1u << 30},
               {(1u << 31) - 1, (1u << 31) - 1},
               {rlim_t{1} << 31, 0},
               {rlim_t{1} << 32 | 1u << 30, 0}};
  for (const auto& [limit, mark] : cases) {
    const SoftLimit soft(RLIMIT_RTTIME, limit);
    EXPECT_EQ(mark_of(self), mark) << limit;
  }
  EXPECT_EQ(mark_of(std::numeric_limits<pid_t>::max()), 0u) << "nobody";
}

}  // namespace
}  // namespace plivo_dial
