// SPDX-License-Identifier: Apache-2.0
// Row 39 of the fault table in a real httpd: its children have no descriptors left. Promise: what
// cannot be stored is refused, no child dies of it, and all is well again when there are some.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/fault/fault_server.h"
#include "tests/httpd/examples.h"
#include "tests/httpd/http_client.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

class Descriptors : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Descriptors);

// Those that are open stay so: connections that wait for the next request, and the spool's files.
// Eight are as many as anything here hands to poll(2). Root may not do it everywhere; the
// children's user, who owns the spool, may.
void take_descriptors(const FaultServer& server) {
  struct stat spool {};
  ASSERT_EQ(stat(server.spool().c_str(), &spool), 0);
  for (const pid_t child : server.workers()) {
    const CommandResult taken =
        run_command({{"/usr/bin/prlimit", "--pid", std::to_string(child), "--nofile=8:"},
                     {},
                     spool.st_uid,
                     spool.st_gid,
                     ""});
    ASSERT_EQ(taken.exit_code, 0) << taken.output;
  }
}

// A call whose one event is so large that the segments which are open are full soon.
AnsweredCall send_large(HttpSession& session) {
  Example call = fresh_call(example("R1"));
  for (int i = 0; i < 5; ++i) {
    call.form += "&Long" + std::to_string(i) + "=" + std::string(8000, 'x');
  }
  AnsweredCall answered{form_value(call.form, "CallUUID"), "/dialstatus/ring", 0, {}};
  const HttpReply reply = session.send({.method = "POST",
                                        .path = answered.path,
                                        .body = call.form,
                                        .headers = {"Content-Type: " + std::string(kFormType)}});
  answered.status = reply.status;
  return answered;
}

TEST_P(Descriptors, ThatHaveRunOutCostNoEventAndNoChild) {
  // httpd itself refuses what it cannot look for .htaccess for.
  FaultServer server(
      {.server = {.mpm = GetParam()}, .more = "<Directory />\nAllowOverride None\n</Directory>\n"});
  server.httpd.expect_log("PD0511: the event can't be stored");
  server.httpd.allow_log("Too many open files");  // httpd's own, of a new connection
  ASSERT_TRUE(server.start());
  HttpSession session(server.httpd.port());
  std::vector<AnsweredCall> calls = {send_large(session)};
  take_descriptors(server);
  constexpr std::size_t kMoreThanFits = 200;
  while (calls.back().status == 200 && calls.size() < kMoreThanFits) {
    calls.push_back(send_large(session));
  }
  EXPECT_EQ(calls.back().status, 503);
  // A child that can take no connection makes room for one that can, when there is need for one.
  constexpr int kNeed = 20;
  EXPECT_TRUE(wait_for([&] {
    for (int i = 0; i < kNeed && calls.back().status != 200; ++i) {
      calls.push_back(send_large(session));
    }
    return calls.back().status == 200;
  }));
  server.expect_account(calls);
}

}  // namespace
}  // namespace plivo_dial::test
