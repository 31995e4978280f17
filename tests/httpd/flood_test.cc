// SPDX-License-Identifier: Apache-2.0
// A flood of requests that are not believed: it costs few lines of the error log, the log tells how
// many were left out, and nobody else notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <set>

#include "tests/httpd/load.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::Each;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kFlood = 5000;
constexpr std::size_t kMostLinesPerSecond = 20;
constexpr std::size_t kMostLinesOfAllKinds = 18;

const std::string kConfiguration =
    signed_configuration() + "CustomLog \"${ROOT}/logs/access_log\" \"%P %>s\"\n";

HttpRequest callback() {
  return webhook_request("/dialstatus/callback", fresh_call(example("E5")));
}

HttpRequest wrongly_signed() {
  return sign_request(callback(), {.token = kForeignToken});
}

// The second in which `line` was written: "[Mon Nov 23 10:00:00.123456 2026] ..."
std::string second_of(const std::string& line) {
  return line.substr(0, line.find('.'));
}

// How many refusals the summaries in `log` speak of.
std::size_t summarised(const std::string& log) {
  constexpr std::string_view kId = "PD0290: ";
  std::size_t sum = 0;
  for (const std::string& line : lines_with(log, std::string(kId))) {
    sum += std::strtoul(line.c_str() + line.find(kId) + kId.size(), nullptr, 10);
  }
  return sum;
}

// The requests that got `status`, by the process that answered them.
std::map<std::string, std::size_t> answers(const TrustServer& server, const std::string& status) {
  std::map<std::string, std::size_t> by_process;
  for (const std::string& line :
       lines_with(read_file(server.httpd.root() + "/logs/access_log"), " " + status)) {
    ++by_process[line.substr(0, line.find(' '))];
  }
  return by_process;
}

// Sends `count` requests of `make` through several connections at a time, as fast as they are
// answered, and waits until all are. What comes behind them is good.
void flood(const TrustServer& server, std::size_t count, const Load::MakeRequest& make) {
  Load load(server.httpd.port(), 8,
            [&](std::size_t n) { return n < count ? make(n) : sign_request(callback()); });
  EXPECT_TRUE(wait_for([&] { return load.succeeded() > 0; }, std::chrono::seconds(120)));
  load.stop();
  EXPECT_THAT(load.failures(), SizeIs(count));
  EXPECT_THAT(load.failures(), Each(EndsWith("status 403")));
}

// Nothing more is refused now, so that the last summary has to come by itself.
void expect_few_lines_that_tell_of_all(const TrustServer& server, std::size_t refused) {
  const auto told = [&] { return server.refusals().size() + summarised(server.httpd.error_log()); };
  EXPECT_TRUE(wait_for([&] { return told() >= refused; }));
  EXPECT_EQ(told(), refused);
  std::map<std::string, std::size_t> in_second;
  for (const std::string& line : server.refusals()) ++in_second[second_of(line)];
  for (const std::string& line : lines_with(server.httpd.error_log(), "PD0290: ")) {
    ++in_second[second_of(line)];
  }
  for (const auto& [second, lines] : in_second) EXPECT_LE(lines, kMostLinesPerSecond) << second;
}

TEST(Flood, LeavesFewLinesAndDisturbsNobody) {
  TrustServer server;
  server.httpd.expect_log("PD0203: refused with 403: ");
  server.httpd.expect_log("PD0290: ");
  ASSERT_TRUE(server.start(kConfiguration));
  Load others(server.httpd.port(), 2, [](std::size_t) { return sign_request(callback()); });
  flood(server, kFlood, [](std::size_t) { return wrongly_signed(); });
  others.stop();
  EXPECT_THAT(others.failures(), IsEmpty());
  EXPECT_GT(others.succeeded(), 0U);
  const auto refused_by = answers(server, "403");
  EXPECT_GE(refused_by.size(), 2U);
  std::size_t refused = 0;
  for (const auto& [process, count] : refused_by) refused += count;
  EXPECT_EQ(refused, kFlood);

  expect_few_lines_that_tell_of_all(server, kFlood);
}

