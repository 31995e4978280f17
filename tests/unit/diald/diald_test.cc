// SPDX-License-Identifier: Apache-2.0
// plivo-diald as a process, as httpd or a person starts it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "lib/settings/dispatcher_config.h"
#include "lib/store/database.h"
#include "tests/unit/diald/diald_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

TEST_F(DialdTest, DeliversUntilItsInputEnds) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  spool_events(1, 5);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 5; }));
  close_input();
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_EQ(count_of(log_text(), "\n"), 2u) << "quiet at good work:\n" << log_text();
  EXPECT_THAT(log_text().substr(0, log_text().find('\n')),
              MatchesRegex("\\[[A-Z][a-z][a-z] [A-Z][a-z][a-z] [0-9]+ [0-9:]+\\.[0-9]{6} [0-9]+\\] "
                           "\\[plivo_dial:notice\\] \\[pid [0-9]+\\] PD0601: plivo-diald .*"));
  EXPECT_THAT(log_text(), HasSubstr("PD0602"));
}

TEST_F(DialdTest, EndOfInputFinishesWhatTheSpoolHas) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  spool_events(1, 200);
  close_input();
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_EQ(count_of(read_text(out("a")), "\n"), 200u);
}

TEST_F(DialdTest, FurtherLineChangesTheSinks) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  config_.sinks.clear();
  add_sink({"b", "file:" + out("b")});
  send("{broken");
  EXPECT_TRUE(logs("PD0606"));
  send(to_json(config_));
  EXPECT_TRUE(logs("PD0605"));
  spool_events(1, 3);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("b")), "\n") == 3; }));
  EXPECT_EQ(read_text(out("a")), "");
}

// Of the killed one nobody knows what it handed over last.
TEST_F(DialdTest, OnlyWhatAKilledOneLeftBehindSaysThatItMayComeAgain) {
  const std::string directory = out("later");
  add_sink({"a", "file:" + directory + "/a"});
  const auto leave_behind = [&](int first) {
    std::filesystem::remove_all(directory);
    const std::size_t before = count_of(log_text(), "cannot open");
    start_and_configure();
    spool_events(first, 3);
    ASSERT_TRUE(eventually([&] { return count_of(log_text(), "cannot open") > before; }));
  };
  const auto deliver_the_rest = [&] {
    std::filesystem::create_directory(directory);
    start_and_configure();
    ASSERT_TRUE(eventually([&] { return count_of(read_text(directory + "/a"), "\n") == 3; }));
    close_input();
    EXPECT_EQ(wait_for_end(), 0);
  };
  leave_behind(1);
  close_input();
  EXPECT_EQ(wait_for_end(), 0);
  deliver_the_rest();
  EXPECT_EQ(count_of(read_text(directory + "/a"), "\"attempt\""), 0u);

  leave_behind(4);
  kill(process_, SIGKILL);
  wait_for_end();
  deliver_the_rest();
  EXPECT_EQ(count_of(read_text(directory + "/a"), "\"attempt\":2"), 3u);
}

TEST_F(DialdTest, FurtherLineChangesTheSpool) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  spool_ = directory_ + "/other";
  std::filesystem::create_directory(spool_);
  config_.spool = spool_;
  send(to_json(config_));
  EXPECT_TRUE(logs("serves the spool '" + spool_ + "'"));
  EXPECT_THAT(log_text(), HasSubstr("PD0607: PlivoSpool has changed from"));
  spool_events(1, 3);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 3; }));
}

// A helper of httpd's may hold the other end of its input, as this test does.
TEST_F(DialdTest, EndsWithTheProcessThatStartedIt) {
  struct Started {
    pid_t process;
    int input;
  } started{};
  ASSERT_EQ(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const pid_t httpd = fork();
  if (httpd == 0) {
    start();
    send(to_json(config_));
    started = {process_, input_};
    if (write(ends[1], &started, sizeof started) != sizeof started) _exit(1);
    for (;;) pause();
  }
  ASSERT_EQ(read(ends[0], &started, sizeof started), static_cast<ssize_t>(sizeof started));
  process_ = started.process;
  const std::string other_end =
      "/proc/" + std::to_string(httpd) + "/fd/" + std::to_string(started.input);
  input_ = open(other_end.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_TRUE(logs("PD0601"));
  kill(httpd, SIGKILL);
  waitpid(httpd, nullptr, 0);
  EXPECT_EQ(end_soon(), 0);
  prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  for (const int end : ends) close(end);
}

TEST_F(DialdTest, EndsWhenHttpdReloadsAndSendsNothingMore) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  send("");
  send(to_json(config_));  // it still has the module
  spool_events(1, 1);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 1; }));
  send("");
  spool_events(2, 1);
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_THAT(log_text(), HasSubstr("PD0609"));
  EXPECT_EQ(count_of(read_text(out("a")), "\n"), 2u);
}

