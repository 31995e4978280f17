// SPDX-License-Identifier: Apache-2.0
#include "lib/base/layout_name.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

struct Old {
  static constexpr int kVersion = 1;
  int counts[4];
};
struct Grown {
  static constexpr int kVersion = 1;
  int counts[5];
};
struct Reordered {
  static constexpr int kVersion = 2;
  int counts[4];
};

// Else a module that was upgraded would write behind the memory of its predecessor.
TEST(LayoutName, IsAnotherForAnotherLayout) {
  EXPECT_EQ(layout_name<Old>("x"), "x.1.16");
  EXPECT_NE(layout_name<Old>("x"), layout_name<Grown>("x"));
  EXPECT_NE(layout_name<Old>("x"), layout_name<Reordered>("x"));
  EXPECT_NE(layout_name<Old>("x"), layout_name<Old>("y"));
}

}  // namespace
}  // namespace plivo_dial
