// SPDX-License-Identifier: Apache-2.0
#include "lib/base/in_quotes.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(InQuotes, KeepsTextAndShowsNothingThatATerminalObeys) {
  EXPECT_EQ(in_quotes("José"), "\"José\"");
  EXPECT_EQ(in_quotes("a\x1B[2Jb"), "\"a\xEF\xBF\xBD[2Jb\"");
  EXPECT_EQ(in_quotes(" ~\u00A0"), "\" ~\u00A0\"");
  EXPECT_EQ(in_quotes("\x1F\x7F\u0080\u009F"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(in_quotes("\xFF\xC2\x9B"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace plivo_dial
