// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sink/hook_process.h"
#include "lib/sink/make_sink.h"
#include "lib/sink/sink.h"
#include "tests/unit/delivery/delivery_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Outcome = Attempt::Outcome;

class ExecSinkTest : public DeliveryTest {
 protected:
  // As the dispatcher.
  static void SetUpTestSuite() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

  std::unique_ptr<Sink> sink_of(const std::string& program, int timeout = 30) {
    SinkConfig config;
    config.name = "crm";
    config.kind = SinkKind::kExec;
    config.program = {program, "--mode=fast", "$(reboot) *"};
    config.timeout_seconds = timeout;
    return make_exec_sink(config, log_);
  }

  Attempt run(const std::string& body, unsigned number = 1, int timeout = 30) {
    Event event = event_of(7);
    event.attempt = number;
    return sink_of(write_hook("hook", body), timeout)->attempt(event, stop_);
  }

  static std::vector<std::string> lines_of(const std::string& text, char separator = '\n') {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line, separator);) lines.push_back(line);
    return lines;
  }

  static bool lives(const std::string& pid) {
    const std::string stat = read_text("/proc/" + pid + "/stat");
    return !stat.empty() && stat.find(") Z") == std::string::npos;
  }

  Stop stop_;
};

TEST_F(ExecSinkTest, ProgramGetsEventArgumentsAndNothingElse) {
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto old_handler = signal(SIGPIPE, SIG_IGN);
  const std::string d = directory_;
  const Attempt attempt =
      run("cat > " + d + "/stdin; printf '%s|' \"$@\" > " + d + "/argv; cat /proc/$$/environ > " +
          d + "/environ; cp /proc/self/status " + d + "/status; ps -o sid=,pgid= -p $$ > " + d +
          "/session; echo $$ >> " + d + "/session; pwd > " + d + "/cwd");
  signal(SIGPIPE, old_handler);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);

  EXPECT_EQ(attempt.outcome, Outcome::kDone) << log_.lines();
  EXPECT_EQ(read_text(d + "/stdin"), to_json(event_of(7)) + "\n");
  EXPECT_EQ(read_text(d + "/argv"), "--mode=fast|$(reboot) *|");
  EXPECT_THAT(lines_of(read_text(d + "/environ"), '\0'),
              UnorderedElementsAre("PATH=/usr/bin:/bin", "LANG=C.UTF-8", "PLIVO_ATTEMPT=1",
                                   "PLIVO_EVENT=dial.result", "PLIVO_EVENT_ID=" + id_of(7),
                                   "PLIVO_CALL=6f1d0000-0000-0000-0000-000000000001",
                                   "PLIVO_DIAL_STATUS=completed"));
  EXPECT_THAT(read_text(d + "/status"), HasSubstr("SigBlk:\t0000000000000000"));
  const std::string status = read_text(d + "/status");
  EXPECT_THAT(status, HasSubstr("SigIgn:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(status, HasSubstr("Umask:\t0077"));
  const std::string session = read_text(d + "/session");
  std::istringstream ids(session);
  long sid = 0, group = 0, pid = -1;
  ids >> sid >> group >> pid;
  EXPECT_EQ(sid, pid) << session;
  EXPECT_EQ(group, pid) << session;
  EXPECT_EQ(read_text(d + "/cwd"), "/\n");
}

TEST_F(ExecSinkTest, ExitCodesDecide) {
  EXPECT_EQ(run("exit 0").outcome, Outcome::kDone);
  for (const char* const body : {"exit 65", "exit 100"}) {
    const Attempt attempt = run(body);
    EXPECT_EQ(attempt.outcome, Outcome::kRefused) << body;
    EXPECT_EQ(attempt.log_id, "PD0633");
  }
  for (const char* const body : {"exit 1", "exit 75", "exit 127", "kill -KILL $$"}) {
    const Attempt attempt = run(body);
    EXPECT_EQ(attempt.outcome, Outcome::kFailed) << body;
    EXPECT_EQ(attempt.log_id, "PD0631");
  }
  EXPECT_EQ(run("echo no; echo 'bad\033' ; exit 75").reason,
            "'" + directory_ + "/hook' exited with 75, saying 'bad\\x1b'");
  EXPECT_THAT(run("kill -KILL $$").reason, HasSubstr("died of signal 9"));
}

TEST_F(ExecSinkTest, ProgramThatCannotStartIsTriedAgain) {
  Attempt attempt = sink_of(directory_ + "/none")->attempt(event_of(1), stop_);
  EXPECT_EQ(attempt.outcome, Outcome::kFailed);
  EXPECT_THAT(attempt.reason, HasSubstr("could not be started: No such file"));
  std::ofstream(directory_ + "/data") << "not a program";
  chmod((directory_ + "/data").c_str(), 0755);
  attempt = sink_of(directory_ + "/data")->attempt(event_of(1), stop_);
  EXPECT_EQ(attempt.outcome, Outcome::kFailed);
  EXPECT_THAT(attempt.reason, HasSubstr("Exec format error"));
}

TEST_F(ExecSinkTest, ProgramThatIsJustBeingInstalledIsWaitedFor) {
  const std::string program = directory_ + "/copy";
  std::filesystem::copy_file("/bin/true", program);
  const int writer = open(program.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  EXPECT_THAT(sink_of(program)->attempt(event_of(1), stop_).reason, HasSubstr("Text file busy"));
  std::thread installer([writer] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    close(writer);
  });
  EXPECT_EQ(sink_of(program)->attempt(event_of(1), stop_).outcome, Outcome::kDone);
  installer.join();
}

// In a process of its own, which may have no other one.
TEST_F(ExecSinkTest, ShortageOfProcessesIsNoAttempt) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can take a user id that nobody has";
  const std::string hook = write_hook("hook", "exit 0");
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t kUid = 54399;
    const rlimit none{1, 1};
    if (setrlimit(RLIMIT_NPROC, &none) != 0 || setresuid(kUid, kUid, kUid) != 0) _exit(2);
    const auto sink = sink_of(hook);
    const Attempt first = sink->attempt(event_of(1), stop_);
    const Attempt second = sink->attempt(event_of(1), stop_);
    const bool right = first.outcome == Outcome::kWait && second.outcome == Outcome::kWait &&
                       first.delay.count() == 1000 && count_of(log_.lines(), "PD0636") == 1;
    _exit(right ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(ExecSinkTest, OutputIsLoggedEscapedAndCapped) {
  EXPECT_EQ(run("echo one; printf 'two\\033[31m\\n' >&2; echo three").outcome, Outcome::kDone);
  EXPECT_THAT(log_.lines(), HasSubstr("says: one\n"));
  EXPECT_THAT(log_.lines(), HasSubstr("says: two\\x1b[31m\n"));
  EXPECT_EQ(run("yes 2> /dev/null | head -n 500").outcome, Outcome::kDone);
  EXPECT_EQ(count_of(log_.lines(), "says: y\n"), 20u);
  EXPECT_THAT(log_.lines(), HasSubstr("says more"));
  Stop stop;
  const std::string flood = write_hook("flood", "head -c 3000000 /dev/zero");
  const HookRun run =
      run_hook({flood}, {"PATH=/bin:/usr/bin"}, "x", std::chrono::seconds(30), stop);
  EXPECT_EQ(run.end, HookRun::End::kExited);
  EXPECT_EQ(run.wait_status, 0);
  EXPECT_EQ(run.output.size(), kMaxHookOutput);
}

TEST_F(ExecSinkTest, InputThatIsNotReadDoesNoHarm) {
  Event event = event_of(1);
  event.params.emplace_back("Long", std::string(300000, 'x'));
  const auto sink = sink_of(write_hook("hook", "exec <&-; exit 0"));
  EXPECT_EQ(sink->attempt(event, stop_).outcome, Outcome::kDone);
}

TEST_F(ExecSinkTest, ChildThatKeepsOutputOpenHoldsNobodyUp) {
  EXPECT_EQ(run("sleep 1000 & echo $! > " + directory_ + "/pid; exit 0").outcome, Outcome::kDone);
  const std::string pid = lines_of(read_text(directory_ + "/pid")).at(0);
  EXPECT_TRUE(lives(pid));
  kill(std::stoi(pid), SIGKILL);
}

TEST_F(ExecSinkTest, NothingOfARunSurvivesItsTimeout) {
  const std::string pids = directory_ + "/pids";
  const Attempt attempt =
      run("trap '' TERM; setsid sleep 1000 & echo $! > " + pids + "; sleep 1001 & echo $! >> " +
              pids + "; echo $$ >> " + pids + "; while :; do sleep 1; done",
          1, 1);
  EXPECT_EQ(attempt.outcome, Outcome::kFailed);
  EXPECT_EQ(attempt.log_id, "PD0632");
  EXPECT_THAT(attempt.reason, HasSubstr("hook' was ended after 1 s"));
  const std::vector<std::string> all = lines_of(read_text(pids));
  ASSERT_EQ(all.size(), 3u);
  for (const std::string& pid : all) EXPECT_FALSE(lives(pid)) << pid;
}

// The worst that a program can do: daemons with a session, an environment and an output of their
// own, which nobody but the subreaper has as a child.
TEST_F(ExecSinkTest, DaemonsOfARunDoNotSurviveItsTimeoutAndThoseOfOthersDo) {
  const std::string d = directory_;
  const auto daemon = [&d](const std::string& name) {
    return "(env -i setsid /bin/sh -c 'trap \"\" TERM; echo $$ > " + d + "/" + name +
           "; while :; do sleep 1; done' < /dev/null > /dev/null 2>&1 &)\n";
  };
  const std::string other = write_hook("other", daemon("innocent") + "sleep 1000");
  std::thread another([&] { sink_of(other)->attempt(event_of(1), stop_); });
  EXPECT_TRUE(eventually([&] { return !read_text(d + "/innocent").empty(); }));

  EXPECT_EQ(run(daemon("one") + daemon("two") + "sleep 1000", 1, 1).log_id, "PD0632");
  for (const char* const name : {"/one", "/two"}) {
    const std::vector<std::string> pids = lines_of(read_text(d + name));
    ASSERT_EQ(pids.size(), 1u) << name;
    EXPECT_FALSE(std::filesystem::exists("/proc/" + pids[0])) << "not even a zombie";
  }
  const std::string innocent = lines_of(read_text(d + "/innocent")).at(0);
  EXPECT_TRUE(lives(innocent));
  stop_.request(Stop::Clock::now());
  another.join();
  EXPECT_FALSE(lives(innocent));
}

TEST_F(ExecSinkTest, EndOfDispatcherInterruptsARun) {
  Attempt attempt;
  const auto sink = sink_of(write_hook("hook", "echo > " + directory_ + "/began; sleep 1000"));
  std::thread thread([&] { attempt = sink->attempt(event_of(1), stop_); });
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(directory_ + "/began"); }));
  stop_.request(Stop::Clock::now());
  thread.join();
  EXPECT_EQ(attempt.outcome, Outcome::kInterrupted);
}

}  // namespace
}  // namespace plivo_dial
