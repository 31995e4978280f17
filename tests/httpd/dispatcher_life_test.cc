// SPDX-License-Identifier: Apache-2.0
// The dispatcher over reloads that change it: it ends when it is told to, and only then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

// mod_cgid forks a helper from the parent that never execs, so that it inherits what the parent has
// open, also the way to the dispatcher.
std::string with_cgid(const std::string& configuration) {
  return "<IfModule !cgid_module>\nLoadModule cgid_module " HTTPD_MODULE_DIR
         "/mod_cgid.so\n</IfModule>\nScriptSock cgisock\n" +
         configuration;
}

std::size_t running(const HttpdServer& server) {
  return server.dispatchers().size();
}

TEST(DispatcherLife, EndsWhenAReloadTurnsItOff) {
  HttpdServer server;
  const std::string plan(kShortConfiguration);
  const std::string spool = "PlivoSpool \"${ROOT}/spool\"\n";
  const std::string sink = "PlivoEventSink file \"file:${ROOT}/events/x\"\n";
  const std::string on = with_cgid(spool + sink + "PlivoDispatcher On \"${DIALD}\"\n" + plan);
  ASSERT_TRUE(server.start(on));
  ASSERT_TRUE(wait_for([&] { return running(server) == 1; }));
  const pid_t first = server.dispatchers()[0].pid;
  ASSERT_TRUE(server.restart_gracefully());  // cgid's helper is forked again, now with the socket
  ASSERT_EQ(running(server), 1U);
  EXPECT_EQ(server.dispatchers()[0].pid, first);

  server.reconfigure(with_cgid(spool + sink + "PlivoDispatcher Off\n" + plan));
  ASSERT_TRUE(server.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return running(server) == 0; }));

  server.reconfigure(on);
  ASSERT_TRUE(server.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return running(server) == 1; }));
}

// As after a2dismod: nothing of the module is left in httpd that could tell the dispatcher.
TEST(DispatcherLife, EndsAfterAReloadWithoutTheModule) {
  HttpdServer server({.load_plivo_dial = false});
  const std::string configuration =
      "LoadModule plivo_dial_module \"${MODULE}\"\n"
      "PlivoSpool \"${ROOT}/spool\"\n"
      "PlivoEventSink file \"file:${ROOT}/events/x\"\n"
      "PlivoDispatcher On \"${DIALD}\"\n" +
      std::string(kShortConfiguration);
  ASSERT_TRUE(server.start(with_cgid(configuration)));
  ASSERT_TRUE(wait_for([&] { return running(server) == 1; }));
  server.reconfigure(with_cgid(""));
  // httpd finds a child that no module of it knows.
  server.allow_log("long lost child came home");
  ASSERT_TRUE(server.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return running(server) == 0; }));
  EXPECT_NE(server.error_log().find("PD0609"), std::string::npos);

  server.reconfigure(with_cgid(configuration));
  ASSERT_TRUE(server.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return running(server) == 1; }));
}

TEST(DispatcherLife, AnotherProgramTakesOverAtAReload) {
  PlivoServer server;
  const std::string plan(kShortConfiguration);
  ASSERT_TRUE(server.start(plan));
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(1);
  const pid_t first = server.httpd.dispatchers().at(0).pid;
  const std::string copy = server.httpd.root() + "/hook/plivo-diald";
  std::filesystem::copy_file(PLIVO_DIALD_PROGRAM, copy);
  // Its last word may be a notice of a second instance, which is no error.
  server.httpd.reconfigure(EventSinks::directives() + "PlivoDispatcher On \"" + copy + "\"\n" +
                           plan);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(2);
  EXPECT_TRUE(wait_for([&] {
    for (const ProcessInfo& process : server.httpd.processes()) {
      if (process.pid == first) return false;
    }
    return true;
  }));
}

