// SPDX-License-Identifier: Apache-2.0
// How httpd watches over a dispatcher that fails, and how one is served that somebody else runs.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

using std::chrono::seconds;

// Its replacement, as a package's upgrade makes it: another file under the same name.
void replace_by_copy(const std::string& path, const std::string& of, mode_t mode = 0755) {
  std::filesystem::copy_file(of, path + ".new", std::filesystem::copy_options::overwrite_existing);
  ASSERT_EQ(chmod((path + ".new").c_str(), mode), 0);
  std::filesystem::rename(path + ".new", path);
}

pid_t only_dispatcher(const HttpdServer& server) {
  const std::vector<ProcessInfo> dispatchers = server.dispatchers();
  return dispatchers.size() == 1 ? dispatchers[0].pid : 0;
}

bool is_replaced(const HttpdServer& server, pid_t first, seconds patience) {
  return wait_for(
      [&] {
        const pid_t now = only_dispatcher(server);
        return now != 0 && now != first;
      },
      patience);
}

// Starts httpd with a copy of the dispatcher, whose path it returns, and has an event delivered.
std::string start_with_own_program(PlivoServer& server) {
  const std::string program = server.httpd.root() + "/hook/plivo-diald";
  std::filesystem::copy_file(PLIVO_DIALD_PROGRAM, program);
  EXPECT_TRUE(server.httpd.start(EventSinks::directives() + "PlivoDispatcher On \"" + program +
                                 "\"\n" + kShortConfiguration));
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(1);
  return program;
}

TEST(DispatcherWatch, OneThatHangsIsKilledAndStartedAnew) {
  PlivoServer server;
  server.httpd.expect_log("PD0644");
  server.httpd.expect_log("PD0642");
  ASSERT_TRUE(server.start(kShortConfiguration));
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(1);
  const pid_t first = only_dispatcher(server.httpd);
  ASSERT_NE(first, 0);
  // Its silence means nothing before httpd has heard from it, which listens every ten seconds.
  std::this_thread::sleep_for(seconds(15));
  ASSERT_EQ(kill(first, SIGSTOP), 0);
  server.send("/dialstatus", "A1");
  EXPECT_TRUE(is_replaced(server.httpd, first, seconds(150)));
  server.sinks.expect_events(2);
}

TEST(DispatcherWatch, OneThatHangsFromItsStartIsKilledAfterFiveMinutes) {
  if (by_form(0, 1) == 0) GTEST_SKIP() << "takes six minutes; PLIVO_DIAL_LONG_TESTS=1 runs it";
  PlivoServer server;
  server.httpd.expect_log("PD0644");
  server.httpd.expect_log("PD0642");
  // Says nothing, and ends with its input.
  const std::string program = server.httpd.root() + "/hook/plivo-diald";
  std::ofstream(program) << "#!/bin/sh\nwhile read -r line; do :; done\n";
  ASSERT_EQ(chmod(program.c_str(), 0755), 0);
  ASSERT_TRUE(server.httpd.start(EventSinks::directives() + "PlivoDispatcher On \"" + program +
                                 "\"\n" + kShortConfiguration));
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  const pid_t first = only_dispatcher(server.httpd);
  ASSERT_NE(first, 0);
  replace_by_copy(program, PLIVO_DIALD_PROGRAM);
  EXPECT_TRUE(is_replaced(server.httpd, first, seconds(400)));
  server.sinks.expect_events(1);
}

TEST(DispatcherWatch, OneThatCannotBeStartedKeepsNobodyFromBeingServed) {
  PlivoServer server;
  const std::string program = start_with_own_program(server);
  ASSERT_FALSE(testing::Test::HasFailure());
  server.httpd.expect_log("PD0641: cannot run");
  server.httpd.expect_log("PD0642");
  ASSERT_EQ(chmod(program.c_str(), 0), 0);
  const pid_t first = only_dispatcher(server.httpd);
  ASSERT_EQ(kill(first, SIGKILL), 0);
  // In the long form also the one that comes five minutes later, and none between them.
  const auto complaints = static_cast<std::size_t>(by_form(1, 2));
  ASSERT_TRUE(wait_for(
      [&] {
        return lines_with(server.httpd.error_log(), "PD0641: cannot run").size() == complaints;
      },
      seconds(330)));
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  server.sinks.expect_events(1);

  ASSERT_EQ(chmod(program.c_str(), 0755), 0);
  EXPECT_TRUE(wait_for([&] { return only_dispatcher(server.httpd) != 0; }, seconds(60)));
  // The one that was killed may have had the first event in hand.
  server.sinks.expect_events(2, EventSinks::Repeats::kAllowed);
  // At the next look it is heard, has lived long enough, and the trouble is over.
  EXPECT_TRUE(wait_for([&] { return server.httpd.error_log().find("PD0643") != std::string::npos; },
                       seconds(60)));
}

