// SPDX-License-Identifier: Apache-2.0
#include "lib/base/odd_characters.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(OddCharacters, AreNamed) {
  EXPECT_EQ(invisible_character_in("a\u200Bb\u00A0"),
            "holds the invisible character U+200B (zero width space)");
  EXPECT_EQ(invisible_character_in("\u3000"),
            "holds the invisible character U+3000 (ideographic space)");
  for (const char* text : {"", "+1 415", "\u00E4\u2013\U0001F4DE", "\xFF\xE2\x80"}) {
    EXPECT_EQ(invisible_character_in(text), "") << text;
  }
}

TEST(OddCharacters, HaveCodePoints) {
  EXPECT_EQ(code_point_of("\u201CHello"), "U+201C");
  EXPECT_EQ(code_point_of("\U0001F4DE"), "U+1F4DE");
}

TEST(OddCharacters, CanBeLeftOut) {
  EXPECT_EQ(without_odd_characters("\u202A+1\u00A0415\u2011555\u200B0111\u202C"), "+1 415-5550111");
  EXPECT_EQ(without_odd_characters("1\u2010\u2015\u22122"), "1---2");
  EXPECT_EQ(without_odd_characters("1\u2000\u200A2"), "1  2");
  EXPECT_EQ(without_odd_characters("1\u2061\u2064\uFE00\uFE0F2"), "12");
  for (const char* text : {"\u1FFF", "\u2016", "\u2065", "\uFE10"}) {
    EXPECT_EQ(without_odd_characters(text), text);
  }
  EXPECT_EQ(without_odd_characters("Gr\u00FC\u00DF\xFF"), "Gr\u00FC\u00DF\xFF");
}

}  // namespace
}  // namespace plivo_dial
