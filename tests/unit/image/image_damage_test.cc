// SPDX-License-Identifier: Apache-2.0
// What an image does with bytes that are not what was written. Each look is at a copy of exactly
// the size that is told, so that a sanitizer sees a read beyond it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "lib/base/crc32c.h"
#include "lib/image/image_layout.h"
#include "tests/unit/image/image_samples.h"

namespace plivo_dial::test {
namespace {

namespace layout = image_layout;
using ::testing::HasSubstr;

std::string fault_of(const std::string& bytes) {
  const Result<Image> image = Image::over(bytes);
  return image ? "none" : image.error().message;
}

// Looks up all that may be there, and says whether the image was taken and the whole of it is
// sound.
bool is_taken_for_whole(const std::string& text) {
  const std::vector<char> bytes(text.begin(), text.end());
  const Result<Image> image = Image::over({bytes.data(), bytes.size()});
  if (!image) return false;
  std::size_t seen = 0;
  for (const char* table : {"numbers", "prefixes", "nothing", ""}) {
    for (const char* key : {"14155550199", "442079460000", "1", "1415", "14155550", ""}) {
      if (const auto value = image->find(table, key)) seen += value->size();
      if (const auto match = image->find_longest(table, key)) {
        for (const char c : match->value) seen += c == 's' ? 1 : 0;
      }
    }
  }
  EXPECT_LT(seen, 24 * bytes.size() + 1);
  return image->verify().ok();
}

// With the check values that belong to header and directory, as somebody would write them who wants
// to do harm.
std::string with_check_values(std::string bytes) {
  const auto tables = layout::load<std::uint32_t>(bytes.data() + layout::kTablesAt);
  const std::string_view directory =
      std::string_view(bytes).substr(layout::kHeaderSize, tables * layout::kEntrySize);
  layout::store(crc32c(directory), bytes.data() + layout::kDirectoryCrcAt);
  layout::store(crc32c(std::string_view(bytes).substr(0, layout::kHeaderCrcAt)),
                bytes.data() + layout::kHeaderCrcAt);
  return bytes;
}

TEST(DamagedImage, IsRefusedWhereverItIsCutShort) {
  const std::string whole = small_image();
  ASSERT_TRUE(is_taken_for_whole(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(Image::over(std::string_view(whole).substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(is_taken_for_whole(whole + '\0')) << "nor is more behind it";
}

TEST(DamagedImage, IsKnownByEachBitThatDiffers) {
  const std::string whole = small_image();
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_FALSE(is_taken_for_whole(flipped)) << "bit " << bit;
  }
}

TEST(DamagedImage, IsReadWithinItsBytesThoughItsCheckValuesAreRight) {
  const std::string whole = small_image();
  for (std::size_t at = layout::kTablesAt; at < whole.size(); ++at) {
    for (const int byte : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(byte);
      is_taken_for_whole(at < layout::kTablesAt + 4 ? changed : with_check_values(changed));
    }
  }
}

TEST(DamagedImage, WhoseNumbersAreTheLargestIsReadWithinItsBytes) {
  const std::string whole = small_image();
  for (std::size_t at = layout::kHeaderSize; at + 4 <= whole.size(); ++at) {
    for (const std::uint32_t number :
         {0xffffffffu, 0x7fffffffu, static_cast<std::uint32_t>(whole.size()),
          static_cast<std::uint32_t>(whole.size() - 1)}) {
      std::string changed = whole;
      layout::store(number, changed.data() + at);
      is_taken_for_whole(with_check_values(changed));
    }
  }
}

TEST(DamagedImage, SaysWhatIsWrongAndWhatToDo) {
  const std::string whole = small_image();
  EXPECT_EQ(fault_of("<Response></Response>"),
            "this is no image of maps and lists, but some other file; move it away; make it anew "
            "with plivo-dialctl compile");
  EXPECT_EQ(fault_of(whole.substr(0, 40)),
            "the image is cut short: it has 40 bytes; make it anew with plivo-dialctl compile");
  EXPECT_THAT(fault_of(whole + "x"), HasSubstr("bytes, and " + std::to_string(whole.size()) +
                                               " when it was made; make it anew"));
  std::string other = whole;
  layout::store(std::uint32_t{7}, other.data() + layout::kVersionAt);
  EXPECT_THAT(fault_of(other), HasSubstr("has version 7, and this program knows version 1; make"));
  other = whole;
  other[layout::kMadeAt] ^= 1;
  EXPECT_THAT(fault_of(other), HasSubstr("damaged in its header"));
  other = whole;
  other[layout::kHeaderSize] ^= 1;
  EXPECT_THAT(fault_of(other), HasSubstr("damaged in its directory"));
  other = whole;
  layout::store(std::uint32_t{0xffffff00}, other.data() + layout::kTablesAt);
  layout::store(crc32c(std::string_view(other).substr(0, layout::kHeaderCrcAt)),
                other.data() + layout::kHeaderCrcAt);
  EXPECT_THAT(fault_of(other), HasSubstr("its directory reaches behind its end"));
  other = whole;
  layout::store(static_cast<std::uint32_t>(whole.size() - 1),
                other.data() + layout::kHeaderSize + layout::kSlotsAt);
  EXPECT_THAT(fault_of(with_check_values(other)), HasSubstr("a table of it reaches behind"));
}

TEST(DamagedImage, WhoseContentDiffersIsOpenedAndKnownByVerify) {
  std::string bytes = small_image();
  bytes.back() ^= 1;
  const Result<Image> image = Image::over(bytes);
  ASSERT_TRUE(image.ok()) << "opening reads header and directory only";
  const Result<void> whole = image->verify();
  ASSERT_FALSE(whole.ok());
  EXPECT_THAT(whole.error().message, HasSubstr("its content is not what it was"));
}

TEST(DamagedImage, WithoutAFreeSlotIsSearchedToAnEnd) {
  std::string bytes = small_image();
  const Image image = Image::over(bytes).value();
  const std::size_t directory_end = layout::kHeaderSize + 3 * layout::kEntrySize;
  for (std::size_t at = directory_end; at + 8 <= bytes.size(); at += 4) {
    layout::store(std::uint32_t{1}, bytes.data() + at);
  }
  for (std::size_t entry = layout::kHeaderSize; entry < directory_end;
       entry += layout::kEntrySize) {
    const auto bits = layout::load<std::uint32_t>(bytes.data() + entry + layout::kSlotBitsAt);
    layout::store(std::uint32_t{1} << bits, bytes.data() + entry + layout::kProbesAt);
  }
  EXPECT_FALSE(is_taken_for_whole(with_check_values(bytes)));
}

}  // namespace
}  // namespace plivo_dial::test
