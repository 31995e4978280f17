// SPDX-License-Identifier: Apache-2.0
// The programs that a dispatcher started by a real httpd runs: what they are started with, and what
// is left of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class HookProcess : public MpmTest {};
PLIVO_DIAL_EACH_MPM(HookProcess);

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// What follows `name` in the lines that begin with it.
std::vector<std::string> values(const std::string& report, const std::string& name) {
  std::vector<std::string> found;
  for (const std::string& line : lines_of(report)) {
    if (line.starts_with(name)) found.push_back(line.substr(name.size()));
  }
  return found;
}

std::string value(const std::string& report, const std::string& name) {
  const std::vector<std::string> found = values(report, name);
  return found.size() == 1 ? found[0] : "found " + std::to_string(found.size()) + " times";
}

// Puts a file where the server's user can run it.
std::string install(const PlivoServer& server, const std::string& file) {
  std::string path =
      server.httpd.root() + "/hook/" + std::filesystem::path(file).filename().string();
  std::filesystem::copy_file(file, path);
  std::filesystem::permissions(path, std::filesystem::perms(0755));
  return path;
}

// The events as the file sink has them, a line each.
std::string file_sink(const PlivoServer& server) {
  return read_file(server.httpd.root() + "/events/events.json");
}

bool exists(const std::string& pid) {
  return std::filesystem::exists("/proc/" + pid);
}

