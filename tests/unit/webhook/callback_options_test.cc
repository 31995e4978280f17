// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/callback_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using Arguments = std::vector<std::string_view>;

TEST(ParseCallbackOptions, KeepsOrder) {
  struct {
    Arguments arguments;
    const char* fragment;
  } const rows[] = {
      {{"none"}, ""},
      {{"ct=2000"}, "ct=2000"},
      {{"rc=5", "rp=ct,rt,5xx"}, "rc=5&rp=ct,rt,5xx"},
      {{"er=n_virginia", "tt=55000", "rt=40000"}, "er=n_virginia&tt=55000&rt=40000"},
      {{"rp=all"}, "rp=all"},
  };
  for (const auto& row : rows) {
    const Result<std::string> parsed = parse_callback_options(row.arguments);
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(*parsed, row.fragment);
  }
}

TEST(ParseCallbackOptions, AcceptsRangesToTheirEnds) {
  struct {
    const char* key;
    int low;
    int high;
  } const rows[] = {{"ct", 100, 10000}, {"rt", 100, 40000}, {"tt", 100, 55000}, {"rc", 0, 5}};
  for (const auto& row : rows) {
    const auto accepts = [&](int value) {
      const std::string argument = std::string(row.key) + "=" + std::to_string(value);
      const Arguments arguments = {argument};
      return parse_callback_options(arguments).ok();
    };
    SCOPED_TRACE(row.key);
    EXPECT_TRUE(accepts(row.low));
    EXPECT_TRUE(accepts(row.high));
    EXPECT_FALSE(accepts(row.low - 1));
    EXPECT_FALSE(accepts(row.high + 1));
  }
}

TEST(ParseCallbackOptions, AcceptsEveryWord) {
  for (const std::string_view argument :
       {"rp=4xx", "rp=5xx", "rp=ct", "rp=rt", "rp=all", "er=nearest", "er=local", "er=n_california",
        "er=n_virginia", "er=frankfurt", "er=singapore", "er=mumbai"}) {
    const Arguments arguments = {argument};
    EXPECT_TRUE(parse_callback_options(arguments).ok()) << argument;
  }
}

TEST(ParseCallbackOptions, SaysWhatIsWrong) {
  struct {
    Arguments arguments;
    const char* message;
  } const rows[] = {
      {{}, "none"},
      {{"none", "ct=200"}, "alone"},
      {{"ct=200", "none"}, "alone"},
      {{"cd=200"}, "did you mean ct?"},
      {{"CT=200"}, "did you mean ct?"},
      {{"timeout=1"}, "\"timeout=1\""},
      {{""}, "unknown option"},
      {{"ct"}, "ct=value"},
      {{"ct="}, "100 to 10000 milliseconds"},
      {{"ct=2s"}, "\"2s\""},
      {{"ct=+200"}, "out of range"},
      {{"ct= 200"}, "out of range"},
      {{"ct=99999999999999999999"}, "out of range"},
      {{"rc=6"}, "0 to 5 retries"},
      {{"rc=99999999999999999999"}, "0 to 5 retries"},
      {{"rc=-99999999999999999999"}, "0 to 5 retries"},
      {{"rc="}, "0 to 5 retries"},
      {{"rc=x"}, "0 to 5 retries"},
      {{"rc=3x"}, "0 to 5 retries"},
      {{"rc=-1"}, "out of range"},
      {{"ct=200", "ct=300"}, "twice"},
      {{"rp=ct,ct"}, "twice"},
      {{"rp="}, "\"\""},
      {{"rp=ct,"}, "\"\""},
      {{"rp=5x"}, "give 4xx, 5xx, ct, rt, all; did you mean 5xx?"},
      {{"er=frankfort"}, "did you mean frankfurt?"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.message);
    const Result<std::string> parsed = parse_callback_options(row.arguments);
    ASSERT_FALSE(parsed.ok()) << *parsed;
    EXPECT_THAT(parsed.error().message, HasSubstr(row.message));
  }
}

TEST(ParseCallbackOptions, AcceptsTheDefault) {
  const Arguments arguments = {"rc=5", "rp=ct,rt,5xx"};
  EXPECT_EQ(*parse_callback_options(arguments), kDefaultCallbackFragment);
}

}  // namespace
}  // namespace plivo_dial
