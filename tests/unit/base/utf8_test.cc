// SPDX-License-Identifier: Apache-2.0
#include "lib/base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

TEST(Utf8, AcceptsEveryScalarValue) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
    if (code_point >= 0xD800 && code_point <= 0xDFFF) continue;
    std::string bytes;
    append_utf8(code_point, bytes);
    const Utf8Step step = decode_utf8(bytes);
    ASSERT_TRUE(step.valid) << std::hex << static_cast<unsigned>(code_point);
    ASSERT_EQ(step.code_point, code_point);
    ASSERT_EQ(step.length, bytes.size());
  }
}

TEST(Utf8, RefusesOverlongSurrogateAndTooLarge) {
  for (const std::string_view bytes : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80",
                                       "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5", "\xFF"}) {
    EXPECT_FALSE(is_valid_utf8(bytes));
  }
}

TEST(Utf8, OnlyAsciiStandsAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(is_valid_utf8(std::string(1, static_cast<char>(byte))), byte < 0x80) << byte;
  }
}

TEST(Utf8, LooksAtNothingBehindTheEnd) {
  EXPECT_FALSE(is_valid_utf8(std::string_view("\xE2\x82\xAC", 2)));
  EXPECT_TRUE(is_valid_utf8(std::string_view("\xE2\x82\xAC\x80", 3)));
}

TEST(Utf8, ReplacesEachBrokenSequenceOnce) {
  EXPECT_EQ(replace_invalid_utf8("a\xFF"
                                 "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(replace_invalid_utf8("\xE2\x82"), "\xEF\xBF\xBD");
  EXPECT_EQ(replace_invalid_utf8("\xE2\x82\xAC"), "\xE2\x82\xAC");
  EXPECT_EQ(replace_invalid_utf8("\xF0\x9F\x98"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace plivo_dial
