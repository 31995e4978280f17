// SPDX-License-Identifier: Apache-2.0
#include "lib/route/number_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial::test {
namespace {

using ::testing::HasSubstr;

std::string verdict(const Result<NumberPattern>& pattern) {
  return pattern ? to_string(*pattern) : pattern.error().message;
}

TEST(NumberPattern, IsANumberOrABeginning) {
  EXPECT_EQ(*parse_number_pattern("+14155550199"), (NumberPattern{"14155550199", false}));
  EXPECT_EQ(*parse_number_pattern("+1415*"), (NumberPattern{"1415", true}));
  for (const char* word : {"+1234567", "+123456789012345", "+1*", "+123456789012345*"}) {
    EXPECT_EQ(verdict(parse_number_pattern(word)), word);
  }
}

TEST(NumberPattern, OfCallersMayBeAnonymous) {
  EXPECT_EQ(verdict(parse_caller_pattern("anonymous")), "anonymous");
  EXPECT_EQ(verdict(parse_caller_pattern("Anonymous")), "anonymous");
  EXPECT_EQ(verdict(parse_caller_pattern("+1415*")), "+1415*");
  EXPECT_THAT(verdict(parse_number_pattern("anonymous")), HasSubstr("not a phone number"));
}

TEST(NumberPattern, IsProposedWhereItCanBeTold) {
  const struct {
    std::string_view word;
    std::string_view proposal;
  } cases[] = {
      {"1415*", "did you mean +1415*?"},
      {"001415*", "did you mean +1415*?"},
      {"+1415", "write +1415* for all numbers that begin so"},
      {"*", "stands for every number; write the digits"},
      {"+*", "stands for every number; write the digits"},
      {"**", "stands for every number; write the digits"},
      {"+14*55", "a star that is not at its end"},
      {"+1415**", "a star that is not at its end"},
      {"*1415", "a star that is not at its end"},
      {"+0415*", "the first not 0, and a star"},
      {"+1415x*", "1 to 15 digits"},
      {"+1234567890123456*", "1 to 15 digits"},
      {"14155550199", "did you mean +14155550199?"},
      {"0014155550199", "did you mean +14155550199?"},
      {"4155550199", "the country code is missing"},
      {"anonymus", "did you mean anonymous?"},
      {"Restricted", "did you mean anonymous?"},
      {"private", "did you mean anonymous?"},
      {"everybody", "nor the word anonymous"},
  };
  for (const auto& [word, proposal] : cases) {
    EXPECT_THAT(verdict(parse_caller_pattern(word)), HasSubstr(proposal)) << word;
    EXPECT_THAT(verdict(parse_caller_pattern(word)), HasSubstr(word)) << "the value is named";
  }
}

}  // namespace
}  // namespace plivo_dial::test
