// SPDX-License-Identifier: Apache-2.0
// Row 35 of the fault table: one request in a hundred copies at once, over four processes, again
// after a reload, and again after kill -9 of all workers and of the dispatcher. Promise: one event.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/fault/fault_server.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

constexpr int kCopies = 100;
constexpr int kAtOnce = 20;

class Copies : public MpmTest {
 protected:
  // Four processes, whichever way they serve.
  static std::string four_processes() {
    return GetParam() == Mpm::kPrefork ? "StartServers 4\n"
                                       : "StartServers 4\nMinSpareThreads 32\nMaxSpareThreads 64\n";
  }

  // Sends them all; how many were answered by 200.
  static int send_copies(const FaultServer& server, const Example& call) {
    std::atomic<int> left = kCopies;
    std::atomic<int> accepted = 0;
    std::vector<std::thread> senders;
    for (int i = 0; i < kAtOnce; ++i) {
      senders.emplace_back([&] {
        while (left-- > 0) {
          const HttpReply reply = send_example(server.client(), "/dialstatus/ring", call);
          accepted += reply.status == 200;
        }
      });
    }
    for (std::thread& sender : senders) sender.join();
    return accepted;
  }

  // In all of those, the event's death and the store's knowledge lie between the copies.
  static void kill_all_workers_and_dispatcher(FaultServer& server) {
    const std::vector<pid_t> workers = server.workers();
    const pid_t dispatcher = server.dispatcher();
    ASSERT_GT(dispatcher, 1);
    for (const pid_t worker : workers) kill(worker, SIGKILL);
    kill(dispatcher, SIGKILL);
    // One that is dying could still take a connection, and would answer nothing.
    ASSERT_TRUE(wait_for([&] {
      for (const pid_t worker : server.workers()) {
        if (std::find(workers.begin(), workers.end(), worker) != workers.end()) return false;
      }
      return !server.workers().empty() && server.dispatcher() != dispatcher;
    }));
  }
};
PLIVO_DIAL_EACH_MPM(Copies);

TEST_P(Copies, OfOneRequestMakeOneEventOverReloadsAndDeaths) {
  FaultServer server({.server = {.mpm = GetParam()}, .more = four_processes()});
  server.httpd.allow_log("exit signal Killed (9)");
  server.httpd.allow_log("children are killed successively");
  server.httpd.allow_log("PD0641: plivo-diald");
  server.httpd.allow_log("PD0642: plivo-diald");
  server.allow_repeated_lines();
  ASSERT_TRUE(server.start());
  EXPECT_GE(server.workers().size(), 4U);
  const Example call = fresh_call(example("R1"));
  EXPECT_EQ(send_copies(server, call), kCopies);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_EQ(send_copies(server, call), kCopies);
  kill_all_workers_and_dispatcher(server);
  EXPECT_EQ(send_copies(server, call), kCopies);
  // Each frame is an event or a duplicate, and there is one event.
  ASSERT_TRUE(wait_for(
      [&] {
        const Result<StoreBalance> sums = server.balance();
        return sums && sums->frames == 3 * kCopies;
      },
      std::chrono::seconds(90)));
  const AnsweredCall answered{form_value(call.form, "CallUUID"), "/dialstatus/ring", 200, {}};
  const StoreBalance sums = server.expect_account({answered});
  EXPECT_EQ(sums.frames, 3U * kCopies);
  EXPECT_EQ(sums.duplicates, 3U * kCopies - 1);
  EXPECT_EQ(sums.delivered, 1U);
  EXPECT_EQ(server.in_file().size(), 1U);
}

}  // namespace
}  // namespace plivo_dial::test
