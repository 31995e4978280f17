// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/tables_image.h"

#include <gmock/gmock.h>

#include "tests/unit/tables/tables_fixture.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kMade = 1'700'000'000'000'000;

class TablesImageTest : public TablesFixture {
 protected:
  std::string outdated_at(const TablesConfig& config, std::int64_t now_us) {
    const Result<Image> image = Image::open(path_);
    EXPECT_TRUE(image);
    return outdated(*image, digest_of(config), now_us).value_or("");
  }
};

TEST_F(TablesImageTest, HoldsAsLongAsNothingHasChanged) {
  make_image(config_, "+14155550111", kMade);
  EXPECT_EQ(outdated_at(config_, kMade), "");
  EXPECT_EQ(outdated_at(config_, kMade + kLongestTablesUs), "");
  EXPECT_EQ(outdated_at(config_, kMade + kLongestTablesUs + 1), "they are a month old");
  EXPECT_EQ(outdated_at(config_, kMade - kLongestTablesUs), "");
  EXPECT_EQ(outdated_at(config_, kMade - kLongestTablesUs - 1), "they were made in the future");
}

TEST_F(TablesImageTest, SaysWhatHasChanged) {
  make_image(config_, "+14155550111", kMade);
  TablesConfig other = config_;
  other.lists.clear();
  EXPECT_EQ(outdated_at(other, kMade), "the configuration has changed");
  put(config_.maps[0].path, "new");
  EXPECT_THAT(outdated_at(config_, kMade), HasSubstr(config_.maps[0].path + "\" has changed"));
}

TEST_F(TablesImageTest, KnowsWhatItWasMadeOf) {
  make_image(config_, "+14155550111", kMade);
  EXPECT_EQ(digest_in(*Image::open(path_)), digest_of(config_));
  ImageWriter writer;
  ASSERT_TRUE(writer.add("any", "key", "value"));
  const std::string bytes = *writer.bytes(kMade);
  const Result<Image> strange = Image::over(bytes);
  ASSERT_TRUE(strange);
  EXPECT_EQ(digest_in(*strange), std::nullopt);
  EXPECT_EQ(outdated(*strange, 0, kMade), "the configuration has changed");
}

TEST(TablesImage, NamesAreShortWhateverThePath) {
  EXPECT_LE(name_in_image(std::string(4000, 'x')).size(), kMostMapName);
  EXPECT_NE(name_in_image("/a"), name_in_image("/b"));
}

}  // namespace
}  // namespace plivo_dial
