// SPDX-License-Identifier: Apache-2.0
#include "lib/base/crc32c.h"

#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

// The examples of RFC 3720 appendix B.4, and the check value of the algorithm's catalogues.
TEST(Crc32c, AgreesWithPublishedValues) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  EXPECT_EQ(crc32c(""), 0u);
}

TEST(Crc32c, GoesOnFromEarlierBytes) {
  EXPECT_EQ(crc32c("6789", crc32c("12345")), crc32c("123456789"));
}

TEST(Crc32c, IsTheSameWithoutAnInstructionForIt) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(crc32c_by_tables(bytes), crc32c(bytes)) << i;
    EXPECT_EQ(crc32c_by_tables(bytes, 7), crc32c(bytes, 7)) << i;
    bytes += static_cast<char>(37 * i);
  }
  EXPECT_EQ(crc32c_by_tables("123456789"), 0xE3069283u);
}

}  // namespace
}  // namespace plivo_dial
