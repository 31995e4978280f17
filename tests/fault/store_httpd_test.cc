// SPDX-License-Identifier: Apache-2.0
// Row 33 of the fault table in a real httpd: somebody removes the store under a live dispatcher.
// Promise: what a sink has not had, it gets.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "tests/fault/fault_server.h"
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

}  // namespace
}  // namespace plivo_dial::test
