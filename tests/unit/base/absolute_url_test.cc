// SPDX-License-Identifier: Apache-2.0
#include "lib/base/absolute_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

TEST(CheckAbsoluteUrl, AcceptsWhatPlivoCanDial) {
  for (const std::string_view url :
       {"https://pbx.example.com", "http://pbx.example.com/", "HTTPS://pbx.example.com/a?b=c&d#e",
        "https://pbx.example.com:8443/dial", "https://192.0.2.1/", "https://[2001:db8::1]:443/x",
        "https://user:word@pbx.example.com/x", "https://pbx_1.example.com?stage=2",
        "https://pbx.example.com:1/", "https://pbx.example.com:65535/", "https://h/!~%00%99%af%AF",
        "https://h/?a=%41"}) {
    const Result<void> checked = check_absolute_url(url);
    EXPECT_TRUE(checked.ok()) << url << ": " << (checked.ok() ? "" : checked.error().message);
  }
}

TEST(CheckAbsoluteUrl, SaysWhatIsWrong) {
  using namespace std::string_literals;
  struct {
    std::string url;
    const char* message;
  } const rows[] = {
      {"", "not absolute"},
      {"/dial-status/", "not absolute"},
      {"pbx.example.com/x", "not absolute"},
      {"ftp://pbx.example.com/x", "not absolute"},
      {"https:/pbx.example.com/x", "not absolute"},
      {"https://", "no host"},
      {"https:///x", "no host"},
      {"https://:443/x", "no host"},
      {"https://user@/x", "no host"},
      {"https://pbx,example.com/x", "host name"},
      {"https://[]/x", "host name"},
      {"https://pbx.example.com:/x", "port"},
      {"https://pbx.example.com:0/x", "port"},
      {"https://pbx.example.com:65536/x", "port"},
      {"https://pbx.example.com:80a/x", "port"},
      {"https://pbx.example.com/a b", "space"},
      {"https://pbx.example.com/<b>", "percent-encode"},
      {"https://pbx.example.com/{b}", "percent-encode"},
      {"https://pbx.example.com/%zz", "write %25"},
      {"https://pbx.example.com/%2", "write %25"},
      {"https://pbx.example.com/%", "write %25"},
      {"https://pbx.example.com/%41%4g", "write %25"},
      {"https://pbx.example.com/%G1", "write %25"},
      {"https://pbx.example.com/%/1", "write %25"},
      {"https://pbx.example.com/%1:", "write %25"},
      {"https://pbx.example.com/%@1", "write %25"},
      {"https://pbx.example.com/\n", "\xEF\xBF\xBD\" holds a space"},
      {"https://pbx.example.com/\xC3\xA9", "\xC3\xA9\" holds"},
      {"https://pbx.example.com/\0x"s,
       "\xEF\xBF\xBD"
       "x\" holds"},
      {"https://pbx.example.com/\x7F", "\xEF\xBF\xBD\" holds"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.url);
    const Result<void> checked = check_absolute_url(row.url);
    ASSERT_FALSE(checked.ok());
    EXPECT_THAT(checked.error().message, HasSubstr(row.message));
  }
}

TEST(CheckAbsoluteUrl, LooksAtNothingBehindTheEnd) {
  constexpr std::string_view kUrl = "https://pbx.example.com/%20";
  EXPECT_TRUE(check_absolute_url(kUrl).ok());
  EXPECT_FALSE(check_absolute_url(kUrl.substr(0, kUrl.size() - 1)).ok());
}

TEST(AuthorityOf, FindsWhatStandsBeforeThePath) {
  EXPECT_EQ(authority_of("https://user@h:1/x?y#z"), "user@h:1");
  EXPECT_EQ(authority_of("HTTP://h?x=/"), "h");
  EXPECT_EQ(authority_of("sip:alice@h"), "");
}

TEST(CheckHostAndPort, TakesNamesAndAddresses) {
  for (const std::string_view good :
       {"h", "h:5060", "h:1", "h:65535", "192.0.2.1", "[2001:db8::1]:5061", "[::1]"}) {
    EXPECT_TRUE(check_host_and_port(good).ok()) << good;
  }
  for (const std::string_view bad : {"", ":5060", "h:", "h:0", "h:65536", "h i", "[::1", "[]",
                                     "[::]", "x::1]", "[::g]", "[::1]x"}) {
    EXPECT_FALSE(check_host_and_port(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace plivo_dial
