// SPDX-License-Identifier: Apache-2.0
#include "lib/base/byte_count.h"

#include <gmock/gmock.h>

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

TEST(ByteCount, KnowsTheUnits) {
  EXPECT_EQ(*parse_byte_count("0"), 0U);
  EXPECT_EQ(*parse_byte_count("65536"), 65536U);
  EXPECT_EQ(*parse_byte_count("64K"), 65536U);
  EXPECT_EQ(*parse_byte_count("64k"), 65536U);
  EXPECT_EQ(*parse_byte_count("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(*parse_byte_count("3M"), 3U * 1024 * 1024);
  EXPECT_EQ(*parse_byte_count("8G"), std::uint64_t{8} * 1024 * 1024 * 1024);
}

TEST(ByteCount, NamesWhatIsWrong) {
  for (const char* text : {"", "lots", "-1", "+1", " 1", "1 K", "1KB", "1.5M", "1T",
                           "18446744073709551616", "17179869184G"}) {
    const Result<std::uint64_t> count = parse_byte_count(text);
    ASSERT_FALSE(count.ok()) << text;
    EXPECT_THAT(count.error().message, HasSubstr("\"" + std::string(text) + "\""));
  }
  EXPECT_THAT(parse_byte_count("64T").error().message, HasSubstr("\"T\" is no unit"));
}

}  // namespace
}  // namespace plivo_dial
