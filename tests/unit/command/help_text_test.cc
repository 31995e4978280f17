// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/help_text.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(HelpText, BreaksAtBlanksAndKeepsCommandsGood) {
  EXPECT_EQ(wrapped_text("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(wrapped_text("a-word-that-is-too-long b", 8, 0), "a-word-that-is-too-long\nb");
  EXPECT_EQ(wrapped_text("first\n\nsecond line", 80, 4), "first\n\n    second line");
  EXPECT_EQ(wrapped_text("Example: plivo-dialctl call --url x", 30, 0),
            "Example: plivo-dialctl call \\\n    --url x");
}

}  // namespace
}  // namespace plivo_dial
