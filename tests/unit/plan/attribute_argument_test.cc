// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/attribute_argument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Words = std::vector<std::string_view>;

std::string verdict(const Words& words) {
  const Result<void> result = check_argument_forms(words);
  return result ? "accepted" : result.error().message;
}

TEST(ArgumentForms, AreShownAsTheyShouldBe) {
  const struct {
    Words words;
    std::string_view message;
  } cases[] = {
      {{"+14155550100", "timeout=\"20\""}, "leave the quotes out: timeout=20"},
      {{"timeout='20'"}, "leave the quotes out: timeout=20"},
      {{"+14155550100", "callerName=\u201CSales\u201D"}, "leave the quotes out: callerName=Sales"},
      {{"/spool", "minFree=\u201E64M\u201C"}, "leave the quotes out: minFree=64M"},
      {{"+14155550100", "callerName=\"\""}, "leave the quotes out: callerName="},
      {{"+14155550100", "callerName=\"Front desk\""},
       "leave the quotes out: callerName=Front desk"},
      {{"Hello you", "voice=\"MAN\""}, "leave the quotes out: voice=MAN"},
      {{"+14155550100", "timeout", "=", "20"}, "write no blanks around '=': timeout=20"},
      {{"+14155550100", "timeout=", "20"}, "write no blanks around '=': timeout=20"},
      {{"+14155550100", "timeout", "=20"}, "write no blanks around '=': timeout=20"},
      {{"timeout", "="}, "write no blanks around '=': timeout="},
      {{"\u201CConnecting", "your", "call\u201D"}, "begins with the typographic quote U+201C"},
      {{"Hi", "\u2018voice", "x\u2019"}, "typographic quote U+2018"},
  };
  for (const auto& [words, message] : cases) EXPECT_THAT(verdict(words), HasSubstr(message));
}

TEST(ArgumentForms, LetAlonePlainTextAndValues) {
  for (const Words& words : std::vector<Words>{
           {},
           {"He said = \"no\" "},
           {"mode=\"fast lane\""},
           {"\u201CHello\u201D"},
           {"+14155550100", "2nd=\"x\""},
           {"+14155550100", "=\"x\""},
           {"\u201CHello\u201D he said", "voice=MAN"},
           {"+14155550100", "callerName=Bob\"s", "timeout=20"},
           {"sip:alice@h;x=", "timeout=20"},
           {"+14155550100", "action=https://h/?a=\"b\""},
           {"+14155550100", "=20"},
           {"+14155550100", "callerName=", "timeout=20"},
           {"+14155550100", "callerName=\""},
       }) {
    EXPECT_EQ(verdict(words), "accepted");
  }
}

TEST(ArgumentForms, NeverShowAPassword) {
  for (const Words& words : {Words{"sip:a@h", "sipAuthPassword=\"hunter22\""},
                             Words{"sip:a@h", "sipAuthPassword", "=", "hunter22"},
                             Words{"sip:a@h", "sipAuthPassword=", "hunter22"}}) {
    EXPECT_THAT(verdict(words), HasSubstr("sipAuthPassword=..."));
    EXPECT_THAT(verdict(words), Not(HasSubstr("hunter22")));
  }
}

}  // namespace
}  // namespace plivo_dial
