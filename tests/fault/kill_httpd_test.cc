// SPDX-License-Identifier: Apache-2.0
// Rows 1, 4 and 5 of the fault table, and the death of hooks: kill -9 at random moments, under
// traffic. Promise: what was accepted is delivered, and nothing comes twice without being marked.
// PLIVO_DIAL_LONG_TESTS=1: a thousand kills under each of httpd's multi-processing modules.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/fault/fault_server.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

using std::chrono::milliseconds;

enum class Victim { kWorker, kDispatcher, kHook, kParent };

class Kill : public MpmTest {
 protected:
  void allow_deaths(FaultServer& server) {
    server.httpd.allow_log("exit signal Killed (9)");
    server.httpd.allow_log("children are killed successively");
    server.httpd.allow_log("PD0641: plivo-diald");  // one that dies again and again, or at once
    server.httpd.allow_log("PD0642: plivo-diald");
    server.httpd.allow_log("at its end, as a rule an event that its writer died over");  // PD0501
    server.httpd.allow_log("PD0631");                           // the hook that was killed
    server.httpd.allow_log("AH00098: pid file");                // the parent that was killed
    server.httpd.allow_log("AH00045: child process");           // does not end at once when told
    server.httpd.allow_log("AH00288: scoreboard is not full");  // while killed children are missed
  }

  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  pid_t one_of(const std::vector<pid_t>& pids) {
    return pids.empty() ? 0 : pids[static_cast<std::size_t>(below(static_cast<int>(pids.size())))];
  }

  // False when there is nobody of that kind at this moment.
  bool kill_one(FaultServer& server, Victim victim) {
    const pid_t pid = victim == Victim::kWorker       ? one_of(server.workers())
                      : victim == Victim::kDispatcher ? server.dispatcher()
                                                      : one_of(server.hooks());
    return pid > 1 && kill(pid, SIGKILL) == 0;
  }

  // The parent dies; its children serve on until the new parent does, and are then killed as a
  // service manager would. Their port stays theirs for so long.
  bool replace_parent(FaultServer& server, Callers& callers) {
    server.httpd.kill_parent();
    // Only now: until its end it may make another one.
    const std::vector<pid_t> orphans = server.orphans();
    std::this_thread::sleep_for(milliseconds(below(30)));
    if (!server.start()) return false;
    callers.go_to(server.httpd.port());
    std::this_thread::sleep_for(milliseconds(below(30)));
    for (const pid_t orphan : orphans) kill(orphan, SIGKILL);
    return true;
  }

  std::mt19937 random_;
};
PLIVO_DIAL_EACH_MPM(Kill);

TEST_P(Kill, AtRandomLosesNothingThatWasAccepted) {
  const int cycles = by_form(GetParam() == Mpm::kEvent ? 24 : 12, 1000);
  constexpr unsigned kSeed = 20261124;
  random_.seed(kSeed);
  FaultServer server({.server = {.mpm = GetParam()}, .hook_microseconds = 10'000});
  allow_deaths(server);
  server.allow_repeated_lines();
  ASSERT_TRUE(server.start());
  Callers callers(server.httpd.port());
  std::map<Victim, int> killed;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    ASSERT_TRUE(callers.accept_more(5)) << "cycle " << cycle << " of seed " << kSeed;
    std::this_thread::sleep_for(milliseconds(below(200)));
    // Nobody else may be there to be killed while the dispatcher rests; workers always are.
    auto victim = static_cast<Victim>(below(4));
    if (victim == Victim::kParent) {
      ASSERT_TRUE(replace_parent(server, callers)) << "cycle " << cycle << " of seed " << kSeed;
    } else if (!wait_for([&] { return kill_one(server, victim); }, milliseconds(1000))) {
      victim = Victim::kWorker;
      ASSERT_TRUE(wait_for([&] { return kill_one(server, victim); }));
    }
    ++killed[victim];
  }
  ASSERT_TRUE(callers.accept_more(5));
  callers.stop();
  const StoreBalance sums = server.expect_account(callers.calls());
  for (const Victim victim :
       {Victim::kWorker, Victim::kDispatcher, Victim::kHook, Victim::kParent}) {
    EXPECT_GT(killed[victim], 0) << "nobody of kind " << static_cast<int>(victim) << " was killed";
  }
  // Whoever is asked while a worker dies has no answer; nobody has a bad one.
  const std::vector<AnsweredCall> calls = callers.calls();
  const std::size_t unanswered = count_status(calls, 0);
  EXPECT_EQ(calls.size(), callers.accepted() + unanswered);
  std::cout << "seed " << kSeed << ", kills: " << killed[Victim::kWorker] << " workers, "
            << killed[Victim::kDispatcher] << " dispatchers, " << killed[Victim::kHook]
            << " hooks, " << killed[Victim::kParent] << " parents; " << callers.accepted()
            << " accepted, " << unanswered << " unanswered, " << sums.delivered << " delivered, "
            << server.in_hook().size() << " runs of the hook, 0 lost\n";
}

}  // namespace
}  // namespace plivo_dial::test
