// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "lib/log/log.h"

namespace plivo_dial {
namespace {

TEST(Escaped, LeavesPrintableAsciiAlone) {
  EXPECT_EQ(escaped(""), "");
  EXPECT_EQ(escaped(" !09AZaz~"), " !09AZaz~");
  EXPECT_EQ(escaped("\x1f\x20\x7e\x7f"), "\\x1f ~\\x7f");
  EXPECT_EQ(escaped("a\\b\n\xc3\xa4\xff"), "a\\\\b\\x0a\\xc3\\xa4\\xff");
}

TEST(Escaped, WritesEachByteInItsOwnWay) {
  for (int byte = 0; byte < 256; ++byte) {
    std::string expected(1, static_cast<char>(byte));
    if (byte == '\\') expected = "\\\\";
    if (byte < 0x20 || byte > 0x7e) {
      expected.resize(5);
      std::snprintf(expected.data(), expected.size(), "\\x%02x", static_cast<unsigned>(byte));
      expected.resize(4);
    }
    EXPECT_EQ(escaped(std::string(1, static_cast<char>(byte))), expected);
  }
}

}  // namespace
}  // namespace plivo_dial