// Row 34 of the fault table. It waits, listens meanwhile, and ends when it is told to.
TEST_F(DialdTest, StoreThatIsLockedHoldsUpNoConfigurationAndNoEnd) {
  add_sink({"a", "file:" + out("a")});
  start_and_configure();
  ASSERT_TRUE(eventually([&] { return std::filesystem::exists(marks()); }));
  auto other = Database::open(spool_ + "/dispatch/queue.db", Database::Access::kChange);
  (*other)->run_script("BEGIN IMMEDIATE");
  add_sink({"b", "file:" + out("b")});
  send(to_json(config_));
  ASSERT_TRUE(logs("PD0524"));
  close_input();
  EXPECT_EQ(end_soon(), 0);
  start();
  send(to_json(config_));
  ASSERT_TRUE(eventually([&] { return count_of(log_text(), "PD0601") == 2; }));
  kill(process_, SIGTERM);
  EXPECT_EQ(end_soon(), 0) << "it was locked from its start";
  start();
  send(to_json(config_));
  spool_events(1, 3);
  (*other)->run_script("COMMIT");
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("b")), "\n") == 3; }));
}

TEST_F(DialdTest, RefusesBadStart) {
  start();
  send("{}");
  EXPECT_EQ(wait_for_end(), 1);
  EXPECT_THAT(log_text(), HasSubstr("PD0604: plivo-diald cannot start: configuration member"));
  start();
  close_input();
  EXPECT_EQ(wait_for_end(), 1);
  EXPECT_THAT(log_text(), HasSubstr("standard input ended before a line of configuration"));
  config_.spool = directory_ + "/none";
  start();
  send(to_json(config_));
  EXPECT_EQ(wait_for_end(), 1);
  EXPECT_THAT(log_text(), HasSubstr("none/dispatcher.lock': No such file"));
}

