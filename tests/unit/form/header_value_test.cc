// SPDX-License-Identifier: Apache-2.0
#include "lib/form/header_value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace plivo_dial {
namespace {

// The parsed header on one line: word|name=value|name=value; "refused" when there is none.
std::string shown(std::string_view text) {
  const auto header = parse_header_value(text);
  if (!header) return "refused";
  std::string line(header->word);
  for (const auto& [name, value] : header->parameters) {
    line += "|" + std::string(name) + "=" + value;
  }
  return line;
}

TEST(ParseHeaderValue, TakesWordAndParameters) {
  constexpr struct {
    const char* text;
    const char* expected;
  } kRows[] = {
      {"", ""},
      {"text/plain", "text/plain"},
      {" text/plain\t", "text/plain"},
      {"a/b; x=1", "a/b|x=1"},
      {"a/b;x=1;y=2", "a/b|x=1|y=2"},
      {"a/b ; x = 1 ; y\t=\t2 ", "a/b|x=1|y=2"},
      {"a/b;;x=1; ;", "a/b|x=1"},
      {"a/b; x=", "a/b|x="},
      {"a/b; x=\"\"", "a/b|x="},
      {"a/b; x=\"1;y=2\"; z=3", "a/b|x=1;y=2|z=3"},
      {"a/b; x=\"say \\\"hi\\\" \\\\\"", "a/b|x=say \"hi\" \\"},
      {"a/b; x=\"C:\\dir\\file\"", "a/b|x=C:\\dir\\file"},
      {"a/b; x=----=_Part/1?", "a/b|x=----=_Part/1?"},
      {"a/b; x=\"J\xC3\xB6rg\"", "a/b|x=J\xC3\xB6rg"},
      {"a/b; x=1; X=2", "a/b|x=1|X=2"},
      {"a/b; x", "refused"},
      {"a/b; =1", "refused"},
      {"a/b; x y=1", "refused"},
      {"a/b; x=1 2", "refused"},
      {"a/b; x=1\"2\"", "refused"},
      {"a/b; x=\"1\"2", "refused"},
      {"a/b; x=\"1", "refused"},
      {"a/b; x=\"1\\\"", "refused"},
      {"a/b; x=\"", "refused"},
      {"a/b; x=\"1\n\"", "refused"},
      {"a/b\r", "refused"},
      {"a/b; x=\x7F", "refused"},
  };
  for (const auto& row : kRows) EXPECT_EQ(shown(row.text), row.expected) << row.text;
  EXPECT_EQ(shown(std::string_view("a/b; x=1\0", 9)), "refused");
}

TEST(TrimHeader, CutsSpacesAndTabs) {
  EXPECT_EQ(trim_header(""), "");
  EXPECT_EQ(trim_header(" \t "), "");
  EXPECT_EQ(trim_header("\t a b \t"), "a b");
  EXPECT_EQ(trim_header("\na\n"), "\na\n");
}

TEST(SameHeaderWord, IgnoresTheCaseOfLetters) {
  EXPECT_TRUE(same_header_word("Content-Type", "content-TYPE"));
  EXPECT_TRUE(same_header_word("", ""));
  EXPECT_FALSE(same_header_word("a", "ab"));
  EXPECT_FALSE(same_header_word("[", "{"));
}

TEST(IsHeaderToken, KnowsTheSet) {
  EXPECT_TRUE(is_header_token("aZ09!#$%&'*+-.^_`|~"));
  for (const char* text : {"", "a b", "a:", "a/b", "(a)", "\"a\"", "a\xC3", "a\t"}) {
    EXPECT_FALSE(is_header_token(text)) << text;
  }
}

}  // namespace
}  // namespace plivo_dial