TEST(DispatcherWatch, AnUpgradedProgramTakesOverAtTheNextReload) {
  PlivoServer server;
  const std::string program = start_with_own_program(server);
  ASSERT_FALSE(testing::Test::HasFailure());
  const pid_t first = only_dispatcher(server.httpd);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  ASSERT_EQ(only_dispatcher(server.httpd), first) << "nothing has changed";
  replace_by_copy(program, PLIVO_DIALD_PROGRAM);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(2);
  EXPECT_TRUE(wait_for([&] {
    const pid_t now = only_dispatcher(server.httpd);
    return now != 0 && now != first;
  }));
}

// It holds the spool, and nobody listens to it any more. After an upgrade, and at once two more
// reloads, as logrotate's: one with another program again.
TEST(DispatcherWatch, OneThatHangsWhenItIsToldToEndIsKilledWhateverReloadsFollow) {
  PlivoServer server;
  server.httpd.expect_log("PD0644: plivo-diald");
  server.httpd.allow_log("PD06");
  const std::string program = start_with_own_program(server);
  ASSERT_FALSE(testing::Test::HasFailure());
  const pid_t first = only_dispatcher(server.httpd);
  ASSERT_EQ(kill(first, SIGSTOP), 0);
  for (int reload = 0; reload < 3; ++reload) {
    if (reload != 1) replace_by_copy(program, PLIVO_DIALD_PROGRAM);
    ASSERT_TRUE(server.httpd.restart_gracefully());
  }
  server.send("/dialstatus", "A1");
  EXPECT_TRUE(wait_for([&] { return kill(first, 0) != 0 && errno == ESRCH; }, seconds(60)));
  server.sinks.expect_events(2, EventSinks::Repeats::kAllowed);
}

// plivo-diald as a unit would run it: not httpd's child, as the user whom httpd serves as.
class Unit {
 public:
  Unit(const HttpdServer& server, const std::string& file) {
    struct stat spool {};
    stat((server.root() + "/spool").c_str(), &spool);
    const std::string log = server.root() + "/logs/unit";
    const std::string program = server.files().within_reach(PLIVO_DIALD_PROGRAM);
    pid_ = fork();
    if (pid_ != 0) return;
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (geteuid() == 0 && (setgid(spool.st_gid) != 0 || setuid(spool.st_uid) != 0)) _exit(126);
    execl(program.c_str(), program.c_str(), "--config", file.c_str(), nullptr);
    _exit(127);
  }
  ~Unit() { end(); }
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  pid_t pid() const { return pid_; }

  int end() {
    if (pid_ <= 0) return -1;
    int status = -1;
    kill(pid_, SIGTERM);
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
};

TEST(ExternalDispatcher, IsToldByAFileWhatHttpdIsConfiguredTo) {
  PlivoServer server;
  const std::string file = server.httpd.root() + "/run/told/dispatcher.json";
  const std::string external = "PlivoDispatcher External \"" + file + "\"\n";
  const std::string plan(kShortConfiguration);
  Unit unit(server.httpd, file);  // before httpd: it waits
  ASSERT_TRUE(server.httpd.start(EventSinks::directives() + external + plan));
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  server.sinks.expect_events(1);
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  EXPECT_EQ(only_dispatcher(server.httpd), unit.pid()) << "httpd started one of its own";

  const std::string added = server.httpd.root() + "/events/added";
  server.httpd.reconfigure(EventSinks::directives() + "PlivoEventSink added \"file:" + added +
                           "\"\n" + external + plan);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_TRUE(wait_for([&] {
    return read_file(server.httpd.root() + "/logs/unit").find("PD0605") != std::string::npos;
  })) << "did not notice the new configuration";
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(2);
  EXPECT_TRUE(wait_for([&] { return std::filesystem::exists(added); }));

  EXPECT_EQ(unit.end(), 0) << read_file(server.httpd.root() + "/logs/unit");
}

TEST(ExternalDispatcher, TheLogSaysThatNoneServesTheSpool) {
  PlivoServer server;
  server.httpd.expect_log("PD0641: PlivoDispatcher External: no plivo-diald serves the spool");
  const std::string file = server.httpd.root() + "/run/dispatcher.json";
  ASSERT_TRUE(server.httpd.start(EventSinks::directives() + "PlivoDispatcher External \"" + file +
                                 "\"\n" + kShortConfiguration));
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  EXPECT_TRUE(wait_for([&] { return server.httpd.error_log().find("PD0641") != std::string::npos; },
                       seconds(120)));
  const Unit unit(server.httpd, file);
  server.sinks.expect_events(1);
  EXPECT_TRUE(wait_for([&] { return server.httpd.error_log().find("PD0643") != std::string::npos; },
                       seconds(60)));
}

TEST(ExternalDispatcher, ConfigtestNamesADirectoryThatIsMissing) {
  HttpdServer server;
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\n"
      "PlivoDispatcher External /nowhere/at/all/dispatcher.json\n" +
      std::string(kShortConfiguration));
  EXPECT_NE(result.exit_code, 0);
  EXPECT_NE(result.output.find("there is no directory \"/nowhere/at/all\""), std::string::npos)
      << result.output;
}

}  // namespace
}  // namespace plivo_dial::test