TEST_F(DialdTest, SecondInstanceEndsWithNotice) {
  start_and_configure();
  const pid_t first = process_;
  const int first_input = std::exchange(input_, -1);
  start();
  send(to_json(config_));
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_THAT(log_text(), HasSubstr("PD0603"));
  process_ = first;
  close(first_input);
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(DialdTest, RunsByFileUntilSigterm) {
  add_sink({"a", "file:" + out("a")});
  std::ofstream(out("config")) << to_json(config_) << "\n";
  start({"--config", out("config")});
  close_input();
  ASSERT_TRUE(logs("PD0601"));
  spool_events(1, 2);
  EXPECT_TRUE(eventually([&] { return count_of(read_text(out("a")), "\n") == 2; }));
  kill(process_, SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_THAT(log_text(), HasSubstr("PD0602"));
}

TEST_F(DialdTest, TellsVersionAndHelp) {
  start({"--version"});
  EXPECT_EQ(wait_for_end(), 0);
  start({"--help"});
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_THAT(log_text(), HasSubstr("plivo-diald 0."));
  EXPECT_THAT(log_text(), HasSubstr("--config FILE"));
  start({"--nonsense"});
  EXPECT_NE(wait_for_end(), 0);
}

TEST_F(DialdTest, TakesConfiguredUserForGoodAndGivesHooksNoMore) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  constexpr uid_t kUid = 54321;
  for (const std::string& path : {directory_, spool_})
    ASSERT_EQ(chown(path.c_str(), kUid, kUid), 0);
  config_.identity = {kUid, kUid, {kUid}};
  add_sink({"crm", "exec:" + write_hook("hook", "cp /proc/self/status " + out("status"))});
  start_and_configure();
  const std::string own = read_text("/proc/" + std::to_string(process_) + "/status");
  EXPECT_THAT(own, HasSubstr("Uid:\t54321\t54321\t54321\t54321"));
  EXPECT_THAT(own, HasSubstr("Gid:\t54321\t54321\t54321\t54321"));
  EXPECT_THAT(own, HasSubstr("Groups:\t54321 \n"));
  EXPECT_THAT(own, HasSubstr("NoNewPrivs:\t1"));
  std::filesystem::create_directory(spool_ + "/in");
  spool_events(1, 1);
  for (const auto& entry : std::filesystem::directory_iterator(spool_ + "/in")) {
    ASSERT_EQ(chown(entry.path().c_str(), kUid, kUid), 0);
  }
  ASSERT_TRUE(eventually([&] { return segments_left() == 0; })) << log_text();
  EXPECT_THAT(read_text(out("status")), HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(read_text(out("status")), HasSubstr("CapEff:\t0000000000000000"));
  EXPECT_THAT(read_text(out("status")), HasSubstr("Uid:\t54321\t54321\t54321\t54321"));
}

TEST_F(DialdTest, ReapsWhatHooksLeaveBehind) {
  add_sink({"crm", "exec:" + write_hook("hook", "(setsid sh -c 'echo $$ > " + out("pid") +
                                                    "; sleep 0.2' &) ; exit 0")});
  start_and_configure();
  spool_events(1, 1);
  ASSERT_TRUE(eventually([&] { return count_of(read_text(out("pid")), "\n") == 1; }));
  const int stray = std::stoi(read_text(out("pid")));
  EXPECT_TRUE(eventually([&] { return kill(stray, 0) != 0; }));
}

// Else its successor would begin with the same event beside it. Row 5 of the fault table.
TEST_F(DialdTest, HookEndsWithADispatcherThatIsKilled) {
  add_sink({"crm", "exec:" + write_hook("hook", "echo $$ >> " + out("pids") + "; exec sleep 600")});
  start_and_configure();
  spool_events(1, 1);
  ASSERT_TRUE(eventually([&] { return count_of(read_text(out("pids")), "\n") == 1; }));
  const std::string hook = std::to_string(std::stoi(read_text(out("pids"))));
  kill(process_, SIGKILL);
  EXPECT_EQ(wait_for_end(), -SIGKILL);
  EXPECT_TRUE(eventually([&] {
    const std::string status = read_text("/proc/" + hook + "/status");
    return status.empty() || count_of(status, "State:\tZ") == 1;
  }));
}

// Each event at least once; twice only what a kill caught between the hook's run and its record.
TEST_F(DialdTest, KillAtAnyMomentLosesNothingAndRepeatsOnlyWhatWasInFlight) {
  constexpr int kEvents = 60;
  constexpr int kKills = 8;
  add_sink({"crm", "exec:" + write_hook("hook", "cat >> " + out("crm"))});
  add_sink({"a", "file:" + out("a")});
  spool_events(1, kEvents);
  for (int i = 1; i <= kKills; ++i) {
    start();
    send(to_json(config_));
    const auto wanted = static_cast<std::size_t>(i * 5);
    ASSERT_TRUE(eventually([&] { return count_of(read_text(out("crm")), "\n") >= wanted; }));
    kill(process_, SIGKILL);
    EXPECT_EQ(wait_for_end(), -SIGKILL);
  }
  start();
  send(to_json(config_));
  ASSERT_TRUE(eventually([&] { return segments_left() == 0; })) << log_text();
  for (const char* const sink : {"crm", "a"}) {
    std::map<std::string, std::set<int>> numbers;
    std::istringstream text(read_text(out(sink)));
    std::size_t lines = 0;
    for (std::string line; std::getline(text, line); ++lines) {
      const auto event = nlohmann::json::parse(line);
      numbers[event["id"].get<std::string>()].insert(event["seq"].get<int>());
    }
    EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kEvents)) << sink;
    for (const auto& [id, of_event] : numbers) EXPECT_EQ(of_event.size(), 1u) << sink << id;
    if (std::string(sink) == "crm") {
      EXPECT_LE(lines, static_cast<std::size_t>(kEvents + kKills));
    }
  }
}

}  // namespace
}  // namespace plivo_dial
