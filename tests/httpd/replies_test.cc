// SPDX-License-Identifier: Apache-2.0
// Whatever a request of ours ends in, the module itself answers: a status that ErrorDocument could
// turn into a redirect is lost to Plivo, which repeats a 503 and no 302.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "tests/httpd/mpm.h"
#include "tests/httpd/polling.h"
#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kCallback = "/dialstatus/callback";

HttpRequest signed_callback(const std::string& more = "") {
  HttpRequest request = fresh_webhook(kCallback, "E5");
  request.body += more;
  return sign_request(request);
}

struct Refused {
  const char* name;
  HttpRequest (*request)();
  int status;
  const char* line;  // the first of the reply, and its body
  const char* id;    // the note plivo_refusal, for the access log
};

const Refused kRefused[] = {
    {"BrokenEscape", [] { return signed_callback("&x=%G1"); }, 400, "400 Bad Request", "PD0405"},
    {"Unsigned", [] { return fresh_webhook(kCallback, "E5"); }, 403, "403 Forbidden", "PD0201"},
    {"Delete", [] { return HttpRequest{.method = "DELETE", .path = kCallback}; }, 405,
     "405 Method Not Allowed", "PD0101"},
    {"TooLarge", [] { return signed_callback("&Pad=" + std::string(3000, 'x')); }, 413,
     "413 Request Entity Too Large", "PD0401"},
    {"Json",
     [] {
       HttpRequest request = signed_callback();
       request.headers[0] = "Content-Type: application/json";
       return request;
     },
     415, "415 Unsupported Media Type", "PD0402"},
    {"EventWithoutSecret", [] { return HttpRequest{.path = "/flow?DialStatus=busy"}; }, 403,
     "403 Forbidden", "PD0209"},
    {"NoSpool", [] { return signed_callback(); }, 503, "503 Service Unavailable", "-"},
};

// `ErrorDocument STATUS TARGET` for each status that the module has.
std::string error_documents(const std::string& target) {
  std::string text;
  for (const char* status : {"400", "403", "405", "408", "413", "415", "500", "503"}) {
    text += std::string("ErrorDocument ") + status + " " + target + "\n";
  }
  return text;
}

// Of a file that several processes write, in no order.
std::multiset<std::string> lines_of(const std::string& file) {
  std::istringstream text(read_file(file));
  std::multiset<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.insert(line);
  return lines;
}

class Replies : public testing::TestWithParam<const char*> {};

TEST_P(Replies, AreOurOwnWhateverErrorDocumentSays) {
  TrustServer server({.modules = {"log_debug"}});
  for (const char* line : {"refused with", "PD0511", "PD0513"}) server.httpd.allow_log(line);
  server.httpd.files().write_file("htdocs/sorry.html", "the site is sorry", 0644);
  ASSERT_TRUE(server.start(error_documents(GetParam()) +
                           "PlivoMaxBody 2K\nLogFormat \"%>s %s %{plivo_refusal}n\" own\n"
                           "CustomLog \"${ROOT}/logs/access_log\" own\n" +
                           signed_configuration() +
                           "<Location \"/flow\">\nSetHandler plivo-dial\nPlivoEndpoint event\n"
                           "PlivoEventSecret \"file:${ROOT}/conf/event.secret\"\n</Location>\n"));
  // Before the first event, so that no child has a segment open.
  const std::string spool = server.httpd.root() + "/spool";
  std::filesystem::rename(spool, spool + "-away");
  std::multiset<std::string> logged;
  for (const Refused& refused : kRefused) {
    SCOPED_TRACE(refused.name);
    const HttpReply reply = server.client().send(refused.request());
    EXPECT_EQ(reply.status, refused.status);
    EXPECT_EQ(reply.body, std::string(refused.line) + "\n");
    EXPECT_EQ(reply.header("location"), "");
    EXPECT_EQ(reply.header("content-type"), "text/plain");
    EXPECT_EQ(reply.header("cache-control"), "no-store");
    EXPECT_EQ(reply.header("retry-after"), refused.status == 503 ? "2" : "");
    EXPECT_EQ(reply.header("allow"), refused.status == 405 ? "GET, POST" : "");
    const std::string status = std::to_string(refused.status);
    logged.insert(status + " " + status + " " + refused.id);
  }
  std::filesystem::rename(spool + "-away", spool);
  const std::string access_log = server.httpd.root() + "/logs/access_log";
  EXPECT_TRUE(wait_for([&] { return lines_of(access_log) == logged; })) << read_file(access_log);
}

