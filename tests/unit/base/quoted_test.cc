// SPDX-License-Identifier: Apache-2.0
#include "lib/base/quoted.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(Quoted, KeepsTextAndShowsNothingThatATerminalObeys) {
  EXPECT_EQ(quoted("José"), "\"José\"");
  EXPECT_EQ(quoted("a\x1B[2Jb"), "\"a\xEF\xBF\xBD[2Jb\"");
  EXPECT_EQ(quoted("\xFF\xC2\x9B"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace plivo_dial
