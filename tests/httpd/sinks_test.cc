// SPDX-License-Identifier: Apache-2.0
// From the spool to the sinks: what each gets, and what becomes of events when a process dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

class Sinks : public MpmTest {};
PLIVO_DIAL_EACH_MPM(Sinks);

TEST_P(Sinks, AllGetTheSameEventsEachOnce) {
  PlivoServer server({.mpm = GetParam()});
  ASSERT_TRUE(server.start(kShortConfiguration));
  std::size_t count = 0;
  for (int round = 0; round < 4; ++round) {
    for (const auto& [path, letters] : std::map<std::string, std::string>{
             {"/dialstatus", "A"}, {"/dialstatus/action", "D"}, {"/dialstatus/callback", "E"}}) {
      for (const Example& one : examples(letters)) {
        EXPECT_EQ(send_example(server.client(), path, fresh_call(one)).status, 200);
        ++count;
      }
    }
  }
  server.sinks.expect_events(count);
}

TEST(Hook, GetsTheEventAndNothingElse) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  const Example call = fresh_call(example("D1"));
  send_example(server.client(), "/dialstatus/action", call);
  const auto events = server.sinks.expect_events(1);
  const std::vector<HookRun> runs = server.sinks.in_hook();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].event, events[0]);
  std::map<std::string, std::string> environment = runs[0].environment;
  // A shell sets these for itself.
  for (const char* name : {"PWD", "OLDPWD", "SHLVL", "_"}) environment.erase(name);
  const std::string uuid = form_value(call.form, "CallUUID");
  EXPECT_EQ(environment, (std::map<std::string, std::string>{
                             {"PLIVO_EVENT", "dial.result"},
                             {"PLIVO_EVENT_ID", events[0].value("id", "")},
                             {"PLIVO_CALL", uuid},
                             {"PLIVO_DIAL_STATUS", "completed"},
                             {"PLIVO_NEXT", "end"},
                             {"PLIVO_DIAL_RING_STATUS", "true"},
                             {"PLIVO_DIAL_HANGUP_CAUSE", "NORMAL_CLEARING"},
                             {"PLIVO_CAUSE_SIDE", "normal"},
                             {"PLIVO_DIAL_A_LEG", uuid},
                             {"PLIVO_DIAL_B_LEG", form_value(call.form, "DialBLegUUID")},
                             {"PLIVO_CALL_STATUS", "in-progress"},
                             {"PLIVO_FROM", form_value(call.form, "From")},
                             {"PLIVO_TO", form_value(call.form, "To")},
                             {"PLIVO_DIRECTION", "inbound"},
                             {"PLIVO_STAGE", "1"},
                             {"PLIVO_ATTEMPT", "1"},
                             {"PATH", "/usr/bin:/bin"},
                             {"LANG", "C.UTF-8"}}));
}

TEST(Hook, RunsAsTheServersUserWithThreeDescriptors) {
  PlivoServer server;
  server.httpd.files().write_file("hook/look",
                                  "#!/bin/sh\ncat > /dev/null\n"
                                  "{ grep -E '^(Uid|Gid|Groups|NoNewPrivs|SigBlk|CapEff)' "
                                  "/proc/self/status; ls /proc/self/fd | tr '\\n' ' '; } "
                                  "> \"$1.part\" && mv \"$1.part\" \"$1\"\n",
                                  0755);
  ASSERT_TRUE(server.start("PlivoEventSink look \"exec:${ROOT}/hook/look ${ROOT}/events/look\"\n" +
                           std::string(kShortConfiguration)));
  server.send("/dialstatus/callback", "E5");
  const std::string path = server.httpd.root() + "/events/look";
  ASSERT_TRUE(wait_for([&] { return !read_file(path).empty(); }));
  const std::string seen = read_file(path);
  const std::string uid = std::to_string(server.httpd.files().user().uid);
  EXPECT_NE(seen.find("Uid:\t" + uid + "\t" + uid + "\t" + uid + "\t" + uid), std::string::npos)
      << seen;
  EXPECT_NE(seen.find("NoNewPrivs:\t1"), std::string::npos) << seen;
  EXPECT_NE(seen.find("SigBlk:\t0000000000000000"), std::string::npos) << seen;
  EXPECT_NE(seen.find("CapEff:\t0000000000000000"), std::string::npos) << seen;
  // 3 is what ls reads them from.
  EXPECT_TRUE(seen.ends_with("0 1 2 3 ")) << seen;
  server.sinks.expect_events(1);
}

