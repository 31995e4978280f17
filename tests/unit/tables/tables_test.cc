// SPDX-License-Identifier: Apache-2.0
#include "lib/tables/tables.h"

#include <gmock/gmock.h>

#include "tests/unit/tables/tables_fixture.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kNow = kMorning * kTablesSecond;

class TablesTest : public TablesFixture {
 protected:
  std::string target_in(const TablesView* view) {
    if (view == nullptr || view->map(config_.maps[0].path) == nullptr) return "no map";
    const auto found = view->map(config_.maps[0].path)->find({"14155550199", "", ""});
    if (!found) return "no line";
    RouteTargets targets = found->route.targets;
    return std::string(targets.take_first());
  }
};

TEST_F(TablesTest, GoOverToANewImageWithinASecond) {
  Tables tables(path_, config_);
  EXPECT_EQ(tables.current(kNow), nullptr);
  make_image(config_, "+14155550111", kNow);
  EXPECT_EQ(tables.current(kNow + kTablesSecond - 1), nullptr);
  const auto first = tables.current(kNow + kTablesSecond);
  EXPECT_EQ(target_in(first.get()), "+14155550111");
  make_image(config_, "+14155550122", kNow);
  EXPECT_EQ(target_in(tables.current(kNow + 2 * kTablesSecond).get()), "+14155550122");
  EXPECT_EQ(target_in(first.get()), "+14155550111") << "whoever has it, keeps it";
  EXPECT_NE(first->list(config_.lists[0].path), nullptr);
  EXPECT_EQ(first->list("/other"), nullptr);
  EXPECT_EQ(first->map("/other"), nullptr);
}

TEST_F(TablesTest, KeepWhatTheyHaveWhileAnImageCannotBeUsed) {
  make_image(config_, "+14155550111", kNow);
  Tables tables(path_, config_);
  EXPECT_EQ(target_in(tables.current(kNow).get()), "+14155550111");
  put(path_, "no image");
  EXPECT_EQ(target_in(tables.current(kNow + kTablesSecond).get()), "+14155550111");
  EXPECT_THAT(tables.new_trouble(kNow + kTablesSecond),
              ElementsAre(AllOf(HasSubstr(path_), HasSubstr("that were there before are used"))));
  EXPECT_THAT(tables.new_trouble(kNow + 2 * kTablesSecond), IsEmpty()) << "said once";
  std::filesystem::remove(path_);
  EXPECT_EQ(target_in(tables.current(kNow + 3 * kTablesSecond).get()), "+14155550111");
  EXPECT_THAT(tables.new_trouble(kNow + 3 * kTablesSecond),
              ElementsAre(HasSubstr("there is no '" + path_)));
}

TEST_F(TablesTest, OfAnotherConfigurationServeOnlyUntilTheRightOnesCome) {
  TablesConfig other = config_;
  other.schedules[0].arguments[2] = "Tue 09:00-10:00";
  make_image(other, "+14155550133", kNow);
  Tables tables(path_, config_);
  EXPECT_EQ(target_in(tables.current(kNow).get()), "+14155550133");
  make_image(config_, "+14155550111", kNow);
  EXPECT_EQ(target_in(tables.current(kNow + kTablesSecond).get()), "+14155550111");
  make_image(other, "+14155550144", kNow);
  EXPECT_EQ(target_in(tables.current(kNow + 2 * kTablesSecond).get()), "+14155550111")
      << "another configuration's, after a reload";
}

TEST_F(TablesTest, SayThatTheyAreOlderThanTheirFilesAfterAMinute) {
  make_image(config_, "+14155550111", kNow);
  Tables tables(path_, config_);
  EXPECT_THAT(tables.new_trouble(kNow), IsEmpty());
  put(config_.maps[0].path, "changed");
  EXPECT_THAT(tables.new_trouble(kNow + 10 * kTablesSecond), IsEmpty());
  EXPECT_THAT(tables.new_trouble(kNow + 69 * kTablesSecond), IsEmpty());
  EXPECT_THAT(
      tables.new_trouble(kNow + 70 * kTablesSecond),
      ElementsAre(AllOf(HasSubstr("numbers\" has changed"), HasSubstr("2027-01-15T08:00"))));
  EXPECT_THAT(tables.new_trouble(kNow + 80 * kTablesSecond), IsEmpty());
  make_image(config_, "+14155550111", kNow + 90 * kTablesSecond);
  EXPECT_THAT(tables.new_trouble(kNow + 90 * kTablesSecond), IsEmpty());
}

