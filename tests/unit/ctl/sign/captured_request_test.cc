// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/sign/captured_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

TEST(CapturedRequest, IsReadWithEitherEndOfLine) {
  for (const std::string end : {"\n", "\r\n"}) {
    const auto request = parse_request("POST /dialstatus?stage=2 HTTP/1.1" + end +
                                       "Host: h.example" + end + "x-list:  one " + end +
                                       "X-List: two" + end + "\tfolded" + end + end + "a=1&b=\n");
    ASSERT_TRUE(request.ok()) << request.error().message;
    EXPECT_EQ(request->method, "POST");
    EXPECT_EQ(request->target, "/dialstatus?stage=2");
    EXPECT_THAT(request->header("host"), Optional(std::string("h.example")));
    EXPECT_THAT(request->header("X-LIST"), Optional(std::string("one, two folded")));
    EXPECT_EQ(request->header("X-Plivo-Signature-V3"), std::nullopt);
    EXPECT_EQ(request->body, "a=1&b=\n");
    EXPECT_THAT(request->notes, IsEmpty());
  }
}

TEST(CapturedRequest, MayEndAnywhereBehindItsFirstLine) {
  for (const char* text : {"GET /a HTTP/1.1", "GET /a HTTP/1.1\n", "GET /a HTTP/1.1\r\nA: b",
                           "GET /a HTTP/1.1\nA: b\n\n"}) {
    const auto request = parse_request(text);
    ASSERT_TRUE(request.ok()) << text;
    EXPECT_EQ(request->target, "/a");
    EXPECT_EQ(request->body, "");
  }
}

TEST(CapturedRequest, TheDeclaredLengthBoundsTheBody) {
  struct Case {
    std::string body, kept, note;
  };
  const Case cases[] = {
      {"a=1", "a=1", ""},
      {"a=1\r\n", "a=1", ""},
      {"a=1POST /next", "a=1", "10 bytes behind the body's declared length were left out"},
      {"a=", "a=", "the body has 2 bytes, Content-Length declares 3: the capture is not complete"},
  };
  for (const Case& c : cases) {
    const auto request = parse_request("POST / HTTP/1.1\nContent-Length: 3\n\n" + c.body);
    ASSERT_TRUE(request.ok());
    EXPECT_EQ(request->body, c.kept);
    if (c.note.empty()) {
      EXPECT_THAT(request->notes, IsEmpty());
    } else {
      EXPECT_THAT(request->notes, ElementsAre(c.note));
    }
  }
}

TEST(CapturedRequest, SaysWhatIsWrong) {
  struct Case {
    const char* text;
    const char* message;
  };
  constexpr Case kCases[] = {
      {"", "the first line is no request line"},
      {"POST /a\n", "the first line is no request line"},
      {"HTTP/1.1 200 OK\n", "the first line is no request line"},
      {" /a HTTP/1.1\n", "the first line is no request line"},
      {"POST /a HTTP/1.1\nA: b\nno header\n", "line 3: \"no header\" is no header"},
      {"POST /a HTTP/1.1\n: b\n", "line 2: "},
      {"POST /a HTTP/1.1\nA B: b\n", "line 2: "},
      {"POST /a HTTP/1.1\n folded first\n", "line 2: "},
      {"POST /a HTTP/1.1\nContent-Length: x\n\n", "Content-Length: \"x\" is no number"},
      {"POST /a HTTP/1.1\nContent-Length: 3, 3\n\n", "is no number"},
      {"POST /a HTTP/1.1\nTransfer-Encoding: chunked\n\n3\n", "the body is chunked"},
  };
  for (const Case& c : kCases) {
    const auto request = parse_request(c.text);
    ASSERT_FALSE(request.ok()) << c.text;
    EXPECT_THAT(request.error().message, HasSubstr(c.message));
  }
}

TEST(CapturedRequest, OneEndOfLineBehindTheBodyIsDropped) {
  struct Case {
    const char* body;
    const char* kept;
  };
  constexpr Case kCases[] = {{"a=1\n", "a=1"}, {"a=1\r\n", "a=1"}, {"a=1\n\n", "a=1\n"}};
  for (const Case& c : kCases) {
    CapturedRequest request;
    request.body = c.body;
    drop_final_newline(request);
    EXPECT_EQ(request.body, c.kept);
    EXPECT_THAT(request.notes, ElementsAre(HasSubstr("end of line")));
  }
  CapturedRequest request;
  request.body = "a=1";
  drop_final_newline(request);
  EXPECT_EQ(request.body, "a=1");
  EXPECT_THAT(request.notes, IsEmpty());
}

TEST(CapturedRequest, HeadersAreReplacedByName) {
  CapturedRequest request;
  request.headers = {{"A", "1"}, {"B", "2"}, {"a", "3"}};
  request.replace_headers({{"a", "4"}, {"A", "5"}});
  EXPECT_THAT(request.header("A"), Optional(std::string("4, 5")));
  EXPECT_THAT(request.header("B"), Optional(std::string("2")));
}

}  // namespace
}  // namespace plivo_dial::ctl