TEST(FileSink, BelongsToTheServersUserAndIsClosedToOthers) {
  PlivoServer server;
  ASSERT_TRUE(server.start(kShortConfiguration));
  server.send("/dialstatus/callback", "E5");
  server.sinks.expect_events(1);
  struct stat status = {};
  ASSERT_EQ(stat((server.httpd.root() + "/events/events.json").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
  EXPECT_EQ(status.st_uid, server.httpd.files().user().uid);
}

TEST(EventsOption, ChoosesWhatASinkGets) {
  PlivoServer server;
  ASSERT_TRUE(
      server.start("PlivoEventSink results \"file:${ROOT}/events/results\" "
                   "events=dial.result,call.hangup format=kv\n" +
                   std::string(kShortConfiguration)));
  server.send("/dialstatus", "A1");
  server.send("/dialstatus/action", "D3");
  server.send("/dialstatus/callback", "E5");
  server.send("/dialstatus/hangup", "H1");
  server.sinks.expect_events(4);
  const std::string path = server.httpd.root() + "/events/results";
  const auto lines = [&] {
    const std::string text = read_file(path);
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_TRUE(wait_for([&] { return lines() >= 2; }));
  server.httpd.stop();
  const std::string text = read_file(path);
  EXPECT_EQ(lines(), 2) << text;
  EXPECT_NE(text.find("event=dial.result"), std::string::npos) << text;
  EXPECT_NE(text.find("event=call.hangup"), std::string::npos) << text;
}

TEST_P(Sinks, AKilledDispatcherIsRestartedAndLosesNothing) {
  PlivoServer server({.mpm = GetParam()});
  server.httpd.expect_log("PD0642: plivo-diald");
  ASSERT_TRUE(server.start(kShortConfiguration));
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(1);
  const auto before = server.httpd.dispatchers();
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(kill(before[0].pid, SIGKILL), 0);
  // Nobody takes these from the spool until the dispatcher is back.
  for (int i = 0; i < 10; ++i) EXPECT_EQ(server.send("/dialstatus/callback", "E5").status, 200);
  server.sinks.expect_events(11, EventSinks::Repeats::kAllowed);
  const auto after = server.httpd.dispatchers();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_NE(after[0].pid, before[0].pid);
}

TEST(Workers, AKilledChildLosesNoAcceptedEvent) {
  for (const Mpm mpm : {Mpm::kEvent, Mpm::kPrefork}) {
    PlivoServer server({.mpm = mpm});
    ASSERT_TRUE(server.start(kShortConfiguration));
    std::size_t accepted = 0;
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 8; ++i) {
        accepted += server.send("/dialstatus/callback", "E5").status == 200;
      }
      const auto dispatchers = server.httpd.dispatchers();
      ASSERT_EQ(dispatchers.size(), 1U);
      std::set<pid_t> killed;
      for (const ProcessInfo& process : server.httpd.processes()) {
        if (process.parent != server.httpd.pid() || process.pid == dispatchers[0].pid) continue;
        kill(process.pid, SIGKILL);
        killed.insert(process.pid);
      }
      // A child that is dying could still take a connection, and would answer nothing.
      EXPECT_TRUE(wait_for([&] {
        const auto alive = server.httpd.processes();
        return std::none_of(alive.begin(), alive.end(), [&](const ProcessInfo& process) {
          return killed.contains(process.pid);
        });
      }));
    }
    EXPECT_EQ(accepted, 24U);
    server.sinks.expect_events(accepted);
  }
}

TEST_P(Sinks, StopLeavesNoProcessAndTheNextStartDeliversTheRest) {
  PlivoServer server({.mpm = GetParam()});
  const std::string off = "PlivoDispatcher Off\n";
  ASSERT_TRUE(server.start(off + kShortConfiguration));
  EXPECT_TRUE(server.httpd.dispatchers().empty());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(server.send("/dialstatus/callback", "E5").status, 200);
  server.httpd.stop();
  EXPECT_TRUE(server.sinks.in_file().empty());
  ASSERT_TRUE(server.start(kShortConfiguration));
  server.sinks.expect_events(5);
  EXPECT_EQ(server.httpd.dispatchers().size(), 1U);
  server.httpd.stop(HttpdServer::Stop::kGraceful);
  EXPECT_TRUE(server.httpd.processes().empty());
}

TEST(Syslog, ADaemonThatComesLaterGetsEverything) {
  PlivoServer server;
  server.httpd.allow_log("late.sock");
  ASSERT_TRUE(server.start("PlivoEventSink late syslog:local1 \"socket=${ROOT}/late.sock\"\n" +
                           std::string(kShortConfiguration)));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(server.send("/dialstatus/callback", "E5").status, 200);
  server.sinks.expect_events(3);
  SyslogSocket late(server.httpd.root() + "/late.sock");
  EXPECT_TRUE(wait_for([&] { return late.lines().size() >= 3; }));
  EXPECT_EQ(late.lines().size(), 3U);
  server.httpd.stop();
}

}  // namespace
}  // namespace plivo_dial::test
