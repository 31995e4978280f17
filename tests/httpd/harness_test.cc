// SPDX-License-Identifier: Apache-2.0
// The harness judges everything else, so it is tried on a plain httpd first: what it must notice,
// it must be seen to notice.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/httpd/http_client.h"
#include "tests/httpd/httpd_server.h"
#include "tests/httpd/load.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

ServerOptions plain(Mpm mpm = Mpm::kEvent) {
  return {.mpm = mpm, .load_plivo_dial = false, .modules = {"alias"}};
}

constexpr std::string_view kHello = "Redirect 410 /gone\n";

class PlainServer : public MpmTest {};
PLIVO_DIAL_EACH_MPM(PlainServer);

TEST_P(PlainServer, ServesReloadsAndStops) {
  HttpdServer server(plain(GetParam()));
  server.files().write_file("htdocs/hello.txt", "hello", 0644);
  ASSERT_TRUE(server.start(kHello));
  EXPECT_EQ(HttpClient(server.port()).get("/hello.txt").body, "hello");
  EXPECT_EQ(HttpClient(server.port()).get("/gone").status, 410);
  const pid_t parent = server.pid();
  ASSERT_TRUE(server.restart_gracefully());
  EXPECT_EQ(server.pid(), parent);
  EXPECT_EQ(HttpClient(server.port()).get("/hello.txt").status, 200);
  // The request may have been answered by a child of before, which ends at that.
  EXPECT_TRUE(wait_for([&] { return server.processes().size() >= 2; }));
  server.stop(HttpdServer::Stop::kGraceful);
  EXPECT_TRUE(server.processes().empty());
}

TEST_P(PlainServer, RunsAsAnOrdinaryUser) {
  ServerOptions options = plain(GetParam());
  options.ordinary_user = true;
  HttpdServer server(options);
  ASSERT_TRUE(server.start(kHello));
  const std::string status = read_file("/proc/" + std::to_string(server.pid()) + "/status");
  EXPECT_EQ(status.find("Uid:\t0\t"), std::string::npos) << status;
  EXPECT_EQ(HttpClient(server.port()).get("/gone").status, 410);
}

TEST_P(PlainServer, LoadLosesNothingWhileItReloads) {
  HttpdServer server(plain(GetParam()));
  server.files().write_file("htdocs/hello.txt", "hello", 0644);
  ASSERT_TRUE(server.start(kHello));
  Load load(server.port(), 4, [](std::size_t) { return HttpRequest{.path = "/hello.txt"}; });
  for (int round = 0; round < 5; ++round) {
    const std::size_t before = load.succeeded();
    ASSERT_TRUE(wait_for([&] { return load.succeeded() > before + 20; }));
    ASSERT_TRUE(server.restart_gracefully());
  }
  load.stop();
  EXPECT_EQ(load.failures(), std::vector<std::string>());
}

TEST(Load, CountsRepliesThatAreNotWanted) {
  HttpdServer server(plain());
  ASSERT_TRUE(server.start(kHello));
  Load load(server.port(), 2, [](std::size_t) { return HttpRequest{.path = "/gone"}; });
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  wait_for([&] { return std::chrono::steady_clock::now() > deadline; });
  load.stop();
  EXPECT_GT(load.failures().size(), 0U);
  EXPECT_EQ(load.succeeded(), 0U);
}

TEST(ErrorLog, OrdinaryLinesPass) {
  EXPECT_TRUE(judge_error_log("[Mon Nov 23 10:00:00 2026] [mpm_event:notice] [pid 1] AH00489: x\n"
                              "[Mon Nov 23 10:00:00 2026] [core:info] [pid 1] AH00128: y\n",
                              {})
                  .empty());
}

TEST(ErrorLog, EveryAlarmIsAComplaint) {
  for (const char* line :
       {"[Mon Nov 23 10:00:00 2026] [plivo_dial:warn] [pid 1] x",
        "[Mon Nov 23 10:00:00 2026] [core:error] [pid 1] x",
        "[Mon Nov 23 10:00:00 2026] [plivo_dial:crit] [pid 1] x",
        "[Mon Nov 23 10:00:00 2026] [:emerg] [pid 1] x",
        "[Mon Nov 23 10:00:00 2026] [core:notice] [pid 1] child pid 2 exit signal Aborted (6)",
        "==17==ERROR: AddressSanitizer: heap-use-after-free", "something on stderr"}) {
    EXPECT_EQ(judge_error_log(line, {}).size(), 1U) << line;
    EXPECT_EQ(judge_error_log(line, {.expected = {}, .allowed = {"nothing"}}).size(), 1U) << line;
  }
}

