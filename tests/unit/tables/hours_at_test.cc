// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/hours_at.h"

#include "tests/unit/tables/tables_fixture.h"

namespace plivo_dial {
namespace {

class HoursAtTest : public TablesFixture {};

TEST_F(HoursAtTest, AreThoseOfTheMoment) {
  make_image(config_, "+14155550111", kMorning * kTablesSecond);
  Tables tables(path_, config_);
  const auto view = tables.current(kMorning * kTablesSecond);
  const HoursAt morning(tables, view.get(), kMorning, kMorning * kTablesSecond);
  const HoursAt noon(tables, view.get(), kNoon, kMorning * kTablesSecond);
  EXPECT_TRUE(morning.is_open("office"));
  EXPECT_FALSE(noon.is_open("office"));
  EXPECT_TRUE(noon.is_open("unknown"));
  ASSERT_EQ(noon.asked().size(), 2u);
  EXPECT_EQ(noon.asked()[0].first, "office");
  EXPECT_TRUE(noon.asked()[0].second.known);
  EXPECT_FALSE(noon.asked()[1].second.known);
}

// A file that changes between two questions of one request changes no answer.
TEST_F(HoursAtTest, SameQuestionHasTheSameAnswer) {
  make_image(config_, "+14155550111", kMorning * kTablesSecond);
  Tables tables(path_, config_);
  const auto view = tables.current(kMorning * kTablesSecond);
  const HoursAt hours(tables, view.get(), kMorning, kMorning * kTablesSecond);
  EXPECT_TRUE(hours.is_open("office"));
  put(directory_ + "/override", "closed");
  EXPECT_FALSE(
      tables.state_of("office", view.get(), kMorning, (kMorning + 2) * kTablesSecond).open);
  EXPECT_TRUE(hours.is_open("office"));
  EXPECT_EQ(hours.asked().size(), 1u);
}

TEST_F(HoursAtTest, WallIsThatOfEachZone) {
  make_image(config_, "+14155550111", kMorning * kTablesSecond);
  Tables tables(path_, config_);
  const auto view = tables.current(kMorning * kTablesSecond);
  const auto open_at = [&](WallSeconds wall) {
    return HoursAt::asked_for(tables, view.get(), AskedTime{wall, false}, 0).is_open("office");
  };
  EXPECT_FALSE(open_at(kMorning - 1));
  EXPECT_TRUE(open_at(kMorning));
  EXPECT_FALSE(open_at(kNoon));
}

}  // namespace
}  // namespace plivo_dial
