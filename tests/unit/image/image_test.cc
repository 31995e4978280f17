// SPDX-License-Identifier: Apache-2.0
#include "lib/image/image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/image/image_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

TEST(Image, GivesBackWhatWasPutIn) {
  const std::string bytes = small_image();
  const Image image = Image::over(bytes).value();
  EXPECT_THAT(image.find("numbers", "14155550199"), Optional(std::string_view("sales")));
  EXPECT_THAT(image.find("numbers", "442079460000"), Optional(std::string_view()));
  EXPECT_EQ(image.find("numbers", "14155550198"), std::nullopt);
  EXPECT_EQ(image.find("numbers", "1415555019"), std::nullopt);
  EXPECT_EQ(image.find("numbers", ""), std::nullopt);
  EXPECT_EQ(image.find("nothing", "14155550199"), std::nullopt);
  EXPECT_EQ(image.find("number", "14155550199"), std::nullopt);
  EXPECT_THAT(image.table_names(), ElementsAre("nothing", "numbers", "prefixes"));
  EXPECT_EQ(image.table("numbers")->size(), 2u);
  EXPECT_EQ(image.table("nothing")->size(), 0u);
  EXPECT_EQ(image.table("absent").has_value(), false);
  EXPECT_TRUE(image.verify().ok());
}

TEST(Image, TakesAnyBytesAsKeysAndValues) {
  ImageWriter writer;
  const std::string binary("\0\xff\n", 3);
  ASSERT_TRUE(writer.add("a", "", "of the empty key").ok());
  ASSERT_TRUE(writer.add("a", binary, binary).ok());
  ASSERT_TRUE(writer.add("a", std::string(kMostImageKey, 'k'), std::string(70000, 'v')).ok());
  const std::string bytes = writer.bytes(kMadeAt).value();
  const Image image = Image::over(bytes).value();
  EXPECT_THAT(image.find("a", ""), Optional(std::string_view("of the empty key")));
  EXPECT_THAT(image.find("a", binary), Optional(std::string_view(binary)));
  EXPECT_EQ(image.find("a", std::string(kMostImageKey, 'k'))->size(), 70000u);
}

TEST(Image, WithoutTablesIsAnImageToo) {
  const std::string bytes = ImageWriter().bytes(kMadeAt).value();
  const Image image = Image::over(bytes).value();
  EXPECT_THAT(image.table_names(), ElementsAre());
  EXPECT_EQ(image.find("a", "a"), std::nullopt);
}

TEST(Image, FindsEachOfOneHundredThousandAndNoOther) {
  constexpr std::size_t kMany = 100'000;
  const std::string bytes = image_of(kMany);
  const Image image = Image::over(bytes).value();
  const ImageTable table = image.table("numbers").value();
  ASSERT_EQ(table.size(), kMany);
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string number = number_at(i);
    ASSERT_THAT(table.find(number), Optional("+" + number));
    ASSERT_EQ(table.find(number_at(kMany + i)), std::nullopt);
  }
}

