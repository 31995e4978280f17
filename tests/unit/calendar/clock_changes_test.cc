// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/calendar/calendar_fixture.h"

namespace plivo_dial::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> weekly(const std::vector<std::string_view>& words, std::string_view from,
                                std::string_view until) {
  return states_of(expand(schedule_of(words), {}, utc(from), utc(until)));
}

TEST(ClockChanges, OfLondonMoveOfficeHours) {
  const std::vector<std::string_view> office = {"a", "Europe/London", "Mon-Sun 09:00-17:00"};
  EXPECT_THAT(weekly(office, "2026-03-28T00:00", "2026-03-30T00:00"),
              ElementsAre("2026-03-28T09:00Z open", "2026-03-28T17:00Z closed",
                          "2026-03-29T08:00Z open", "2026-03-29T16:00Z closed"));
  EXPECT_THAT(weekly(office, "2026-10-24T00:00", "2026-10-26T00:00"),
              ElementsAre("2026-10-24T08:00Z open", "2026-10-24T16:00Z closed",
                          "2026-10-25T09:00Z open", "2026-10-25T17:00Z closed"));
  EXPECT_THAT(weekly(office, "2027-03-27T00:00", "2027-03-29T00:00"),
              ElementsAre("2027-03-27T09:00Z open", "2027-03-27T17:00Z closed",
                          "2027-03-28T08:00Z open", "2027-03-28T16:00Z closed"));
  EXPECT_THAT(weekly(office, "2027-10-30T00:00", "2027-11-01T00:00"),
              ElementsAre("2027-10-30T08:00Z open", "2027-10-30T16:00Z closed",
                          "2027-10-31T09:00Z open", "2027-10-31T17:00Z closed"));
}

TEST(ClockChanges, OfNewYorkMoveOfficeHours) {
  const std::vector<std::string_view> office = {"a", "America/New_York", "Mon-Sun 09:00-17:00"};
  EXPECT_THAT(weekly(office, "2026-03-07T12:00", "2026-03-08T22:00"),
              ElementsAre("2026-03-07T14:00Z open", "2026-03-07T22:00Z closed",
                          "2026-03-08T13:00Z open", "2026-03-08T21:00Z closed"));
  EXPECT_THAT(weekly(office, "2026-10-31T12:00", "2026-11-02T00:00"),
              ElementsAre("2026-10-31T13:00Z open", "2026-10-31T21:00Z closed",
                          "2026-11-01T14:00Z open", "2026-11-01T22:00Z closed"));
  EXPECT_THAT(weekly(office, "2027-03-13T12:00", "2027-03-14T22:00"),
              ElementsAre("2027-03-13T14:00Z open", "2027-03-13T22:00Z closed",
                          "2027-03-14T13:00Z open", "2027-03-14T21:00Z closed"));
  EXPECT_THAT(weekly(office, "2027-11-06T12:00", "2027-11-08T00:00"),
              ElementsAre("2027-11-06T13:00Z open", "2027-11-06T21:00Z closed",
                          "2027-11-07T14:00Z open", "2027-11-07T22:00Z closed"));
}

TEST(ClockChanges, ShortenAndLengthenTheNight) {
  const std::vector<std::string_view> night = {"a", "Europe/London", "Sat 22:00-06:00"};
  EXPECT_THAT(weekly(night, "2026-03-28T00:00", "2026-03-30T00:00"),
              ElementsAre("2026-03-28T22:00Z open", "2026-03-29T05:00Z closed"));
  EXPECT_THAT(weekly(night, "2026-10-24T00:00", "2026-10-26T00:00"),
              ElementsAre("2026-10-24T21:00Z open", "2026-10-25T06:00Z closed"));
  const std::vector<std::string_view> there = {"a", "America/New_York", "Sat 22:00-06:00"};
  EXPECT_THAT(weekly(there, "2026-03-07T12:00", "2026-03-09T00:00"),
              ElementsAre("2026-03-08T03:00Z open", "2026-03-08T10:00Z closed"));
  EXPECT_THAT(weekly(there, "2027-11-06T12:00", "2027-11-08T00:00"),
              ElementsAre("2027-11-07T02:00Z open", "2027-11-07T11:00Z closed"));
}

