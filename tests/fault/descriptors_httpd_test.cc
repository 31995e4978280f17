// SPDX-License-Identifier: Apache-2.0
// Row 39 of the fault table in a real httpd: its children have no descriptors left. Promise: what
// cannot be stored is refused, no child dies of it, and all is well again when there are some.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <optional>

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

// So many descriptors the children may have from now on. Those that are open stay so: connections
// that wait for the next request, and the spool's files. Root may not do it everywhere; the
// children's user, who owns the spool, may. A child that has just ended needs none.
void limit_descriptors(const FaultServer& server, rlim_t most) {
  struct stat spool {};
  ASSERT_EQ(stat(server.spool().c_str(), &spool), 0);
  for (const pid_t child : server.workers()) {
    const CommandResult limited = run_command({{"/usr/bin/prlimit", "--pid", std::to_string(child),
                                                "--nofile=" + std::to_string(most) + ":"},
                                               {},
                                               spool.st_uid,
                                               spool.st_gid,
                                               ""});
    EXPECT_TRUE(limited.exit_code == 0 || kill(child, 0) != 0) << limited.output;
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
  constexpr rlim_t kAlmostNone = 8;  // as many as anything here hands to poll(2)
  constexpr std::size_t kMoreThanFits = 200;
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &usual), 0);
  // httpd itself refuses what it cannot look for .htaccess for.
  FaultServer server(
      {.server = {.mpm = GetParam()}, .more = "<Directory />\nAllowOverride None\n</Directory>\n"});
  server.httpd.expect_log("PD0511: the event can't be stored");
  server.httpd.allow_log("Too many open files");  // httpd's own, of a new connection
  ASSERT_TRUE(server.start());
  std::optional<HttpSession> session(server.httpd.port());
  std::vector<AnsweredCall> calls = {send_large(*session)};
  limit_descriptors(server, kAlmostNone);
  while (calls.back().status == 200 && calls.size() < kMoreThanFits) {
    calls.push_back(send_large(*session));
  }
  EXPECT_EQ(calls.back().status, 503);
  limit_descriptors(server, usual.rlim_cur);
  EXPECT_TRUE(wait_for([&] {
    calls.push_back(send_large(*session));
    return calls.back().status == 200;
  }));
  session.reset();  // httpd's stop would wait for it
  server.expect_account(calls);
}

}  // namespace
}  // namespace plivo_dial::test
