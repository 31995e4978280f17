// SPDX-License-Identifier: Apache-2.0
// A refused request stays refused and is answered once, whatever the configuration around it does,
// and a document goes out whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;

HttpRequest callback() {
  return webhook_request("/dialstatus/callback", fresh_call(example("E5")));
}

// An internal redirect would run the handler again, where nothing is checked.
TEST(RefusedRequest, ErrorDocumentInAnOpenLocationIsNotServed) {
  TrustServer server;
  server.httpd.expect_log("PD0201: refused with 403: ");
  server.httpd.allow_log("PlivoSignature Off");
  ASSERT_TRUE(server.start(signed_configuration() + R"(
ErrorDocument 403 /open
<Location "/open">
    SetHandler plivo-dial
    PlivoSignature Off
    PlivoDial +14155550100
</Location>
)"));
  const HttpReply reply = server.client().send(callback());
  EXPECT_EQ(reply.status, 403);
  EXPECT_THAT(reply.body, Not(HasSubstr("<Dial")));
  EXPECT_TRUE(server.events().empty());
}

// httpd's filters and the handler must not both answer.
TEST(RefusedRequest, UnreadableBodyIsAnsweredOnce) {
  TrustServer server;
  server.httpd.expect_log("PD0412: refused with 400: ");
  ASSERT_TRUE(server.start(signed_configuration()));
  const std::string reply = server.client().exchange(
      "POST /dialstatus/callback HTTP/1.1\r\nHost: pbx.example.com\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
      "zz\r\n");
  EXPECT_THAT(reply, HasSubstr(" 400 Bad Request\r\n"));
  const std::size_t page = reply.find("<html>");
  ASSERT_NE(page, std::string::npos) << reply;
  EXPECT_EQ(reply.find("<html>", page + 1), std::string::npos) << reply;
}

TEST(Document, IsNeverSentInPart) {
  TrustServer server;
  ASSERT_TRUE(server.start(signed_configuration()));
  HttpRequest request = sign_request(webhook_request("/dialstatus", fresh_call(example("A1"))));
  request.headers.push_back("Range: bytes=0-9");
  const HttpReply reply = server.client().send(request);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.document.outline(), "Response(Speak Dial(Number))");
}

// The handler of one virtual host says nothing about a Location of the same path in another.
TEST(VirtualHosts, HaveHandlersOfTheirOwn) {
  TrustServer server;
  const CommandResult checked = server.httpd.configtest(signed_configuration() + R"(
PlivoSpool "${ROOT}/spool"
PlivoDispatcher Off
<VirtualHost 127.0.0.1:${PORT}>
ServerName one.example
<Location "/d">
    SetHandler plivo-dial
    PlivoDial +14155550100
</Location>
</VirtualHost>
<VirtualHost 127.0.0.1:${PORT}>
ServerName two.example
PlivoSignature Require
<Location "/d">
    PlivoDial +14155550100
</Location>
</VirtualHost>
)");
  EXPECT_EQ(checked.exit_code, 0) << checked.output;
  EXPECT_THAT(checked.output, HasSubstr("has a plan, but no SetHandler plivo-dial"));
}

}  // namespace
}  // namespace plivo_dial::test