TEST_F(TablesTest, SchedulesStandAsTheTablesSay) {
  make_image(config_, "+14155550111", kNow);
  Tables tables(path_, config_);
  const auto view = tables.current(kNow);
  const ScheduleState open = tables.state_of("office", view.get(), kMorning, kNow);
  EXPECT_TRUE(open.known && open.open);
  EXPECT_EQ(open.reason, "weekly hours");
  const ScheduleState closed = tables.state_of("office", view.get(), kNoon, kNow);
  EXPECT_TRUE(closed.known && !closed.open);
  EXPECT_EQ(closed.reason, "holidays.txt:4: a \"day\"");
}

TEST_F(TablesTest, WhatIsNotKnownIsTakenAsOpen) {
  make_image(config_, "+14155550111", kNow);
  Tables tables(path_, config_);
  const auto view = tables.current(kNow);
  for (const ScheduleState& state :
       {tables.state_of("other", view.get(), kMorning, kNow),
        tables.state_of("office", view.get(), kMorning + 1'000'000, kNow),
        tables.state_of("office", nullptr, kNoon, kNow)}) {
    EXPECT_FALSE(state.known);
    EXPECT_TRUE(state.open);
  }
}

TEST_F(TablesTest, OverrideFileWinsOverTheHours) {
  make_image(config_, "+14155550111", kNow);
  Tables tables(path_, config_);
  const auto view = tables.current(kNow);
  put(directory_ + "/override", "closed until 2027-01-15T08:30");
  EXPECT_FALSE(tables.state_of("office", view.get(), kMorning, kNow).open);
  EXPECT_EQ(tables.state_of("office", view.get(), kMorning, kNow).reason, "the override file");
  EXPECT_TRUE(tables.state_of("office", view.get(), kMorning + 1800, kNow).open);
  put(directory_ + "/override", "open");
  EXPECT_TRUE(tables.state_of("office", view.get(), kNoon, kNow + kTablesSecond).open);
  put(directory_ + "/override", "opn");
  EXPECT_TRUE(tables.state_of("office", view.get(), kNoon, kNow + 2 * kTablesSecond).open);
  EXPECT_THAT(
      tables.new_trouble(kNow + 2 * kTablesSecond),
      ElementsAre(AllOf(HasSubstr("PlivoSchedule office: "), HasSubstr("did you mean open?"),
                        HasSubstr("what it said before goes on"))));
}

// A process that was born while the file had a fault goes by what plivo-diald knew before.
TEST_F(TablesTest, OverrideWithAFaultIsWhatItSaidLastToAnyProcess) {
  make_image(config_, "+14155550111", kNow);
  put(last_overrides_path(path_), "other open\noffice closed\nnothing\n");
  put(directory_ + "/override", "clsed");
  Tables tables(path_, config_);
  const auto view = tables.current(kNow);
  EXPECT_FALSE(tables.state_of("office", view.get(), kMorning, kNow).open);
  put(directory_ + "/override", "auto");
  EXPECT_TRUE(tables.state_of("office", view.get(), kMorning, kNow + kTablesSecond).open);
}

TEST(LastOverrides, ComeBackFromTheirText) {
  const OverridesByName all = {
      {"a", {}}, {"b", {false, std::nullopt}}, {"c", {true, 1'800'000'000}}};
  EXPECT_EQ(text_of(all), "a auto\nb closed\nc open until 2027-01-15T08:00\n");
  EXPECT_EQ(parse_last_overrides(text_of(all)), all);
  EXPECT_TRUE(parse_last_overrides("a\n b\nc clsed\n").empty());
}

TEST_F(TablesTest, OverrideWithoutAnEndHoldsWithoutTables) {
  Tables tables(path_, config_);
  put(directory_ + "/override", "closed");
  EXPECT_FALSE(tables.state_of("office", nullptr, kMorning, kNow).open);
  put(directory_ + "/override", "closed until 2027-01-15T08:30");
  EXPECT_FALSE(tables.state_of("office", nullptr, kMorning, kNow + kTablesSecond).known);
}

}  // namespace
}  // namespace plivo_dial