// logrotate renames the log and reloads: the dispatcher, which lives on, must write to the new one.
TEST(DispatcherLife, WritesToTheErrorLogOfTheLastReload) {
  PlivoServer server;
  server.httpd.files().write_file("hook/fail", "#!/bin/sh\necho words\nexit 65\n", 0755);
  const std::string sink = "PlivoEventSink crm \"exec:${ROOT}/hook/fail\"\n";
  server.httpd.expect_log("PD0633");
  ASSERT_TRUE(server.start(sink + kShortConfiguration));
  const std::string log = server.httpd.root() + "/logs/error_log";
  ASSERT_TRUE(std::filesystem::exists(log));
  std::filesystem::rename(log, log + ".1");
  // A log that is opened by a reload begins empty, so the harness is not asked for generations.
  ASSERT_EQ(kill(server.httpd.pid(), SIGUSR1), 0);
  ASSERT_TRUE(
      wait_for([&] { return read_file(log).find("resuming normal") != std::string::npos; }));
  server.send("/dialstatus", "A1");
  EXPECT_TRUE(wait_for([&] { return read_file(log).find("PD0633") != std::string::npos; }));
  EXPECT_NE(read_file(log).find("says: words"), std::string::npos) << "also what the hook prints";
  EXPECT_EQ(read_file(log + ".1").find("PD0633"), std::string::npos);
  EXPECT_EQ(read_file(log + ".1").find("PD0634"), std::string::npos);
}

// At configtest, before the reload makes dead letters of them.
TEST(DispatcherLife, SinksThatANewConfigurationLeavesOutAreToldWhileEventsWait) {
  HttpdServer httpd;
  httpd.files().write_file("hook/fail", "#!/bin/sh\nexit 1\n", 0755);
  httpd.allow_log("PD0611");
  httpd.allow_log("PD0631");
  const std::string base = "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n";
  const std::string archive = "PlivoEventSink archive \"file:${ROOT}/events/events.json\"\n";
  // As the default one, whose daemon is not there.
  const std::string by_default = "PlivoEventSink syslog syslog:local0 \"socket=${ROOT}/none\"\n";
  const std::string crm = "PlivoEventSink crm \"exec:${ROOT}/hook/fail\"\n";
  ASSERT_TRUE(httpd.start(base + archive + by_default + crm + kShortConfiguration));
  send_example(HttpClient(httpd.port()), "/dialstatus", fresh_call(example("A1")));
  send_example(HttpClient(httpd.port()), "/dialstatus", fresh_call(example("A1")));
  const auto told = [&](const std::string& sinks) {
    return httpd.configtest(base + sinks + kShortConfiguration).output;
  };
  EXPECT_TRUE(wait_for([&] {
    return told(archive).find(
               "PlivoEventSink: 2 events wait for the sink \"syslog\", which is there by "
               "default") != std::string::npos;
  })) << told(archive);
  EXPECT_THAT(told(archive),
              testing::HasSubstr("2 events wait for the sink \"crm\", which this configuration"));
  EXPECT_THAT(told(archive + by_default + crm), testing::Not(testing::HasSubstr("events wait")));
  // Only what waits is told: the archive has had all.
  EXPECT_THAT(told(by_default + crm), testing::Not(testing::HasSubstr("\"archive\"")));
}

// Whatever the dispatcher's program does when it is asked what waits, configtest comes to its end.
TEST(DispatcherLife, OneThatNeverTellsWhatWaitsHoldsNoConfigtestUp) {
  for (const char* answer : {"exec >&-; exec sleep 600", "exec sleep 600"}) {
    HttpdServer httpd;
    httpd.files().write_file("hook/diald", "#!/bin/sh\n" + std::string(answer) + "\n", 0755);
    const CommandResult result = httpd.configtest(
        "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${ROOT}/hook/diald\"\n" +
        std::string(kShortConfiguration));
    EXPECT_EQ(result.exit_code, 0) << result.output;
    EXPECT_THAT(result.output, testing::Not(testing::HasSubstr("events wait")));
  }
}

TEST(DispatcherLife, ObeysLogLevel) {
  PlivoServer server;
  ASSERT_TRUE(server.start("LogLevel plivo_dial:warn\n" + std::string(kShortConfiguration)));
  server.send("/dialstatus", "A1");
  server.sinks.expect_events(1);
  EXPECT_EQ(server.httpd.error_log().find("PD0601"), std::string::npos);
}

}  // namespace
}  // namespace plivo_dial::test