TEST(ClockChanges, TakeATimeThatIsNeverShownForTheChange) {
  const auto on_the_day = [](std::string_view hours) {
    return weekly({"a", "Europe/London", hours}, "2026-03-29T00:00", "2026-03-30T00:00");
  };
  EXPECT_THAT(on_the_day("Sun 01:30-05:00"),
              ElementsAre("2026-03-29T01:00Z open", "2026-03-29T04:00Z closed"));
  EXPECT_THAT(on_the_day("Sun 00:15-01:30"),
              ElementsAre("2026-03-29T00:15Z open", "2026-03-29T01:00Z closed"));
  EXPECT_THAT(on_the_day("Sun 01:10-01:50"), IsEmpty()) << "these hours are not that day";
}

TEST(ClockChanges, OpenAtTheFirstAndCloseAtTheLastOfTwo) {
  const auto on_the_day = [](std::string_view hours) {
    return weekly({"a", "America/New_York", hours}, "2026-11-01T04:00", "2026-11-02T04:00");
  };
  EXPECT_THAT(on_the_day("Sun 01:30-05:00"),
              ElementsAre("2026-11-01T05:30Z open", "2026-11-01T10:00Z closed"));
  EXPECT_THAT(on_the_day("Sun 00:30-01:30"),
              ElementsAre("2026-11-01T04:30Z open", "2026-11-01T06:30Z closed"));
  EXPECT_THAT(on_the_day("Sun 01:10-01:20"),
              ElementsAre("2026-11-01T05:10Z open", "2026-11-01T06:20Z closed"));
}

TEST(ClockChanges, ChangeNothingOfTheWholeDay) {
  EXPECT_THAT(
      weekly({"a", "Europe/London", "Mon-Sun 00:00-24:00"}, "2026-01-01T00:00", "2028-01-01T00:00"),
      IsEmpty());
  EXPECT_THAT(weekly({"a", "UTC", "Mon-Sun 22:00-10:00", "Mon-Sun 10:00-22:00"}, "2026-01-01T00:00",
                     "2028-01-01T00:00"),
              IsEmpty());
}

TEST(ClockChanges, AreInTheTableOfOffsets) {
  const auto openings = expand(schedule_of({"a", "Europe/London", "Mon 09:00-10:00"}), {},
                               utc("2026-01-01T00:00"), utc("2028-01-01T00:00"));
  ASSERT_TRUE(openings.ok());
  EXPECT_THAT(openings->offsets, ElementsAre(OffsetChange{utc("2025-12-31T00:00"), 0},
                                             OffsetChange{utc("2026-03-29T01:00"), 3600},
                                             OffsetChange{utc("2026-10-25T01:00"), 0},
                                             OffsetChange{utc("2027-03-28T01:00"), 3600},
                                             OffsetChange{utc("2027-10-31T01:00"), 0}));
}

// Open is who, by the clock on the wall, is within the hours: minute by minute over each change.
TEST(ClockChanges, KeepToTheClockOnTheWall) {
  for (const std::string_view zone : {"Europe/London", "America/New_York", "Australia/Lord_Howe"}) {
    const auto openings = expand(
        schedule_of({"a", zone, "Mon-Fri 09:00-17:00", "Fri 22:00-02:00", "Sun 03:00-06:00"}), {},
        utc("2026-01-01T00:00"), utc("2028-01-01T00:00"));
    ASSERT_TRUE(openings.ok());
    const std::string bytes = encode_openings(*openings);
    const OpeningsView view = *OpeningsView::open(bytes);
    for (std::size_t i = 1; i < openings->offsets.size(); ++i) {
      const Instant change = openings->offsets[i].at;
      for (Instant at = change - 3 * kSecondsOfDay; at < change + 3 * kSecondsOfDay; at += 300) {
        const WallSeconds wall = view.wall_at(at);
        const auto day = static_cast<int>((wall / kSecondsOfDay + 3) % 7);  // 0 is Monday
        const auto minute = static_cast<int>(wall % kSecondsOfDay / 60);
        const bool open = (day < 5 && minute >= 540 && minute < 1020) ||
                          (day == 4 && minute >= 1320) || (day == 5 && minute < 120) ||
                          (day == 6 && minute >= 180 && minute < 360);
        EXPECT_EQ(view.state_at(at)->open, open) << zone << " " << wall_time_text(wall);
      }
    }
  }
}

}  // namespace
}  // namespace plivo_dial::test
