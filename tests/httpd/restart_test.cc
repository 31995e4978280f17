// SPDX-License-Identifier: Apache-2.0
// Sixty reloads under traffic: nobody notices, nothing grows, nothing is lost.
#include <gtest/gtest.h>

#include "tests/httpd/load.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/plivo_server.h"
#include "tests/httpd/polling.h"

namespace plivo_dial::test {
namespace {

constexpr int kRestarts = 60;
constexpr int kWarmUp = 15;

HttpRequest next_request(std::size_t n) {
  static const std::vector<std::pair<std::string, std::string>> kKinds = {
      {"/dialstatus", "A1"}, {"/dialstatus/callback", "E5"}, {"/dialstatus/action", "D3"}};
  static const std::vector<Example> kExamples = {example("A1"), example("E5"), example("D3")};
  const std::size_t kind = n % kKinds.size();
  return {.method = "POST",
          .path = kKinds[kind].first,
          .body = fresh_call(kExamples[kind]).form,
          .headers = {"Content-Type: application/x-www-form-urlencoded"}};
}

class GracefulRestart : public MpmTest {};
PLIVO_DIAL_EACH_MPM(GracefulRestart);

TEST_P(GracefulRestart, SixtyUnderTrafficLoseAndLeakNothing) {
  PlivoServer server({.mpm = GetParam()});
  // Only the file: thousands of hook runs would test this machine, not the module.
  ASSERT_TRUE(
      server.httpd.start("PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher On \"${DIALD}\"\n"
                         "PlivoEventSink file \"file:${ROOT}/events/events.json\"\n" +
                         std::string(kShortConfiguration)));
  const auto dispatchers = server.httpd.dispatchers();
  ASSERT_EQ(dispatchers.size(), 1U);

  Load load(server.httpd.port(), 4, next_request);
  long memory = 0;
  std::size_t descriptors = 0;
  for (int restart = 1; restart <= kRestarts; ++restart) {
    const std::size_t before = load.succeeded();
    ASSERT_TRUE(wait_for([&] { return load.succeeded() >= before + 6; }));
    ASSERT_TRUE(server.httpd.restart_gracefully()) << "restart " << restart;
    if (restart == kWarmUp) {
      memory = anonymous_memory_kib(server.httpd.pid());
      descriptors = count_descriptors(server.httpd.pid());
    }
  }
  load.stop();
  EXPECT_EQ(load.failures(), std::vector<std::string>());
  EXPECT_GE(load.succeeded(), static_cast<std::size_t>(kRestarts) * 6);

  // The allocator breathes by two or three pages; one page a reload would be 180 KiB by now. A
  // sanitizer keeps freed memory on purpose.
  const long growth = anonymous_memory_kib(server.httpd.pid()) - memory;
  RecordProperty("parent_growth_kib", static_cast<int>(growth));
  const bool is_sanitized = std::string_view(SANITIZER_LIBRARY) != "";
  EXPECT_TRUE(is_sanitized || growth <= 64) << growth << " KiB";
  EXPECT_EQ(count_descriptors(server.httpd.pid()), descriptors);

  // The same dispatcher has served all generations.
  const auto now = server.httpd.dispatchers();
  ASSERT_EQ(now.size(), 1U);
  EXPECT_EQ(now[0].pid, dispatchers[0].pid);

  // What was accepted is there, each once.
  const std::size_t accepted = load.succeeded();
  EXPECT_TRUE(wait_for([&] { return server.sinks.in_file().size() >= accepted; }));
  std::map<std::string, int> times;
  for (const auto& event : server.sinks.in_file()) ++times[event.value("id", "")];
  EXPECT_EQ(times.size(), accepted);
  EXPECT_EQ(server.sinks.in_file().size(), accepted);
}

TEST_P(GracefulRestart, BringsTheNewConfiguration) {
  PlivoServer server({.mpm = GetParam()});
  const std::string around = EventSinks::directives() +
                             "PlivoSignature Off\nPlivoPublicURL https://pbx.example.com\n"
                             "<Location \"/dialstatus\">\nSetHandler plivo-dial\n";
  ASSERT_TRUE(server.httpd.start(around + "PlivoDial +14155550100\n</Location>\n"));
  EXPECT_EQ(server.send("/dialstatus", "A1").document.child("Dial").child("Number").text,
            "+14155550100");
  server.httpd.reconfigure(around +
                           "PlivoDial +14155550101\n</Location>\n"
                           "PlivoEventSink more \"file:${ROOT}/events/more\"\n");
  ASSERT_TRUE(server.httpd.restart_gracefully());
  // A child of the former generation may still take a connection that waited for it.
  EXPECT_TRUE(wait_for([&] {
    return server.send("/dialstatus", "A1").document.child("Dial").child("Number").text ==
           "+14155550101";
  }));
  EXPECT_TRUE(wait_for([&] { return !read_file(server.httpd.root() + "/events/more").empty(); }));
}

TEST(Reload, TheModuleComesAndGoes) {
  ServerOptions options;
  options.load_plivo_dial = false;
  PlivoServer server(options);
  ASSERT_TRUE(server.httpd.start(""));
  EXPECT_EQ(server.client().get("/dialstatus").status, 404);
  server.httpd.allow_log("PlivoSignature Off");
  server.httpd.reconfigure("LoadModule plivo_dial_module " PLIVO_DIAL_MODULE "\n" +
                           EventSinks::directives() + kShortConfiguration);
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return server.client().get("/dialstatus").status == 400; }));
  server.httpd.expect_log("CallUUID");
  EXPECT_EQ(server.send("/dialstatus", "A1").status, 200);
  server.sinks.expect_events(1);
  server.httpd.reconfigure("");
  ASSERT_TRUE(server.httpd.restart_gracefully());
  EXPECT_TRUE(wait_for([&] { return server.client().get("/dialstatus").status == 404; }));
}

}  // namespace
}  // namespace plivo_dial::test