TEST(Image, IsAsLargeAsItsKeysAskFor) {
  EXPECT_LT(image_of(100'000).size(), 8'000'000u);
}

TEST(Image, FindsTheLongestPrefix) {
  const std::string bytes = small_image();
  const Image image = Image::over(bytes).value();
  const auto longest = [&](std::string_view number) {
    const std::optional<PrefixMatch> match = image.find_longest("prefixes", number);
    return match ? std::string(match->key) + " " + std::string(match->value) : "none";
  };
  EXPECT_EQ(longest("14155550199"), "14155550 block");
  EXPECT_EQ(longest("14155550"), "14155550 block");
  EXPECT_EQ(longest("1415555"), "1415 san francisco");
  EXPECT_EQ(longest("1414"), "1 america");
  EXPECT_EQ(longest("1"), "1 america");
  EXPECT_EQ(longest("442079460000"), "none");
  EXPECT_EQ(longest(""), "none");
  EXPECT_EQ(longest("1415555019900000000000000000"), "14155550 block");
  EXPECT_EQ(image.find_longest("nothing", "1415").has_value(), false);
  EXPECT_EQ(image.find_longest("absent", "1415").has_value(), false);
}

TEST(Image, LooksForPrefixesOfEveryLengthUpToFifteen) {
  ImageWriter writer;
  const std::string digits = "1234567890123456";
  for (std::size_t length = 1; length <= digits.size(); ++length) {
    ASSERT_TRUE(writer.add("p", digits.substr(0, length), std::to_string(length)).ok());
  }
  const std::string bytes = writer.bytes(kMadeAt).value();
  const Image image = Image::over(bytes).value();
  for (std::size_t length = 1; length <= kMostPrefix; ++length) {
    EXPECT_EQ(image.find_longest("p", digits.substr(0, length))->value, std::to_string(length));
  }
  EXPECT_EQ(image.find_longest("p", digits)->value, "15") << "longer keys are for find()";
  EXPECT_THAT(image.find("p", digits), Optional(std::string_view("16")));
}

TEST(Image, FindsTheLongestOfOneHundredThousandPrefixes) {
  ImageWriter writer;
  for (std::size_t i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(writer.add("p", std::to_string(4'900'000 + i), "").ok());
  }
  ASSERT_TRUE(writer.add("p", "49", "").ok());
  const std::string bytes = writer.bytes(kMadeAt).value();
  const ImageTable table = Image::over(bytes)->table("p").value();
  EXPECT_EQ(table.find_longest("498912345678")->key, "4989123");
  EXPECT_EQ(table.find_longest("4949")->key, "49");
  EXPECT_EQ(table.find_longest("501"), std::nullopt);
}

TEST(Image, IsKnownByItsContentWheneverItWasMade) {
  const std::string first = small_image();
  const std::string second = small_image(kMadeAt + 1);
  ImageWriter writer = small_writer();
  ASSERT_TRUE(writer.add("numbers", "14155550198", "sales").ok());
  const std::string third = writer.bytes(kMadeAt).value();
  const ImageStamp stamp = Image::over(first)->stamp();
  EXPECT_EQ(stamp.made_us, kMadeAt);
  EXPECT_EQ(Image::over(second)->stamp(), (ImageStamp{kMadeAt + 1, stamp.content}));
  EXPECT_NE(Image::over(third)->stamp().content, stamp.content);
}

TEST(Image, CanBeMoved) {
  const std::string bytes = small_image();
  Image image = Image::over(bytes).value();
  Image other = std::move(image);
  const std::string empty = ImageWriter().bytes(kMadeAt).value();
  Image third = Image::over(empty).value();
  third = std::move(other);
  EXPECT_THAT(third.find("numbers", "14155550199"), Optional(std::string_view("sales")));
}

TEST(ImageWriter, RefusesWhatNoImageHolds) {
  ImageWriter writer;
  const auto verdict = [](const Result<void>& result) {
    return result ? std::string("taken") : result.error().message;
  };
  EXPECT_THAT(verdict(writer.add("", "a", "")), HasSubstr("cannot be the name"));
  EXPECT_THAT(verdict(writer.add_table(std::string_view("a\0b", 3))), HasSubstr("cannot be"));
  EXPECT_THAT(verdict(writer.add_table(std::string(48, 't'))), HasSubstr("takes 47"));
  EXPECT_EQ(verdict(writer.add_table(std::string(47, 't'))), "taken");
  EXPECT_THAT(verdict(writer.add("a", std::string(1025, 'k'), "")), HasSubstr("takes 1024"));
  EXPECT_THAT(verdict(writer.add("a", "k", std::string(kMostImageValue + 1, 'v'))),
              HasSubstr("takes 16777216; make it shorter"));
  for (std::size_t i = 2; i < kMostImageTables; ++i) {
    ASSERT_TRUE(writer.add_table(std::to_string(i)).ok());
  }
  EXPECT_THAT(verdict(writer.add_table("one more")), HasSubstr("4096 tables; put fewer"));
  EXPECT_TRUE(Image::over(writer.bytes(kMadeAt).value()).ok());
}

TEST(ImageWriter, RefusesAKeyThatIsThereTwice) {
  ImageWriter writer = small_writer();
  ASSERT_TRUE(writer.add("numbers", "14155550199", "support").ok());
  const Result<std::string> bytes = writer.bytes(kMadeAt);
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().message,
            "the table \"numbers\" has the key \"14155550199\" twice; give it once");
}

}  // namespace
}  // namespace plivo_dial::test
