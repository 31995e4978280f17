// SPDX-License-Identifier: Apache-2.0
// The connection to SQLite: which statement a text stands for.
#include "lib/store/database.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace plivo_dial {
namespace {

// A text that somebody put together and that is gone, or another one by now, was taken for the one
// that stands in its memory.
TEST(Database, KeepsAStatementUnderItsTextAndNotWhereItStood) {
  char name[] = "/tmp/database-XXXXXX";
  const std::string directory = mkdtemp(name);
  std::ofstream(directory + "/file").close();
  const auto database = Database::open(directory + "/file", Database::Access::kChange);
  ASSERT_TRUE(database) << database.error().message;
  std::string text = "SELECT 1";
  EXPECT_EQ((*database)->number(text.c_str()), 1);
  text.back() = '2';
  EXPECT_EQ((*database)->number(text.c_str()), 2);
  text.back() = '1';
  EXPECT_EQ((*database)->number(text.c_str()), 1);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace plivo_dial
