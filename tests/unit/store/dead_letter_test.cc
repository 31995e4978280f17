// Dead letters stay in their directory, whatever stands in the store and whoever may write there.
// SPDX-License-Identifier: Apache-2.0
#include "lib/store/dead_letter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/books/store_fixture.h"

namespace plivo_dial {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DeadLetterTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    fs::create_directories(spool_);
    std::ofstream(directory_ + "/outside.b.json") << "not ours";
  }

  DeadLetter letter(const std::string& id, const std::string& sink) const {
    return {id, sink, "it failed", 1, kStartUs, to_json(event_of(1))};
  }
};

TEST_F(DeadLetterTest, NamesLeadNowhereElse) {
  const std::string id = "../../outside";
  ASSERT_TRUE(write_dead_letters(spool_, {letter(id, "b"), letter("a", "../../../etc/x")}).ok());
  EXPECT_EQ(list_dead_letters(spool_)->size(), 2u);
  EXPECT_EQ(dead_letter_path(spool_, id, "b"), spool_ + "/dead/_._.._outside.b.json")
      << "in its directory";
  EXPECT_TRUE(remove_dead_letter(spool_, id, "b").ok());
  EXPECT_TRUE(fs::exists(directory_ + "/outside.b.json"));
  EXPECT_EQ(list_dead_letters(spool_)->size(), 1u);
  EXPECT_EQ(dead_letter_path(spool_, std::string(500, 'x'), "b").size(),
            (spool_ + "/dead/.b.json").size() + 64);
}

TEST_F(DeadLetterTest, ALinkInPlaceOfTheirDirectoryIsNotFollowed) {
  fs::create_directory(directory_ + "/other");
  std::ofstream(directory_ + "/other/" + id_of(1) + ".b.json") << "not ours";
  fs::create_directory_symlink(directory_ + "/other", spool_ + "/dead");
  EXPECT_THAT(write_dead_letters(spool_, {letter(id_of(2), "b")}).error().message,
              HasSubstr("cannot open directory '" + spool_ + "/dead'"));
  EXPECT_FALSE(remove_dead_letter(spool_, id_of(1), "b").ok());
  EXPECT_TRUE(fs::exists(directory_ + "/other/" + id_of(1) + ".b.json"));
}

}  // namespace
}  // namespace plivo_dial
