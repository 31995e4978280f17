// plivo-dialctl call on the machine itself: the server is asked under the public name, wherever it
// is reached, and whose reply it is that Plivo would refuse is told.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/httpd_server.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kCalledServer = R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
PlivoAccount main MAXXXXXXXXXXXXXXXXXX "file:${ROOT}/conf/main.token"
)";

constexpr const char* kCalledLocation = R"(
<Location "/dialstatus">
    SetHandler plivo-dial
    PlivoDial +14155550100
</Location>
)";

constexpr const char* kCertificate = R"(
SSLEngine On
SSLCertificateFile "${ROOT}/conf/certificate.pem"
SSLCertificateKeyFile "${ROOT}/conf/key.pem"
)";

class CallPlace : public testing::Test {
 protected:
  CallPlace() : httpd_({.modules = {"socache_shmcb", "ssl", "authz_host", "remoteip"}}) {
    httpd_.files().write_file("conf/main.token", std::string(kMainToken) + "\n", 0600);
    httpd_.allow_log("PD0104");
    httpd_.allow_log("AH0");
  }

  void make_certificate() {
    const CommandResult made = run_command(
        {{"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj",
          "/CN=pbx.example.com", "-addext", "subjectAltName=DNS:pbx.example.com", "-days", "2",
          "-keyout", httpd_.root() + "/conf/key.pem", "-out", certificate()},
         {"PATH=/usr/bin:/bin"},
         {},
         {},
         ""});
    ASSERT_EQ(made.exit_code, 0) << made.output;
  }
  std::string certificate() const { return httpd_.root() + "/conf/certificate.pem"; }

  CommandResult call(const std::string& url, const std::vector<std::string>& more = {}) const {
    Command command;
    command.arguments = {PLIVO_DIALCTL_PROGRAM,
                         "call",
                         "--url",
                         url,
                         "--token-file",
                         httpd_.root() + "/conf/main.token",
                         "--outcome",
                         "*=completed"};
    command.arguments.insert(command.arguments.end(), more.begin(), more.end());
    return run_command(command);
  }
  std::string here(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(httpd_.port());
  }

  HttpdServer httpd_;
};

// The first virtual host of an address gets who asks for no name of another.
TEST_F(CallPlace, VirtualHostIsChosenByThePublicName) {
  ASSERT_TRUE(httpd_.start(std::string(kCalledServer) +
                           "<VirtualHost *:${PORT}>\nServerName www.example.com\n</VirtualHost>\n"
                           "<VirtualHost *:${PORT}>\nServerName pbx.example.com\n"
                           "PlivoPublicURL https://pbx.example.com\n" +
                           kCalledLocation + "</VirtualHost>\n"));
  const CommandResult played =
      call(here("http") + "/dialstatus", {"--public-url", "https://pbx.example.com"});
  EXPECT_EQ(played.exit_code, 0) << played.output;
  const CommandResult lost =
      call(here("http") + "/dialstatus", {"--public-url", "https://www.example.com"});
  EXPECT_EQ(lost.exit_code, 1) << lost.output;
  EXPECT_THAT(lost.output,
              AllOf(HasSubstr("it is no reply of mod_plivo_dial: the URL is not found (404)"),
                    Not(HasSubstr("PD02"))));
}

TEST_F(CallPlace, TlsIsJudgedByThePublicNameAndAnAuthorityOfOnesOwn) {
  make_certificate();
  ASSERT_TRUE(httpd_.start(std::string(kCalledServer) +
                           "PlivoPublicURL https://pbx.example.com:${PORT}\n" + kCalledLocation +
                           "<VirtualHost *:${PORT}>\nServerName pbx.example.com\n" + kCertificate +
                           "</VirtualHost>\n"));
  const std::string place = "127.0.0.1:" + std::to_string(httpd_.port());
  const std::string public_url = "https://pbx.example.com:" + std::to_string(httpd_.port());
  const CommandResult by_public_url =
      call(here("https") + "/dialstatus", {"--public-url", public_url, "--cacert", certificate()});
  EXPECT_EQ(by_public_url.exit_code, 0) << by_public_url.output;
  const CommandResult by_place =
      call(public_url + "/dialstatus", {"--connect-to", place, "--cacert", certificate()});
  EXPECT_EQ(by_place.exit_code, 0) << by_place.output;
  const CommandResult untrusted = call(public_url + "/dialstatus", {"--connect-to", place});
  EXPECT_EQ(untrusted.exit_code, 1) << untrusted.output;
  EXPECT_THAT(untrusted.output, AllOf(HasSubstr("is not trusted"), HasSubstr("--cacert FILE")));
  const CommandResult misnamed =
      call(here("https") + "/dialstatus",
           {"--public-url", "https://other.example.com", "--cacert", certificate()});
  EXPECT_EQ(misnamed.exit_code, 1) << misnamed.output;
}

TEST_F(CallPlace, SpeaksToAServerBehindAProxyOfThatProtocol) {
  ASSERT_TRUE(httpd_.start(std::string(kCalledServer) + "PlivoPublicURL https://pbx.example.com\n" +
                           "<VirtualHost *:${PORT}>\nRemoteIPProxyProtocol On\n" + kCalledLocation +
                           "</VirtualHost>\n"));
  const std::vector<std::string> usual = {"--public-url", "https://pbx.example.com"};
  const CommandResult without = call(here("http") + "/dialstatus", usual);
  EXPECT_EQ(without.exit_code, 1) << without.output;
  EXPECT_THAT(without.output, AllOf(HasSubstr("closed the connection without a reply"),
                                    HasSubstr("add --proxy-protocol")));
  const CommandResult with = call(here("http") + "/dialstatus",
                                  {"--public-url", "https://pbx.example.com", "--proxy-protocol"});
  EXPECT_EQ(with.exit_code, 0) << with.output;
  EXPECT_THAT(with.output, HasSubstr("OK: 6 requests"));
}

// One that does not expect it takes the line for a request.
TEST_F(CallPlace, TellsWhereNobodyExpectsTheProxyProtocol) {
  ASSERT_TRUE(httpd_.start(std::string(kCalledServer) + "PlivoPublicURL https://pbx.example.com\n" +
                           kCalledLocation));
  const CommandResult refused =
      call(here("http") + "/dialstatus",
           {"--public-url", "https://pbx.example.com", "--proxy-protocol"});
  EXPECT_EQ(refused.exit_code, 1) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("leave out --proxy-protocol"));
}

TEST_F(CallPlace, TellsARefusalOfTheModulesFromThatOfAnother) {
  const std::string public_url = "PlivoPublicURL https://pbx.example.com\n";
  const std::string fence =
      "<Location \"/dialstatus/action\">\nRequire ip 192.0.2.1\n</Location>\n";
  ASSERT_TRUE(httpd_.start(kCalledServer + public_url + kCalledLocation + fence));
  const std::string url = here("http") + "/dialstatus";
  const CommandResult fenced = call(url, {"--public-url", "https://pbx.example.com"});
  EXPECT_EQ(fenced.exit_code, 1) << fenced.output;
  EXPECT_THAT(fenced.output,
              HasSubstr("is forbidden (403) before mod_plivo_dial sees the request"));
  httpd_.allow_log("PD020");
  const CommandResult refused = call(url, {"--public-url", "https://www.example.com"});
  EXPECT_EQ(refused.exit_code, 1) << refused.output;
  EXPECT_THAT(refused.output, AllOf(HasSubstr("error log says why (PD02xx)"),
                                    Not(HasSubstr("no reply of mod_plivo_dial"))));
}

}  // namespace
}  // namespace plivo_dial::test
