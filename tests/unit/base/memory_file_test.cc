// SPDX-License-Identifier: Apache-2.0
#include "lib/base/memory_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace plivo_dial {
namespace {

TEST(MemoryFile, IsReadFromItsBeginning) {
  const std::string text(10'000, 'x');
  const Descriptor file = memory_file(text);
  ASSERT_TRUE(file.valid());
  char first = 0;
  ASSERT_EQ(read(file.get(), &first, 1), 1);
  EXPECT_EQ(first, 'x');
  EXPECT_EQ(content_of(file.get()), text) << "wherever it stands";
  EXPECT_EQ(content_of(memory_file("").get()), "");
}

}  // namespace
}  // namespace plivo_dial