std::string target_name(const testing::TestParamInfo<const char*>& target) {
  constexpr const char* kNames[] = {"Url", "Page", "Text", "Ourselves"};
  return kNames[target.index];
}

INSTANTIATE_TEST_SUITE_P(, Replies,
                         testing::Values("https://www.example.com/sorry", "/sorry.html",
                                         "\"Our own words\"", "/dialstatus"),
                         target_name);

// One connection after the other, as Plivo and proxies keep theirs.
class Connection : public MpmTest {
 protected:
  // What comes back for `first`, a good request behind it on the same connection.
  std::string exchange(const HttpRequest& first) {
    const HttpRequest last = signed_callback();
    const std::string bytes = replaced(wire(first), "Connection: close\r\n", "") + wire(last);
    return server_.client().exchange(bytes);
  }

  TrustServer server_{ServerOptions{.mpm = GetParam()}};
};
PLIVO_DIAL_EACH_MPM(Connection);

TEST_P(Connection, GoesOnBehindARefusalWhoseBodyIsReadAndEndsBehindOneThatIsNot) {
  server_.httpd.expect_log("refused with");
  ASSERT_TRUE(server_.start("PlivoMaxBody 2K\n" + signed_configuration()));
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  EXPECT_THAT(exchange(fresh_webhook(kCallback, "E5")),
              AllOf(HasSubstr("HTTP/1.1 403 Forbidden\r\n"), HasSubstr(ok)));
  HttpRequest unread = fresh_webhook(kCallback, "E5");
  unread.method = "DELETE";
  EXPECT_THAT(exchange(unread),
              AllOf(HasSubstr("HTTP/1.1 405 Method Not Allowed\r\n"), HasSubstr(ok)));
  unread = signed_callback();
  unread.headers.push_back("Content-Encoding: gzip");
  EXPECT_THAT(exchange(unread),
              AllOf(HasSubstr("HTTP/1.1 415 Unsupported Media Type\r\n"), HasSubstr(ok)));
  EXPECT_THAT(
      exchange(signed_callback("&Pad=" + std::string(3000, 'x'))),
      AllOf(HasSubstr("HTTP/1.1 413 "), HasSubstr("Connection: close\r\n"), Not(HasSubstr(ok))));
  EXPECT_THAT(exchange(signed_callback("&x=%G1")),
              AllOf(HasSubstr("HTTP/1.1 400 Bad Request\r\n"), HasSubstr("Connection: close\r\n"),
                    Not(HasSubstr(ok))));
  // Nobody asks for a body that nobody wants.
  HttpRequest expecting = signed_callback("&Pad=" + std::string(3000, 'x'));
  expecting.headers.push_back("Expect: 100-continue");
  EXPECT_THAT(exchange(expecting), AllOf(HasSubstr(" 413 "), Not(HasSubstr("100 Continue"))));
}

// What httpd itself refuses is httpd's own, and the administrator's to word.
TEST(HttpdsOwnReplies, AreLeftToIt) {
  TrustServer server({.modules = {"authz_host"}});
  server.httpd.allow_log("AH01630");
  server.httpd.expect_log("shuts Plivo out");
  ASSERT_TRUE(server.start("ErrorDocument 403 \"Our own words\"\n" + signed_configuration() +
                           "<Location \"/dialstatus\">\nRequire all denied\n</Location>\n"));
  const HttpReply reply = server.client().send(signed_callback());
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.body, "Our own words");
  EXPECT_THAT(server.events(), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::test
