// SPDX-License-Identifier: Apache-2.0
#include "lib/route/text_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Lines {
  std::vector<std::string> lines;  // "2: a b"
  std::vector<std::string> remarks;
  Faults faults;
};

Lines lines_of(std::string_view text) {
  Lines all;
  TextLines lines(text, all.faults);
  while (lines.advance_line()) {
    std::string line = std::to_string(lines.number()) + ":";
    for (const std::string_view word : lines.words()) line += " " + std::string(word);
    all.lines.push_back(line);
  }
  all.remarks = lines.remarks();
  return all;
}

TEST(TextLines, AreWordsWithoutCommentsAndBlanks) {
  const Lines all = lines_of("# a map\n\n  a\t b  # of c\n \t\nd#e #f\n#\ng");
  EXPECT_THAT(all.lines, ElementsAre("3: a b", "5: d#e", "7: g"));
  EXPECT_THAT(all.remarks, IsEmpty());
  EXPECT_TRUE(all.faults.empty());
  EXPECT_THAT(lines_of("").lines, IsEmpty());
  EXPECT_THAT(lines_of("\n").lines, IsEmpty());
}

TEST(TextLines, OfOtherSystemsAreReadAndTold) {
  const Lines all = lines_of(
      "\xEF\xBB\xBF"
      "a b\r\nc\r\n\r\nd\r");
  EXPECT_THAT(all.lines, ElementsAre("1: a b", "2: c", "4: d"));
  EXPECT_TRUE(all.faults.empty()) << sentences_of(all.faults);
  EXPECT_THAT(all.remarks,
              ElementsAre("the file begins with a byte order mark, which is passed over",
                          "from line 1 on lines end with CR LF, which is taken for a line feed"));
}

TEST(TextLines, ThatAreNoTextAreFaults) {
  EXPECT_EQ(sentences_of(lines_of("\xFF\xFE"
                                  "a\0b\0")
                             .faults),
            "map:1: the file is UTF-16; save it as UTF-8, or as plain text\n");
  const Lines all = lines_of(std::string("a\nb\0c\nd\x7F\ne\rf\ncaf\xE9\ng\n", 20));
  EXPECT_THAT(all.lines, ElementsAre("1: a", "6: g"));
  const std::string told = sentences_of(all.faults);
  EXPECT_THAT(told, HasSubstr("map:2: the line holds the control character U+0000; save the file"));
  EXPECT_THAT(told, HasSubstr("map:3: the line holds the control character U+007F"));
  EXPECT_THAT(told, HasSubstr("map:4: the line holds the control character U+000D"));
  EXPECT_THAT(told, HasSubstr("map:5: the line is not UTF-8; save the file as UTF-8"));
  EXPECT_EQ(all.faults.count(), 4u);
  const std::string longest(kMostLineBytes, 'a');
  EXPECT_THAT(lines_of(longest + "\nb").lines, SizeIs(2));
  EXPECT_THAT(sentences_of(lines_of(longest + "a\nb").faults),
              HasSubstr("map:1: the line has 8193 bytes, and 8192 are the most"));
}

TEST(TextLines, MayBeAMillionAndNoMore) {
  const std::string text(kMostTextLines, '\n');
  EXPECT_TRUE(lines_of(text).faults.empty());
  EXPECT_THAT(sentences_of(lines_of(text + "a").faults),
              HasSubstr("more than 1000000 lines; make"));
}

TEST(Faults, AreToldInOrderAndTheOthersCounted) {
  Faults faults;
  EXPECT_TRUE(faults.empty());
  faults.add(7, "b");
  faults.add(3, "a");
  EXPECT_EQ(sentences_of(faults), "map:3: a\nmap:7: b\n");
  for (std::size_t i = 2; i < Faults::kMostTold; ++i) faults.add(9, "c");
  EXPECT_THAT(faults.sentences("map"), SizeIs(Faults::kMostTold));
  faults.add(10, "d");
  EXPECT_EQ(faults.sentences("map").back(),
            "map: 1 more fault is not shown; mend those above first");
  faults.add(11, "e");
  EXPECT_EQ(faults.sentences("map").back(),
            "map: 2 more faults are not shown; mend those above first");
  EXPECT_EQ(faults.count(), Faults::kMostTold + 2);
}

}  // namespace
}  // namespace plivo_dial::test
