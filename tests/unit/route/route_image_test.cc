// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::HasSubstr;

// An image with one map and one list, and both of them in it.
class Looked {
 public:
  Looked(std::string_view map_text, std::string_view list_text) {
    const ReadRouteMap map = read_map(map_text);
    const ReadNumberList list = read_number_list(list_text);
    EXPECT_TRUE(map.faults.empty()) << sentences_of(map.faults);
    EXPECT_TRUE(list.faults.empty()) << sentences_of(list.faults);
    ImageWriter writer;
    EXPECT_TRUE(add_route_map(writer, "numbers", map.map).ok());
    EXPECT_TRUE(add_number_list(writer, "numbers", list.list).ok());
    bytes_ = writer.bytes(1).value();
    image_ = std::make_unique<Image>(Image::over(bytes_).value());
    map_ = MapInImage::in(*image_, "numbers");
    list_ = ListInImage::in(*image_, "numbers");
  }

  // The line that holds for a call: "2 called", "1 from"; "none".
  std::string line_of(const CallNumbers& numbers) const {
    constexpr const char* kKinds[] = {"called", "from", "forwarded"};
    const std::optional<FoundRoute> found = map_->find(numbers);
    if (!found) return "none";
    return std::to_string(found->route.line) + " " + kKinds[static_cast<std::size_t>(found->kind)];
  }

  // The entry of the list for a caller: "3 +1415*"; "none".
  std::string entry_of(std::string_view caller) const {
    const std::optional<FoundEntry> found = list_->find(caller);
    if (!found) return "none";
    return std::to_string(found->line) + " " +
           to_string(NumberPattern{std::string(found->digits), found->is_prefix});
  }

  const Image& image() const { return *image_; }
  const MapInImage& map() const { return *map_; }
  const ListInImage& list() const { return *list_; }

 private:
  std::string bytes_;
  std::unique_ptr<Image> image_;
  std::optional<MapInImage> map_;
  std::optional<ListInImage> list_;
};

TEST(RouteImage, HasTheLineThatHolds) {
  const Looked looked(
      "+14155550199 +14155550111\n"             // 1
      "+1415* +14155550112\n"                   // 2
      "+1415555* +14155550113\n"                // 3
      "from:+4930* +14155550114\n"              // 4
      "from:+49301234567 +14155550115\n"        // 5
      "from:anonymous - voicemail=on\n"         // 6
      "forwarded:+442079460000 +14155550116\n"  // 7
      "forwarded:+44* +14155550117\n",          // 8
      "");
  const std::string_view us = "12125550100";
  EXPECT_EQ(looked.line_of({"14155550199", us, ""}), "1 called");
  EXPECT_EQ(looked.line_of({"+14155550199", us, ""}), "1 called");
  EXPECT_EQ(looked.line_of({"14155550198", us, ""}), "3 called") << "the longest beginning";
  EXPECT_EQ(looked.line_of({"14157770000", us, ""}), "2 called");
  EXPECT_EQ(looked.line_of({"12125550101", us, ""}), "none");
  EXPECT_EQ(looked.line_of({"sip:14155550199@phone.plivo.com", us, ""}), "1 called");
  EXPECT_EQ(looked.line_of({"14155550199", "4930999", ""}), "4 from");
  EXPECT_EQ(looked.line_of({"14155550199", "49301234567", ""}), "5 from");
  EXPECT_EQ(looked.line_of({"14155550199", "Restricted", ""}), "6 from");
  EXPECT_EQ(looked.line_of({"14155550199", "", ""}), "6 from");
  EXPECT_EQ(looked.line_of({"14155550199", "sip:alice@example.com", ""}), "1 called");
  EXPECT_EQ(looked.line_of({"14155550199", us, "442079460000"}), "7 forwarded");
  EXPECT_EQ(looked.line_of({"14155550199", us, "442079460001"}), "8 forwarded");
  EXPECT_EQ(looked.line_of({"14155550199", us, "33100000000"}), "1 called");
  EXPECT_EQ(looked.line_of({"14155550199", "4930999", "442079460000"}), "4 from");
  EXPECT_EQ(looked.line_of({"", us, ""}), "none");
  EXPECT_EQ(looked.map().size(), 8u);
}