// A reload begins no count anew, and what the generation before it left out is told too.
TEST(Flood, OverReloadsIsBoundedAndSummedUpAsWithout) {
  TrustServer server;
  server.httpd.allow_log(": refused with 403: ");
  server.httpd.expect_log("PD0290: ");
  ASSERT_TRUE(server.start(kConfiguration));
  std::atomic<std::size_t> refused = 0;
  Load::Options options{.clients = 4};
  options.observe = [&](std::size_t, const Load::Answer& answer) {
    if (answer.status == 403) ++refused;
  };
  Load load(server.httpd.port(), options,
            [](std::size_t n) { return n % 2 == 0 ? callback() : wrongly_signed(); });
  for (int reload = 0; reload < 3; ++reload) {
    const std::size_t before = refused;
    EXPECT_TRUE(wait_for([&] { return refused >= before + 200; }));
    ASSERT_TRUE(server.httpd.restart_gracefully());
  }
  load.stop();
  expect_few_lines_that_tell_of_all(server, refused);
}

// Each kind alone stays below the bound; together they must, too.
TEST(Flood, OfManyKindsLeavesFewLinesToo) {
  TrustServer server;
  server.httpd.allow_log(": refused with 403: ");
  server.httpd.expect_log("PD0290: ");
  ASSERT_TRUE(server.start(kConfiguration));
  constexpr std::size_t kCount = 600;
  flood(server, kCount, [](std::size_t n) {
    HttpRequest request = n % 5 == 1 ? sign_v2(callback()) : wrongly_signed();
    if (n % 5 == 2) request = callback();
    if (n % 5 == 3) request.headers.pop_back();  // the nonce
    if (n % 5 == 4) request.headers[1] = "X-Plivo-Signature-V3: none";
    return request;
  });
  std::set<std::string> seconds;
  for (const std::string& line : server.refusals()) seconds.insert(second_of(line));
  EXPECT_LE(server.refusals().size(), kMostLinesOfAllKinds * (seconds.size() + 1));
  EXPECT_TRUE(wait_for(
      [&] { return server.refusals().size() + summarised(server.httpd.error_log()) >= kCount; }));
  EXPECT_EQ(server.refusals().size() + summarised(server.httpd.error_log()), kCount);
}

// Requests without any signature cost their sender nothing. They must not use up the lines of a
// signature that does not fit, which is what an administrator looks for.
TEST(Flood, OfCheapRefusalsHidesNoWrongSignature) {
  TrustServer server;
  server.httpd.allow_log(": refused with 403: ");
  server.httpd.allow_log("PD0290: ");
  ASSERT_TRUE(server.start(kConfiguration));
  Load load(server.httpd.port(), 4,
            [](std::size_t n) { return n % 2 == 0 ? callback() : sign_v2(callback()); });
  EXPECT_TRUE(wait_for([&] { return server.refusals().size() >= 10; }));
  for (int i = 0; i < 3; ++i) {
    const HttpRequest request = sign_request(callback(), {.origin = "https://www.example.com"});
    EXPECT_EQ(server.client().send(with_header(request, "Host: www.example.com")).status, 403);
  }
  load.stop();
  EXPECT_THAT(lines_with(server.httpd.error_log(), "PD0206: refused with 403: "), SizeIs(3));
}

// What was left out is told with the next line of its kind.
TEST(Flood, IsSummedUpWithTheNextLine) {
  TrustServer server;
  server.httpd.expect_log("PD0201: refused with 403: ");
  server.httpd.expect_log("PD0290: ");
  ASSERT_TRUE(server.start(kConfiguration));
  std::size_t sent = 0;
  EXPECT_TRUE(wait_for([&] {
    ++sent;
    EXPECT_EQ(server.client().send(callback()).status, 403);
    return summarised(server.httpd.error_log()) > 0;
  }));
  EXPECT_LE(server.refusals().size() + summarised(server.httpd.error_log()), sent);
}

}  // namespace
}  // namespace plivo_dial::test