TEST_P(HookProcess, ProgramGetsWhatIsPromisedAndNothingElse) {
  PlivoServer server({.mpm = GetParam(), .environment = {"SECRET_OF_HTTPD=1"}});
  server.httpd.expect_log("'$(id) *' is an argument of");
  const std::string probe = install(server, HOOK_PROBE_FILE);
  const std::string path = server.httpd.root() + "/events/probe";
  ASSERT_TRUE(server.start("PlivoEventSink probe \"exec:" + probe + " --mode=fast '$(id) *' " +
                           path + "\"\n" + kShortConfiguration));
  const Example call = fresh_call(example("D1"));
  send_example(server.client(), "/dialstatus/action", call);
  const std::vector<nlohmann::json> events = server.sinks.expect_events(1);
  ASSERT_TRUE(wait_for([&] { return std::filesystem::exists(path); }));
  const std::string report = read_file(path);

  EXPECT_THAT(values(report, "descriptor "), ElementsAre("0", "1", "2"));
  EXPECT_THAT(values(report, "argument "), ElementsAre(probe, "--mode=fast", "$(id) *", path));
  const std::string uuid = form_value(call.form, "CallUUID");
  EXPECT_THAT(values(report, "environment "),
              ElementsAre("PLIVO_EVENT=dial.result", "PLIVO_EVENT_ID=" + events[0].value("id", ""),
                          "PLIVO_CALL=" + uuid, "PLIVO_FROM=" + form_value(call.form, "From"),
                          "PLIVO_TO=" + form_value(call.form, "To"), "PLIVO_DIRECTION=inbound",
                          "PLIVO_CALL_STATUS=in-progress", "PLIVO_DIAL_STATUS=completed",
                          "PLIVO_DIAL_RING_STATUS=true", "PLIVO_DIAL_HANGUP_CAUSE=NORMAL_CLEARING",
                          "PLIVO_DIAL_A_LEG=" + uuid,
                          "PLIVO_DIAL_B_LEG=" + form_value(call.form, "DialBLegUUID"),
                          "PLIVO_CAUSE_SIDE=normal", "PLIVO_NEXT=end", "PLIVO_STAGE=1",
                          "PLIVO_ATTEMPT=1", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"));
  EXPECT_EQ(value(report, "directory "), "/");
  EXPECT_EQ(value(report, "session leader "), "1");
  EXPECT_EQ(value(report, "group leader "), "1");
  EXPECT_EQ(value(report, "umask "), "0077");
  const ServerUser& user = server.httpd.files().user();
  const std::string uid = "\t" + std::to_string(user.uid);
  const std::string gid = "\t" + std::to_string(user.gid);
  EXPECT_EQ(value(report, "Uid:"), uid + uid + uid + uid);
  EXPECT_EQ(value(report, "Gid:"), gid + gid + gid + gid);
  for (const char* name : {"SigBlk:", "SigIgn:", "CapInh:", "CapPrm:", "CapEff:"}) {
    EXPECT_EQ(value(report, name), "\t0000000000000000") << name;
  }
  EXPECT_EQ(value(report, "NoNewPrivs:"), "\t1");
  EXPECT_EQ(value(report, "limit core "), "0 0");
  EXPECT_THAT(value(report, "limit nofile "), StartsWith("256 "));
  EXPECT_THAT(report, testing::EndsWith("\n" + file_sink(server))) << "the event, as all get it";
}

TEST_P(HookProcess, NothingOfARunSurvivesItsTimeoutAndOtherCallsGoOn) {
  PlivoServer server({.mpm = GetParam()});
  // The event of the first call: ignores SIGTERM, and leaves a daemon that keeps its output open
  // and one that has nothing in common with it.
  server.httpd.files().write_file("hook/hang",
                                  "#!/bin/sh\ncd \"$1\"\n"
                                  "mkdir first 2> /dev/null || { echo >> others; exit 0; }\n"
                                  "trap '' TERM\necho $$ >> pids\n"
                                  "(setsid sh -c 'echo $$ >> pids; sleep 1000' &)\n"
                                  "(env -i setsid sh -c 'trap \"\" TERM; echo $$ >> pids; while :; "
                                  "do sleep 1; done' < /dev/null > /dev/null 2>&1 &)\n"
                                  "while :; do sleep 1; done\n",
                                  0755);
  server.httpd.expect_log("PD0632");
  ASSERT_TRUE(server.start(
      "PlivoEventSink hang \"exec:${ROOT}/hook/hang ${ROOT}/events\" timeout=4 retry=3600\n" +
      std::string(kShortConfiguration)));
  const std::string events = server.httpd.root() + "/events";
  const auto pids = [&] { return lines_of(read_file(events + "/pids")); };
  server.send("/dialstatus/callback", "E5");
  ASSERT_TRUE(wait_for([&] { return pids().size() == 3; }));
  for (int i = 0; i < 10; ++i) server.send("/dialstatus/callback", "E5");
  ASSERT_TRUE(wait_for([&] { return lines_of(read_file(events + "/others")).size() == 10; }));
  EXPECT_EQ(server.httpd.error_log().find("PD0632"), std::string::npos) << "it still hangs";

  ASSERT_TRUE(
      wait_for([&] { return server.httpd.error_log().find("PD0632") != std::string::npos; }));
  // By now, not soon: not even a zombie.
  for (const std::string& pid : pids()) EXPECT_FALSE(exists(pid)) << pid;
  server.sinks.expect_events(11);
}

TEST_P(HookProcess, StreamProgramOutlivesReloadsAndEndsWithHttpd) {
  PlivoServer server({.mpm = GetParam()});
  const std::string example_hook =
      install(server, std::string(CONF_EXAMPLES_DIR) + "/stream-hook.sh");
  server.httpd.files().write_file("hook/stream",
                                  "#!/bin/sh\necho $$ >> \"$1/pids\"\nmkdir -p \"$1/days\"\n"
                                  "exec \"$0-hook.sh\" \"$1/days\"\n",
                                  0755);
  ASSERT_TRUE(server.start("PlivoEventSink queue \"stream:${ROOT}/hook/stream ${ROOT}/events\"\n" +
                           std::string(kShortConfiguration)));
  const std::string events = server.httpd.root() + "/events";
  const auto received = [&] {
    std::vector<std::string> lines;
    std::error_code none;
    for (std::filesystem::directory_iterator day(events + "/days", none), end; day != end; ++day) {
      for (std::string& line : lines_of(read_file(day->path()))) lines.push_back(std::move(line));
    }
    return lines;
  };
  for (int round = 1; round <= 3; ++round) {
    for (int i = 0; i < 5; ++i) server.send("/dialstatus/callback", "E5");
    EXPECT_TRUE(wait_for([&] { return received().size() == static_cast<std::size_t>(5 * round); }));
    if (round < 3) {
      ASSERT_TRUE(server.httpd.restart_gracefully());
    }
  }
  server.sinks.expect_events(15);
  EXPECT_THAT(received(), testing::UnorderedElementsAreArray(lines_of(file_sink(server))));
  const std::vector<std::string> pids = lines_of(read_file(events + "/pids"));
  ASSERT_EQ(pids.size(), 1U);
  EXPECT_TRUE(exists(pids[0]));
  server.httpd.stop();
  EXPECT_FALSE(exists(pids[0]));
}

TEST(StreamSink, MistakesAreNamedAtConfigtest) {
  HttpdServer server;
  const auto said = [&server](const std::string& line) {
    return server
        .configtest("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n" + line + "\n")
        .output;
  };
  server.files().write_file("hook/run", "#!/bin/sh\n", 0755);
  EXPECT_THAT(said("PlivoEventSink q stream:${ROOT}/hook/run timeout=5"), HasSubstr("Syntax OK"));
  EXPECT_THAT(said("PlivoEventSink q stream:${ROOT}/hook/run concurrency=4"),
              HasSubstr("a stream sink has one program, which gets one event at a time"));
  EXPECT_THAT(said("PlivoEventSink q stream:${ROOT}/hook/none"), HasSubstr("install it"));
}

}  // namespace
}  // namespace plivo_dial::test
