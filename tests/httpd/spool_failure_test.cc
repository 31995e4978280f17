// SPDX-License-Identifier: Apache-2.0
// A spool that takes no events: what must be durable is not accepted, and callers are served all
// the same.
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

class SpoolFailure : public MpmTest {};
PLIVO_DIAL_EACH_MPM(SpoolFailure);

TEST_P(SpoolFailure, EventsAreRefusedAndCallersAreServed) {
  PlivoServer server({.mpm = GetParam()});
  server.httpd.expect_log("PD0511");
  server.httpd.expect_log("PD0512: event not accepted");
  ASSERT_TRUE(server.start("PlivoDispatcher Off\n" + std::string(kShortConfiguration)));
  const std::string spool = server.httpd.root() + "/spool";
  // Before the first event, so that no child has a segment open.
  std::filesystem::rename(spool, spool + "-away");
  for (const auto& [path, id] : std::map<std::string, std::string>{{"/dialstatus/callback", "E5"},
                                                                   {"/dialstatus/ring", "R1"},
                                                                   {"/dialstatus/hangup", "H1"}}) {
    const HttpReply reply = server.send(path, id);
    EXPECT_EQ(reply.status, 503) << path;
    EXPECT_EQ(reply.header("retry-after"), "2") << path;
  }
  EXPECT_EQ(server.send("/dialstatus", "A1").document.outline(), "Response(Speak Dial(Number))");
  const Example action = fresh_call(example("D3"));
  EXPECT_EQ(send_example(server.client(), "/dialstatus/action", action).document.outline(),
            "Response(Speak Hangup)");
  const std::string uuid = form_value(action.form, "CallUUID");
  // What was not accepted is in the log, whole, for a person to pick up.
  EXPECT_TRUE(wait_for([&] {
    std::istringstream lines(server.httpd.error_log());
    for (std::string line; std::getline(lines, line);) {
      if (line.find("PD0512") != std::string::npos && line.find(uuid) != std::string::npos) {
        return true;
      }
    }
    return false;
  }));
  std::filesystem::rename(spool + "-away", spool);
  EXPECT_TRUE(wait_for([&] { return server.send("/dialstatus/callback", "E5").status == 200; }));
}

TEST(SpoolFailureStrict, CallersAreNotServedEither) {
  PlivoServer server;
  server.httpd.expect_log("PD0511");
  ASSERT_TRUE(server.start("PlivoDispatcher Off\nPlivoSpoolFailure strict\n" +
                           std::string(kShortConfiguration)));
  const std::string spool = server.httpd.root() + "/spool";
  std::filesystem::rename(spool, spool + "-away");
  for (const auto& [path, id] : std::map<std::string, std::string>{
           {"/dialstatus", "A1"}, {"/dialstatus/action", "D3"}, {"/dialstatus/callback", "E5"}}) {
    const HttpReply reply = server.send(path, id);
    EXPECT_EQ(reply.status, 503) << path;
    EXPECT_EQ(reply.header("retry-after"), "2") << path;
  }
  std::filesystem::rename(spool + "-away", spool);
  EXPECT_TRUE(wait_for([&] { return server.send("/dialstatus", "A1").status == 200; }));
}

}  // namespace
}  // namespace plivo_dial::test
