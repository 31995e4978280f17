// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

TEST(PublicUrl, JoinsPathsAsUrlsHoldThem) {
  const Result<PublicUrl> url = PublicUrl::parse("https://pbx.example.com/prefix");
  ASSERT_TRUE(url.ok());
  const std::string base = "https://pbx.example.com/prefix";
  EXPECT_EQ(url->join("/dialstatus/action"), base + "/dialstatus/action");
  EXPECT_EQ(url->join("/a-b_c.d~e!$&'()*+,;=:@"), base + "/a-b_c.d~e!$&'()*+,;=:@");
  EXPECT_EQ(url->join("/my plan#1?x%20\"<>"), base + "/my%20plan%231%3Fx%2520%22%3C%3E");
  EXPECT_EQ(url->join("/gr\xC3\xB6\xC3\x9F"
                      "e"),
            base + "/gr%C3%B6%C3%9Fe");
}

TEST(PublicUrl, KeepsBytesButDropsTrailingSlash) {
  struct {
    const char* text;
    const char* joined;
    bool https;
  } const rows[] = {
      {"https://pbx.example.com", "https://pbx.example.com/dialstatus/action", true},
      {"https://pbx.example.com/", "https://pbx.example.com/dialstatus/action", true},
      {"https://PBX.example.com:443", "https://PBX.example.com:443/dialstatus/action", true},
      {"http://pbx.example.com/voice/", "http://pbx.example.com/voice/dialstatus/action", false},
      {"HTTPS://pbx.example.com/a/b", "HTTPS://pbx.example.com/a/b/dialstatus/action", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const Result<PublicUrl> url = PublicUrl::parse(row.text);
    ASSERT_TRUE(url.ok()) << url.error().message;
    EXPECT_EQ(url->join("/dialstatus/action"), row.joined);
    EXPECT_EQ(url->is_https(), row.https);
  }
}

TEST(PublicUrl, RefusesMoreThanOriginAndPrefix) {
  struct {
    const char* text;
    const char* message;
  } const rows[] = {
      {"pbx.example.com", "\"pbx.example.com\""}, {"https://pbx.example.com/?a=b", "query"},
      {"https://pbx.example.com#x", "fragment"},  {"https://user@pbx.example.com", "user name"},
      {"https://pbx.example.com/a//", "slash"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const Result<PublicUrl> url = PublicUrl::parse(row.text);
    ASSERT_FALSE(url.ok());
    EXPECT_THAT(url.error().message, HasSubstr(row.message));
  }
}

TEST(WithQueryParameter, AddsBeforeFragment) {
  struct {
    const char* url;
    const char* expected;
  } const rows[] = {
      {"https://h/p", "https://h/p?stage=2+%26"},
      {"https://h", "https://h?stage=2+%26"},
      {"https://h/p?", "https://h/p?stage=2+%26"},
      {"https://h/p?a=b", "https://h/p?a=b&stage=2+%26"},
      {"https://h/p?a=b&", "https://h/p?a=b&stage=2+%26"},
      {"https://h/p#rc=5", "https://h/p?stage=2+%26#rc=5"},
      {"https://h/p?a=b#x?y", "https://h/p?a=b&stage=2+%26#x?y"},
      {"https://h/p#x?y", "https://h/p?stage=2+%26#x?y"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(with_query_parameter(row.url, "stage", "2 &"), row.expected);
  }
}

TEST(WithFragment, LeavesAFragmentAlone) {
  EXPECT_EQ(with_fragment("https://h/p", "rc=5&rp=ct"), "https://h/p#rc=5&rp=ct");
  EXPECT_EQ(with_fragment("https://h/p", ""), "https://h/p");
  EXPECT_EQ(with_fragment("https://h/p#rc=1", "rc=5"), "https://h/p#rc=1");
  EXPECT_EQ(with_fragment("https://h/p#", "rc=5"), "https://h/p#");
}

}  // namespace
}  // namespace plivo_dial
