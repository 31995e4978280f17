// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/http/curl_http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ctl/loopback_server.h"

namespace plivo_dial::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

HttpResponse send(const HttpRequest& request) {
  auto client = CurlHttpClient::create("plivo-dialctl/test");
  EXPECT_TRUE(client);
  return (*client)->send(request);
}

std::string ok_reply(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(CurlHttpClient, PostsFormAndReadsReply) {
  LoopbackServer server(ok_reply("<Response/>"));
  const HttpResponse response = send({"POST", server.url("/a?x=1"), "To=14155550199&b=%2B"});
  EXPECT_EQ(response.error, "");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/xml");
  EXPECT_EQ(response.body, "<Response/>");
  const std::string request = server.request();
  EXPECT_TRUE(request.starts_with("POST /a?x=1 HTTP/1.1\r\n")) << request;
  EXPECT_THAT(request, HasSubstr("Content-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_THAT(request, HasSubstr("User-Agent: plivo-dialctl/test\r\n"));
  EXPECT_TRUE(request.ends_with("\r\n\r\nTo=14155550199&b=%2B")) << request;
}

TEST(CurlHttpClient, SendsHeadersOfTheRequestOnly) {
  LoopbackServer server(ok_reply(""));
  const HttpRequest request = {
      "POST", server.url("/a"), "x=1", {{"X-One", "a+/="}, {"X-Two", "b, c"}}};
  EXPECT_EQ(send(request).status, 200);
  const std::string sent = server.request();
  EXPECT_THAT(sent, HasSubstr("\r\nX-One: a+/=\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\nX-Two: b, c\r\n"));
  EXPECT_THAT(sent, Not(HasSubstr("Expect")));
}

TEST(CurlHttpClient, AsksUnderTheNameThatItIsGiven) {
  LoopbackServer server(ok_reply(""));
  HttpRequest request{"POST", server.url("/a?x=1"), ""};
  request.server_name = "pbx.example.com";
  EXPECT_EQ(send(request).status, 200);
  const std::string port = server.url("").substr(server.url("").rfind(':'));
  EXPECT_THAT(server.request(), AllOf(testing::StartsWith("POST /a?x=1 HTTP/1.1\r\n"),
                                      HasSubstr("\r\nHost: pbx.example.com" + port + "\r\n")));
}

TEST(CurlHttpClient, ConnectsWhereItIsTold) {
  LoopbackServer server(ok_reply(""));
  HttpRequest request{"POST", "http://pbx.invalid/a", ""};
  request.connect_to = server.url("").substr(std::string("http://").size());
  EXPECT_EQ(send(request).status, 200);
  EXPECT_THAT(server.request(), HasSubstr("\r\nHost: pbx.invalid\r\n"));
}

TEST(CurlHttpClient, KeepsTheHeadOfTheReply) {
  LoopbackServer server(
      "HTTP/1.1 403 Forbidden\r\nServer: other\r\nCache-Control: no-store\r\n"
      "Content-Type: text/plain\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  const HttpResponse response = send({"POST", server.url("/a"), ""});
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.server, "other");
  EXPECT_EQ(response.cache_control, "no-store");
}

// Its bytes are signed.
TEST(CurlHttpClient, SendsThePathAsItIs) {
  LoopbackServer server(ok_reply(""));
  EXPECT_EQ(send({"POST", server.url("/a/../b/./c%2Fd//e"), ""}).status, 200);
  EXPECT_TRUE(server.request().starts_with("POST /a/../b/./c%2Fd//e HTTP/1.1\r\n"));
}

TEST(CurlHttpClient, GetsWithoutBody) {
  LoopbackServer server(ok_reply(""));
  EXPECT_EQ(send({"GET", server.url("/a?To=1"), ""}).status, 200);
  const std::string request = server.request();
  EXPECT_TRUE(request.starts_with("GET /a?To=1 HTTP/1.1\r\n")) << request;
  EXPECT_THAT(request, Not(HasSubstr("Content-Length")));
}

TEST(CurlHttpClient, FollowsNoRedirect) {
  LoopbackServer server(
      "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nConnection: close\r\nContent-Length: "
      "0\r\n\r\n");
  const HttpResponse response = send({"POST", server.url("/a"), ""});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.location, server.url("/elsewhere"));
}

TEST(CurlHttpClient, StopsReadingAnEndlessBody) {
  LoopbackServer server(ok_reply(std::string(400'000, 'x')));
  const HttpResponse response = send({"POST", server.url("/a"), ""});
  EXPECT_TRUE(response.truncated);
  EXPECT_EQ(response.error, "");
  EXPECT_LE(response.body.size(), 200'000U);
}

TEST(CurlHttpClient, SaysWhenTheServerHangsUp) {
  LoopbackServer server("");
  const HttpResponse response = send({"POST", server.url("/a"), "x=1"});
  EXPECT_THAT(response.error, HasSubstr("closed the connection"));
}

TEST(CurlHttpClient, SaysWhenNobodyListens) {
  const ClosedPort port;
  const HttpResponse response = send({"POST", port.url("/a"), ""});
  EXPECT_EQ(response.error, "no server answers at " + port.url(""));
  EXPECT_THAT(response.remedy, HasSubstr("is httpd running"));
}

TEST(CurlHttpClient, SpeaksHttpOnly) {
  EXPECT_NE(send({"GET", "file:///etc/hostname", ""}).error, "");
}

}  // namespace
}  // namespace plivo_dial::ctl
