// SPDX-License-Identifier: Apache-2.0
#include "lib/route/number_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(NumberList, HasNumbersBeginningsAndTheAnonymous) {
  const ReadNumberList read =
      read_number_list("# whom we know\n+14155550199   # Jane\n+1415*\n\nAnonymous\r\n+14155*\n");
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  using Entry = NumberList::Entry;
  EXPECT_THAT(read.list.entries,
              ElementsAre(Entry{{"14155550199", false}, 2}, Entry{{"1415", true}, 3},
                          Entry{{"anonymous", false}, 5}, Entry{{"14155", true}, 6}));
  EXPECT_THAT(read.remarks, ElementsAre(HasSubstr("from line 5 on lines end with CR LF")));
}

TEST(NumberList, SaysWhatIsWrongWithEachLine) {
  const struct {
    std::string_view line;
    std::string_view sentence;
  } cases[] = {
      {"14155550199", "is not a phone number in E.164; did you mean +14155550199?"},
      {"+1 415 555 0199", "write a number without blanks: +14155550199"},
      {"+14155550199 Jane", "\"Jane\" stands behind \"+14155550199\"; write one number a line"},
      {"+14155550199,+14155550198", "separate numbers by blanks, without commas"},
      {"+1415", "write +1415* for all"},
      {"1415*", "did you mean +1415*?"},
      {"*", "stands for every number"},
      {"anonym", "did you mean anonymous?"},
      {"sip:alice@example.com", "nor the word anonymous"},
      {"+14155550100", "is in the list already, in line 1; take one of the two out"},
  };
  for (const auto& [line, sentence] : cases) {
    const ReadNumberList read = read_number_list("+14155550100\n" + std::string(line) + "\n");
    const std::string told = sentences_of(read.faults);
    EXPECT_THAT(told, StartsWith("map:2: ")) << line;
    EXPECT_THAT(told, HasSubstr(sentence)) << line;
    EXPECT_EQ(read.faults.count(), 1u) << told;
    EXPECT_EQ(read.list.entries.size(), 1u) << "the others are read";
  }
}

TEST(NumberList, MayHaveOneHundredThousandLines) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "+1415" + std::to_string(5'000'000 + i) + "\n";
  const ReadNumberList read = read_number_list(text);
  EXPECT_TRUE(read.faults.empty());
  EXPECT_EQ(read.list.entries.size(), 100'000u);
  EXPECT_EQ(read_number_list(text + text).faults.count(), 100'000u);
}

}  // namespace
}  // namespace plivo_dial::test