TEST(ErrorLog, AnnouncedLinesPassAndMissingOnesAreMissed) {
  const std::string line = "[Mon Nov 23 10:00:00 2026] [plivo_dial:warn] [pid 1] too large\n";
  EXPECT_TRUE(judge_error_log(line, {.expected = {"too large"}, .allowed = {}}).empty());
  EXPECT_TRUE(judge_error_log(line, {.expected = {}, .allowed = {"too large"}}).empty());
  EXPECT_EQ(judge_error_log("", {.expected = {"too large"}, .allowed = {}}).size(), 1U);
}

TEST(Gate, AnUnannouncedWarningFailsTheTest) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
    HttpdServer server({.load_plivo_dial = false, .modules = {"alias", "allowmethods"}});
    server.start("<Location />\nRequire all denied\n</Location>\n");
    HttpClient(server.port()).get("/");
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message()).find("authz_core:error"),
            std::string::npos);
}

TEST(Gate, ACrashFailsTheTest) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
    HttpdServer server(plain());
    server.start(kHello);
    for (const ProcessInfo& process : server.processes()) {
      if (process.pid != server.pid()) kill(process.pid, SIGSEGV);
    }
    wait_for([&] { return server.error_log().find("exit signal") != std::string::npos; });
  }
  ASSERT_GE(failures.size(), 1);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message()).find("exit signal"),
            std::string::npos);
}

TEST(Gate, AServerThatDoesNotStartFailsTheTest) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
    HttpdServer server(plain());
    EXPECT_FALSE(server.start("NoSuchDirective\n"));
  }
  ASSERT_GE(failures.size(), 1);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message()).find("NoSuchDirective"),
            std::string::npos);
}

TEST(Gate, ALeakedProcessFailsTheTest) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
    HttpdServer server(plain());
    server.start(kHello);
    Command command;
    command.arguments = {"/bin/sleep", "600"};
    command.environment = {server.files().marker()};
    start_process(command);
    server.stop();
    EXPECT_TRUE(server.processes().empty());
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message()).find("/bin/sleep 600"),
            std::string::npos);
}

TEST(Gate, ASanitizersReportFailsTheTest) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
    HttpdServer server(plain());
    server.start(kHello);
    server.files().write_file("sanitizer/report.4711", "heap-use-after-free", 0644);
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message()).find("heap-use-after-free"),
            std::string::npos);
}

TEST(Configtest, SaysWhatHttpdSays) {
  HttpdServer server(plain());
  const CommandResult good = server.configtest(kHello);
  EXPECT_EQ(good.exit_code, 0);
  EXPECT_NE(good.output.find("Syntax OK"), std::string::npos) << good.output;
  const CommandResult bad = server.configtest("NoSuchDirective\n");
  EXPECT_EQ(bad.exit_code, 1);
  EXPECT_NE(bad.output.find("NoSuchDirective"), std::string::npos) << bad.output;
}

TEST(HttpClient, ADocumentThatDoesNotParseFailsTheTest) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failures);
    HttpdServer server({.load_plivo_dial = false, .modules = {"mime"}});
    server.files().write_file("htdocs/bad.xml", "<?xml version=\"1.0\"?><Response><Dial>", 0644);
    server.files().write_file("run/types", "application/xml xml\n", 0644);
    server.start("TypesConfig ${ROOT}/run/types\n");
    HttpClient(server.port()).get("/bad.xml");
  }
  ASSERT_EQ(failures.size(), 1);
  EXPECT_NE(std::string(failures.GetTestPartResult(0).message()).find("does not parse"),
            std::string::npos);
}

TEST(Document, OutlineAndAttributes) {
  const Result<DocumentElement> document = parse_document(
      "<?xml version=\"1.0\"?><Response><Speak>Hi</Speak><Dial b=\"1\" a=\"&amp;\">"
      "<Number>+1</Number><User>sip:a@b</User></Dial></Response>");
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->outline(), "Response(Speak Dial(Number User))");
  EXPECT_EQ(document->child("Dial").attribute("a"), "&");
  EXPECT_EQ(document->child("Dial").attribute_names, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(document->child("Speak").text, "Hi");
  EXPECT_FALSE(parse_document(" <?xml version=\"1.0\"?><Response/>").ok());
  EXPECT_FALSE(parse_document("<?xml version=\"1.0\"?><Reply/>").ok());
  EXPECT_FALSE(parse_document("<?xml version=\"1.0\"?><!DOCTYPE Response><Response/>").ok());
}

}  // namespace
}  // namespace plivo_dial::test
