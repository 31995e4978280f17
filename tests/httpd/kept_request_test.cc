// SPDX-License-Identifier: Apache-2.0
// LogLevel plivo_dial:debug keeps refused requests as files that plivo-dialctl verify reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class KeptRequest : public testing::Test {
 protected:
  bool start(const std::string& more) {
    server_.httpd.allow_log("PD02");
    server_.httpd.files().write_file("conf/foreign.token", std::string(kForeignToken) + "\n", 0600);
    return server_.start(signed_configuration() + more);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> files;
    const std::string directory = server_.httpd.root() + "/spool/refused";
    if (!std::filesystem::exists(directory)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      files.push_back(entry.path());
    }
    return files;
  }

  CommandResult verify(const std::string& file, const std::string& origin) {
    server_.httpd.files().write_file("foreign.token", kForeignToken, 0600);
    Command command;
    command.arguments = {
        PLIVO_DIALCTL_PROGRAM, "verify", "--request",    file,
        "--public-url",        origin,   "--token-file", server_.httpd.root() + "/foreign.token"};
    return run_command(command);
  }

  TrustServer server_;
};

HttpRequest foreign_request(const std::string& path) {
  return with_header(with_header(sign_request(fresh_webhook(path, "A1"), {.token = kForeignToken}),
                                 "Authorization: Basic c2VjcmV0OnNlY3JldA=="),
                     "Cookie: session=4711");
}

TEST_F(KeptRequest, IsWhatVerifyTakes) {
  ASSERT_TRUE(start("LogLevel plivo_dial:debug\n"));
  server_.expect_good_request();
  EXPECT_THAT(files(), SizeIs(0));
  const HttpRequest request = foreign_request("/dialstatus?tenant=1");
  EXPECT_EQ(server_.client().send(request).status, 403);
  ASSERT_THAT(files(), SizeIs(1));
  const std::string file = files()[0];
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(status.st_uid, server_.httpd.files().user().uid);
  const std::string text = read_file(file);
  EXPECT_THAT(text, testing::StartsWith("POST /dialstatus?tenant=1 HTTP/1.1\r\n"));
  EXPECT_THAT(text, testing::EndsWith("\r\n\r\n" + request.body));
  EXPECT_THAT(text, Not(HasSubstr("c2VjcmV0")));
  EXPECT_THAT(text, Not(HasSubstr("session=4711")));
  EXPECT_THAT(server_.httpd.error_log(),
              HasSubstr("PD0212: the request is kept for a day: plivo-dialctl verify --request " +
                        file + " --public-url " + kOrigin + " --token-file "));

  const CommandResult right = verify(file, kOrigin);
  EXPECT_EQ(right.exit_code, 0) << right.output;
  const CommandResult wrong = verify(file, "https://www.example.com");
  EXPECT_EQ(wrong.exit_code, 1) << wrong.output;
}

TEST_F(KeptRequest, OfAGetIsWhatVerifyTakes) {
  ASSERT_TRUE(start("LogLevel plivo_dial:debug\n"));
  HttpRequest request{.method = "GET", .path = "/dialstatus?" + fresh_call(example("A1")).form};
  request = sign_request(request, {.token = kForeignToken});
  EXPECT_EQ(server_.client().send(request).status, 403);
  ASSERT_THAT(files(), SizeIs(1));
  const CommandResult right = verify(files()[0], kOrigin);
  EXPECT_EQ(right.exit_code, 0) << right.output;
}

// The line above it says that the request was another virtual host's, and so does the command.
TEST_F(KeptRequest, OfAnotherVirtualHostIsVerifiedByTheCommandAsItStands) {
  ASSERT_TRUE(start(
      "LogLevel plivo_dial:debug\n<VirtualHost *:4430>\nServerName tenant.example.net\n"
      "PlivoPublicURL https://tenant.example.net\n"
      "PlivoAccount tenant MATENANTXXXXXXXXXXXX \"file:${ROOT}/conf/foreign.token\"\n"
      "<Location \"/dialstatus\">\nSetHandler plivo-dial\nPlivoDial +14155550100\n</Location>\n"
      "</VirtualHost>\n"));
  const HttpRequest request =
      sign_request(fresh_webhook("/dialstatus", "A1"),
                   {.token = kForeignToken, .origin = "https://tenant.example.net"});
  EXPECT_EQ(server_.client().send(request).status, 403);
  const std::string log = server_.httpd.error_log();
  EXPECT_THAT(log, HasSubstr("PD0211: "));
  const std::size_t begin = log.find("plivo-dialctl verify --request ");
  ASSERT_NE(begin, std::string::npos) << log;
  const std::string command = log.substr(begin, log.find('\n', begin) - begin);
  EXPECT_THAT(command, HasSubstr(" --public-url https://tenant.example.net "));
  Command shell;
  shell.arguments = {"/bin/sh", "-c",
                     PLIVO_DIALCTL_PROGRAM + command.substr(std::string("plivo-dialctl").size())};
  const CommandResult verified = run_command(shell);
  EXPECT_EQ(verified.exit_code, 0) << command << "\n" << verified.output;
}

TEST_F(KeptRequest, IsNotThereAtAnotherLogLevel) {
  ASSERT_TRUE(start("LogLevel plivo_dial:info\n"));
  EXPECT_EQ(server_.client().send(foreign_request("/dialstatus")).status, 403);
  EXPECT_THAT(server_.refusals(), SizeIs(1));
  EXPECT_THAT(files(), SizeIs(0));
}

// What can't be kept changes nothing for who asks.
TEST_F(KeptRequest, IsLeftOutWhereItCantBeWritten) {
  ASSERT_TRUE(start("LogLevel plivo_dial:debug\n"));
  server_.httpd.files().write_file("spool/refused", "", 0600, true);
  EXPECT_EQ(server_.client().send(foreign_request("/dialstatus")).status, 403);
  EXPECT_THAT(server_.httpd.error_log(), HasSubstr("PD0212: the request is not kept: "));
  server_.expect_good_request();
}

}  // namespace
}  // namespace plivo_dial::test