TEST(RouteImage, GivesTheWholeRoute) {
  const std::string_view line =
      "+14155550199 +14155550111,sip:a@example.com callerid=+14155550100 schedule=office "
      "voicemail=on plan=sales timeout=25\n";
  const Looked looked(line, "");
  const std::optional<FoundRoute> found = looked.map().find({"14155550199", "12125550100", ""});
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->digits, "14155550199");
  EXPECT_FALSE(found->is_prefix);
  EXPECT_EQ(to_route(found->route), read_map(line).map.lines[0].route);
}

TEST(RouteImage, HasTheEntryOfAList) {
  const Looked looked("",
                      "+14155550199\n"  // 1
                      "+1415*\n"        // 2
                      "+1415555*\n"     // 3
                      "anonymous\n");   // 4
  EXPECT_EQ(looked.entry_of("14155550199"), "1 +14155550199");
  EXPECT_EQ(looked.entry_of("+14155550199"), "1 +14155550199");
  EXPECT_EQ(looked.entry_of("14155550198"), "3 +1415555*");
  EXPECT_EQ(looked.entry_of("1415000"), "2 +1415*");
  EXPECT_EQ(looked.entry_of("1414000"), "none");
  EXPECT_EQ(looked.entry_of("Anonymous"), "4 anonymous");
  EXPECT_EQ(looked.entry_of(""), "4 anonymous");
  EXPECT_EQ(looked.entry_of("sip:alice@example.com"), "none");
  EXPECT_EQ(looked.list().size(), 4u);
}

TEST(RouteImage, OfEmptyMapsAndListsFindsNothing) {
  const Looked looked("", "");
  EXPECT_EQ(looked.line_of({"14155550199", "", "1"}), "none");
  EXPECT_EQ(looked.entry_of("14155550199"), "none");
  EXPECT_EQ(looked.map().size(), 0u);
  EXPECT_FALSE(MapInImage::in(looked.image(), "other").has_value());
  EXPECT_FALSE(ListInImage::in(looked.image(), "other").has_value());
}

TEST(RouteImage, HoldsOneHundredThousand) {
  const Looked looked(map_of(100'000), "");
  for (std::size_t i = 0; i < 100'000; i += 7) {
    const std::string number = std::to_string(5'000'000 + i);
    const auto found = looked.map().find({"1415" + number, "12125550100", ""});
    ASSERT_TRUE(found.has_value()) << number;
    RouteTargets targets = found->route.targets;
    ASSERT_EQ(targets.take_first(), "+1416" + number);
    ASSERT_EQ(targets.take_first(), "+1417" + number);
  }
  EXPECT_EQ(looked.line_of({"14155100000", "12125550100", ""}), "none");
  EXPECT_LT(looked.image().size(), 12'000'000u);
}

TEST(RouteImage, RefusesNamesThatDoNotFit) {
  ImageWriter writer;
  EXPECT_TRUE(add_route_map(writer, std::string(kMostMapName, 'n'), {}).ok());
  const Result<void> added = add_route_map(writer, std::string(kMostMapName + 1, 'n'), {});
  ASSERT_FALSE(added.ok());
  EXPECT_THAT(added.error().message, HasSubstr("write 1 to 36 bytes"));
  EXPECT_FALSE(add_number_list(writer, "", {}).ok());
}

TEST(RouteImage, WithDamagedRoutesFindsNothing) {
  ImageWriter writer;
  ASSERT_TRUE(add_route_map(writer, "numbers", {}).ok());
  ASSERT_TRUE(writer.add("numbers.called", "14155550199", "no route").ok());
  const std::string bytes = writer.bytes(1).value();
  const Image image = Image::over(bytes).value();
  EXPECT_FALSE(MapInImage::in(image, "numbers")->find({"14155550199", "1", ""}).has_value());
}

}  // namespace
}  // namespace plivo_dial::test
