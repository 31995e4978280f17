// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::HasSubstr;

struct Ran {
  int status;
  std::string out;
  std::string err;
};

// Runs `plivo-dialctl call` with these arguments.
Ran run(std::vector<std::string> arguments) {
  CLI::App app("test");
  int status = kExitOk;
  add_call_command(app, status);
  arguments.insert(arguments.begin(), "call");
  std::reverse(arguments.begin(), arguments.end());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  std::string refused;
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    status = kExitUsage;
    refused = error.what();
  }
  const std::string out = testing::internal::GetCapturedStdout();
  return {status, out, testing::internal::GetCapturedStderr() + refused};
}

TEST(CallCommand, PlaysACallWithNothingButTheUrl) {
  LoopbackServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: 11\r\n\r\n"
      "<Response/>");
  const Ran ran = run({"--url", server.url("/a"), "--hangup-url", "none"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("OK: 1 request, every reply acceptable."));
}

TEST(CallCommand, ReportsRefusalByItsStatus) {
  const ClosedPort port;
  const Ran ran = run({"--url", port.url("/a"), "--json"});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, HasSubstr("\"code\": 7011"));
}

TEST(CallCommand, SaysWhatIsWrongWithAnOption) {
  struct Case {
    std::vector<std::string> arguments;
    std::string_view message;
  };
  const std::string url = "http://127.0.0.1:9/a";
  const Case cases[] = {
      {{}, "--url is required"},
      {{"--url", "ftp://h/a"}, "--url: "},
      {{"--url", "/a"}, "--url: "},
      {{"--url", url, "--hangup-url", "x"}, "--hangup-url: "},
      {{"--url", url, "--fallback-url", "x"}, "--fallback-url: "},
      {{"--url", url, "--public-url", "https://h/?q"}, "--public-url: "},
      {{"--url", url, "--outcome", "*=bussy"}, "did you mean \"busy\"?"},
      {{"--url", url, "--outcome", "+14155550100=busy", "--outcome", "14155550100=failed"},
       "has an outcome already"},
      {{"--url", url, "--param", "x"}, "is not NAME=VALUE"},
      {{"--url", url, "--to", "bob"}, "--to: \"bob\" is neither a number"},
      {{"--url", url, "--from", "+1x"}, "--from: \"+1x\" is neither a number"},
      {{"--url", url, "--call-uuid", "7"}, "is no UUID"},
      {{"--url", url, "--ring-url", url}, "add --direction outbound"},
      {{"--url", url, "--method", "PUT"}, "--method"},
      {{"--url", url, "--max-steps", "0"}, "--max-steps"},
      {{"--url", url, "--talk", "-1"}, "--talk"},
  };
  for (const Case& entry : cases) {
    const Ran ran = run(entry.arguments);
    EXPECT_EQ(ran.status, kExitUsage) << entry.message;
    EXPECT_THAT(ran.err, HasSubstr(std::string(entry.message)));
    EXPECT_EQ(ran.out, "");
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
