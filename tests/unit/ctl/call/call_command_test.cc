// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/call_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lib/form/form.h"
#include "lib/signature/signature.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::HasSubstr;

struct PlayedCall {
  int status;
  std::string out;
  std::string err;
};

// Runs `plivo-dialctl call` with these arguments.
PlayedCall run(std::vector<std::string> arguments) {
  Command app("plivo-dialctl", "test");
  add_call_command(app);
  arguments.insert(arguments.begin(), "call");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const Result<int, UsageError> status = app.run(arguments);
  const std::string out = testing::internal::GetCapturedStdout();
  const std::string err = testing::internal::GetCapturedStderr();
  return {status ? *status : kExitUsage, out, err + (status ? "" : status.error().message)};
}

TEST(CallCommand, PlaysACallWithNothingButTheUrl) {
  LoopbackServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: 11\r\n\r\n"
      "<Response/>");
  const PlayedCall ran = run({"--url", server.url("/a"), "--hangup-url", "none"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("OK: 1 request, every reply acceptable."));
}

TEST(CallCommand, TakesASeedOfChaosAndRefusesWhatIsNone) {
  LoopbackServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: 11\r\n\r\n"
      "<Response/>");
  const std::string url = server.url("/a");
  // Under this seed the answer URL is asked once.
  const PlayedCall ran = run({"--url", url, "--hangup-url", "none", "--chaos", "0"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\nChaos with seed 0: 0 sent again, 0 dropped, 0 late.\n"));
  for (const char* bad : {"x", "-1", "1.5", "1000000000", "0x10", "99999999999999999999", " 7"}) {
    const PlayedCall refused = run({"--url", url, "--chaos", bad});
    EXPECT_EQ(refused.status, kExitUsage) << bad;
    EXPECT_THAT(refused.err, HasSubstr("is no whole number from 0 to 999999999")) << bad;
  }
  EXPECT_EQ(run({"--url", url, "--chaos", "7", "--again"}).status, kExitUsage);
  EXPECT_EQ(run({"--url", url, "--chaos", "7", "--reports-only", "--report", "ring"}).status,
            kExitUsage);
}

// A file that only its owner may read, in a directory of its own.
class TokenFile {
 public:
  explicit TokenFile(std::string_view content, unsigned mode = 0600) {
    EXPECT_NE(mkdtemp(directory_.data()), nullptr);
    path_ = directory_ + "/token";
    std::ofstream(path_) << content;
    EXPECT_EQ(chmod(path_.c_str(), mode), 0);
  }
  ~TokenFile() { std::filesystem::remove_all(directory_); }
  TokenFile(const TokenFile&) = delete;
  TokenFile& operator=(const TokenFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string directory_ = testing::TempDir() + "plivo-token-XXXXXX";
  std::string path_;
};

std::string header_value(const std::string& request, const std::string& name) {
  const std::size_t at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "(absent)";
  const std::size_t start = at + name.size() + 4;
  return request.substr(start, request.find("\r\n", start) - start);
}

TEST(CallCommand, SignsWithTheTokenOfTheFile) {
  LoopbackServer server(
      "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: 11\r\n\r\n"
      "<Response/>");
  const TokenFile file("the-token-of-the-file\n");
  const PlayedCall ran =
      run({"--url", server.url("/a"), "--public-url", "https://pbx.example.com/", "--hangup-url",
           "none", "--token-file", file.path(), "--auth-id", "MAZZZZZZZZZZZZZZZZZZ", "--json"});
  EXPECT_EQ(ran.status, kExitOk) << ran.out << ran.err;
  EXPECT_THAT(ran.out, testing::Not(HasSubstr("the-token-of-the-file")));
  const std::string request = server.request();
  EXPECT_TRUE(request.starts_with("POST /a HTTP/1.1\r\n")) << request;
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  EXPECT_THAT(body, HasSubstr("&ParentAuthID=MAZZZZZZZZZZZZZZZZZZ&"));
  const Result<Form> form = Form::decode(body);
  ASSERT_TRUE(form);
  const std::string nonce = header_value(request, "X-Plivo-Signature-V3-Nonce");
  const std::string expected =
      sign(v3_string_to_sign({"https://pbx.example.com", "/a"}, form->parameters(), nonce),
           "the-token-of-the-file");
  EXPECT_EQ(header_value(request, "X-Plivo-Signature-V3"), expected);
  EXPECT_EQ(header_value(request, "X-Plivo-Signature-Ma-V3"), expected);
}

TEST(CallCommand, RefusesATokenFileThatOthersMayRead) {
  const TokenFile file("the-token-of-the-file\n", 0644);
  const PlayedCall ran = run({"--url", "http://127.0.0.1:9/a", "--token-file", file.path()});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("--token-file: "));
  EXPECT_THAT(ran.err, HasSubstr("chmod 600"));
  EXPECT_THAT(ran.err, testing::Not(HasSubstr("the-token-of-the-file")));
}

// Somebody may paste the token where the ID belongs.
TEST(CallCommand, NeverShowsWhatWasGivenAsAuthId) {
  const PlayedCall ran =
      run({"--url", "http://127.0.0.1:9/a", "--auth-id", "N2JkYjE0ZmUtYWM0MC00ZTFi"});
  EXPECT_EQ(ran.status, kExitUsage);
  EXPECT_THAT(ran.err, HasSubstr("--auth-id: an Auth ID begins with MA or SA"));
  EXPECT_THAT(ran.err, testing::Not(HasSubstr("N2JkYjE0")));
}

TEST(CallCommand, ReportsRefusalByItsStatus) {
  const ClosedPort port;
  const PlayedCall ran = run({"--url", port.url("/a"), "--json"});
  EXPECT_EQ(ran.status, kExitRefused);
  EXPECT_THAT(ran.out, HasSubstr("\"code\":7011"));
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
      {{"--url", url, "--token-file", "/no/such/token"}, "--token-file: "},
      {{"--url", url, "--connect-to", "127.0.0.1"}, "--connect-to: \"127.0.0.1\" is not HOST:PORT"},
      {{"--url", url, "--connect-to", "127.0.0.1:x"}, "--connect-to: "},
      {{"--url", url, "--cacert", "/no/such/authority"}, "--cacert: cannot read"},
      {{"--url", url, "--outcome", "*=bussy"}, "\"bussy\"; did you mean busy?\n"},
      {{"--url", url, "--outcome", "+14155550100=busy", "--outcome", "14155550100=failed"},
       "has an outcome already"},
      {{"--url", url, "--press", "nobody=1"}, "--press: \"nobody=1\" is not caller= or callee= "},
      {{"--url", url, "--outcome", "*=gone"}, "\"gone\"; there are: completed, busy, "},
      {{"--url", url, "--outcome", "4155550100 =busy"},
       "--outcome: \"4155550100 \" is not a phone"},
      {{"--url", url, "--outcome", "415x=busy"}, "--outcome: \"415x\" is neither a number"},
      {{"--url", url, "--report", "hangpu"}, "\"hangpu\" is no report; did you mean hangup?\n"},
      {{"--url", url, "--report", "x"}, "\"x\" is no report; there are: begin, "},
      {{"--url", url, "--to", "+1 415 555 0100"}, "did you mean +14155550100?\n"},
      {{"--url", url, "--from", "+1 415 555 0100"}, "did you mean +14155550100?\n"},
      {{"--url", url, "--from", ""}, "--from: \"\" is neither a number"},
      {{"--url", url, "--from", "匿名", "--to", ""}, "--to: \"\" is neither a number"},
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
    const PlayedCall ran = run(entry.arguments);
    EXPECT_EQ(ran.status, kExitUsage) << entry.message;
    EXPECT_THAT(ran.err, HasSubstr(std::string(entry.message)));
    EXPECT_EQ(ran.out, "");
  }
}

}  // namespace
}  // namespace plivo_dial::ctl
