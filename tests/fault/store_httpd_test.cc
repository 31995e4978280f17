// SPDX-License-Identifier: Apache-2.0
// Rows 28 and 33 of the fault table in a real httpd: the store can't be written any more, or
// somebody removes it under a live dispatcher. Promise: what a sink has not had, it gets.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <vector>

#include "tests/fault/fault_server.h"
#include "tests/fault/writer_process.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

// A sink that a store does not know gets the events of the last 5 s, whether it is new or not.
constexpr std::chrono::seconds kGivenToNewSinks{5};

bool all_older_than(const FaultServer& server, std::chrono::seconds age) {
  const auto store = OperatorStore::open(server.spool(), Database::Access::kRead);
  if (!store) return false;
  const Result<std::vector<DeliveryRow>> newest = (*store)->list({});
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return newest && !newest->empty() &&
         now > std::chrono::microseconds(newest->front().accepted_us) + age;
}

TEST(Store, ThatIsRemovedWhileAHookFailsCostsNoEvent) {
  FaultServer server;
  server.httpd.expect_log("PD0522");
  server.httpd.expect_log("PD0631");
  server.httpd.allow_log("PD0653");
  server.allow_repeated_lines();
  ASSERT_TRUE(server.start());
  const std::string hook = server.httpd.root() + "/hook/attempt_log";
  std::filesystem::rename(hook, hook + ".away");
  Callers callers(server.httpd.port());
  ASSERT_TRUE(callers.accept_more(5));
  callers.stop();
  ASSERT_TRUE(wait_for([&] { return all_older_than(server, kGivenToNewSinks); }));
  std::filesystem::remove(server.spool() + "/dispatch/queue.db");
  ASSERT_TRUE(
      wait_for([&] { return server.httpd.error_log().find("PD0523") != std::string::npos; }));
  std::filesystem::rename(hook + ".away", hook);
  server.expect_account(callers.calls());
}

// The dispatcher gets the same shim as httpd's children in other tests; httpd passes none on.
class FailingStore : public testing::Test {
 protected:
  void SetUp() override {
    const std::string& root = server_.httpd.root();
    server_.httpd.files().write_file("hook/dispatcher",
                                     "#!/bin/sh\nexport PLIVO_FAULT_BELOW=" + root +
                                         "/spool/dispatch PLIVO_FAULT_RULES=" + root +
                                         "/run/rules\nLD_PRELOAD=" + preload_of_disk_shim() +
                                         " exec " PLIVO_DIALD_PROGRAM " \"$@\"\n",
                                     0755);
  }

  void accept(std::size_t count, std::vector<AnsweredCall>* calls) {
    Callers callers(server_.httpd.port());
    EXPECT_TRUE(callers.accept_more(count));
    callers.stop();
    const std::vector<AnsweredCall> more = callers.calls();
    calls->insert(calls->end(), more.begin(), more.end());
  }

  FaultServer server_{{.dispatcher = "${ROOT}/hook/dispatcher"}};
  DiskRules rules_{server_.httpd.root() + "/run/rules"};
};

// What was done while it could not be recorded is recorded later, and not done again.
TEST_F(FailingStore, IsDeliveredFromAndRecordsItAllAfterwards) {
  server_.httpd.expect_log("PD0505: sink hook");
  server_.httpd.allow_log("PD0505");
  ASSERT_TRUE(server_.start());
  std::vector<AnsweredCall> calls;
  for (const char* error : {"EIO", "EROFS"}) {
    server_.hold_hook();
    accept(100, &calls);
    ASSERT_TRUE(server_.leaves_all_to_hook(calls));
    const std::string fail = " 1 * fail " + std::string(error) + "\n";
    rules_.set("pwrite" + fail + "fdatasync" + fail + "fsync" + fail);
    const std::set<std::string> stored = server_.stored_for_hook();
    EXPECT_GT(server_.not_in_hook(stored), 0U) << "there was nothing left to deliver: " << error;
    accept(20, &calls);
    server_.release_hook();
    EXPECT_TRUE(wait_for([&] { return server_.not_in_hook(stored) == 0; })) << error;
    rules_.set("");
  }
  server_.expect_account(calls);
}

}  // namespace
}  // namespace plivo_dial::test
