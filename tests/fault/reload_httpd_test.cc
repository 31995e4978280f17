// SPDX-License-Identifier: Apache-2.0
// Row 19 of the fault table: a hundred reloads under traffic. Promise: nobody gets anything but
// 200, nothing is lost, and who delivers is not disturbed.
#include <gtest/gtest.h>

#include "tests/fault/fault_server.h"
#include "tests/httpd/mpm.h"

namespace plivo_dial::test {
namespace {

constexpr int kReloads = 100;

class Reloads : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Reloads);

TEST_P(Reloads, AHundredUnderTrafficLoseNothingAndDisturbNobody) {
  FaultServer server({.server = {.mpm = GetParam()}});
  ASSERT_TRUE(server.start());
  const pid_t dispatcher = server.dispatcher();
  ASSERT_NE(dispatcher, 0);
  Callers callers(server.httpd.port(), {.clients = 16, .keep_alive = true});
  for (int reload = 0; reload < kReloads; ++reload) {
    ASSERT_TRUE(callers.accept_more(4)) << "reload " << reload;
    ASSERT_TRUE(server.httpd.restart_gracefully()) << "reload " << reload;
    ASSERT_EQ(server.dispatcher(), dispatcher) << "reload " << reload;
  }
  callers.stop();
  const std::vector<AnsweredCall> calls = callers.calls();
  for (const AnsweredCall& call : calls) {
    EXPECT_EQ(call.status, 200) << call.path << " of call " << call.call;
  }
  server.expect_account(calls);
  std::cout << kReloads << " reloads: " << describe_latency(calls) << "\n";
}

}  // namespace
}  // namespace plivo_dial::test
