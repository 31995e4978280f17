// SPDX-License-Identifier: Apache-2.0
// Row 19 of the fault table: a hundred reloads under traffic. Promise: nobody gets anything but
// 200, nothing is lost, and who delivers is not disturbed. (Under event and worker a request may
// wait for a second: that is how long a new child of theirs sleeps while it waits for a place.)
// PLIVO_DIAL_LONG_TESTS=1: a hundred under worker and prefork, too, instead of thirty.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/fault/fault_server.h"
#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/long_form.h"

namespace plivo_dial::test {
namespace {

// Keeps what it confirms.
constexpr const char* kStreamHook = R"(#!/bin/sh
echo OK
while read -r event; do
  printf '%s\n' "$event" >> "$1"
  echo OK
done
)";

class Reloads : public MpmTest {
 protected:
  // How often the stream hook had each call.
  static std::map<std::string, int> in_stream(const FaultServer& server) {
    std::map<std::string, int> calls;
    std::istringstream lines(read_file(server.httpd.root() + "/events/stream"));
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      ++calls[nlohmann::json::parse(line).value("call", "none")];
    }
    return calls;
  }
};
PLIVO_DIAL_EACH_MPM(Reloads);

TEST_P(Reloads, AHundredUnderTrafficLoseNothingAndDisturbNobody) {
  const int reloads = GetParam() == Mpm::kEvent ? 100 : by_form(30, 100);
  FaultServer server({.server = {.mpm = GetParam()},
                      .more = "PlivoEventSink stream \"stream:${ROOT}/hook/stream "
                              "${ROOT}/events/stream\"\n"});
  server.httpd.files().write_file("hook/stream", kStreamHook, 0755);
  ASSERT_TRUE(server.start());
  const pid_t dispatcher = server.dispatcher();
  ASSERT_NE(dispatcher, 0);
  Callers callers(server.httpd.port(), {.clients = 16, .keep_alive = true});
  // It is started with the first event.
  std::vector<pid_t> stream;
  ASSERT_TRUE(wait_for([&] {
    stream = server.hooks("hook/stream");
    return stream.size() == 1;
  }));
  for (int reload = 0; reload < reloads; ++reload) {
    ASSERT_TRUE(callers.accept_more(4)) << "reload " << reload;
    ASSERT_TRUE(server.httpd.restart_gracefully()) << "reload " << reload;
    ASSERT_EQ(server.dispatcher(), dispatcher) << "reload " << reload;
    ASSERT_EQ(server.hooks("hook/stream"), stream) << "reload " << reload;
  }
  callers.stop();
  const std::vector<AnsweredCall> calls = callers.calls();
  for (const AnsweredCall& call : calls) {
    EXPECT_EQ(call.status, 200) << call.path << " of call " << call.call;
  }
  server.expect_account(calls);
  std::map<std::string, int> streamed = in_stream(server);
  for (const AnsweredCall& call : calls) EXPECT_EQ(streamed[call.call], 1) << call.call;
  std::cout << reloads << " reloads: " << describe_latency(calls) << "\n";
}

}  // namespace
}  // namespace plivo_dial::test
