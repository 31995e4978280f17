// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/zone_offsets.h"

#include <gtest/gtest.h>

#include <vector>

namespace plivo_dial {
namespace {

WallSeconds wall(const char* text) {
  return *parse_wall_time(text);
}

Instant utc(const char* text) {
  return *parse_wall_time(text);
}

// America/New_York in 2026.
const std::vector<OffsetChange> kNewYork = {
    {utc("2025-11-02T06:00"), -5 * 3600},
    {utc("2026-03-08T07:00"), -4 * 3600},
    {utc("2026-11-01T06:00"), -5 * 3600},
};

Instant meant(const char* text, WallMeaning meaning) {
  return instant_of(kNewYork, wall(text), meaning);
}

TEST(ZoneOffsets, ShowWhatClocksShow) {
  EXPECT_EQ(wall_of(kNewYork, utc("2020-01-01T12:00")), wall("2020-01-01T07:00"));
  EXPECT_EQ(wall_of(kNewYork, utc("2026-03-08T07:00") - 1), wall("2026-03-08T02:00") - 1);
  EXPECT_EQ(wall_of(kNewYork, utc("2026-03-08T07:00")), wall("2026-03-08T03:00"));
  EXPECT_EQ(wall_of(kNewYork, utc("2026-11-01T06:00") - 1), wall("2026-11-01T02:00") - 1);
  EXPECT_EQ(wall_of(kNewYork, utc("2026-11-01T06:00")), wall("2026-11-01T01:00"));
  EXPECT_EQ(wall_of(kNewYork, utc("2030-07-01T12:00")), wall("2030-07-01T07:00"));
}

TEST(ZoneOffsets, AgreeOnTimesShownOnce) {
  for (const auto meaning : {WallMeaning::kOpening, WallMeaning::kClosing, WallMeaning::kEvent}) {
    EXPECT_EQ(meant("2020-06-01T12:00", meaning), utc("2020-06-01T17:00"));
    EXPECT_EQ(meant("2026-01-01T12:00", meaning), utc("2026-01-01T17:00"));
    EXPECT_EQ(meant("2026-03-08T01:59", meaning), utc("2026-03-08T06:59"));
    EXPECT_EQ(meant("2026-03-08T03:00", meaning), utc("2026-03-08T07:00"));
    EXPECT_EQ(meant("2026-07-01T12:00", meaning), utc("2026-07-01T16:00"));
    EXPECT_EQ(meant("2026-11-01T00:59", meaning), utc("2026-11-01T04:59"));
    EXPECT_EQ(meant("2026-11-01T02:00", meaning), utc("2026-11-01T07:00"));
    EXPECT_EQ(meant("2030-12-01T12:00", meaning), utc("2030-12-01T17:00"));
  }
}

TEST(ZoneOffsets, TakeTimesThatAreNeverShown) {
  EXPECT_EQ(meant("2026-03-08T02:30", WallMeaning::kOpening), utc("2026-03-08T07:00"));
  EXPECT_EQ(meant("2026-03-08T02:30", WallMeaning::kClosing), utc("2026-03-08T07:00"));
  EXPECT_EQ(meant("2026-03-08T02:00", WallMeaning::kClosing), utc("2026-03-08T07:00"));
  EXPECT_EQ(meant("2026-03-08T02:30", WallMeaning::kEvent), utc("2026-03-08T07:30"));
  EXPECT_EQ(meant("2026-03-08T02:00", WallMeaning::kEvent), utc("2026-03-08T07:00"));
}

TEST(ZoneOffsets, TakeTimesThatAreShownTwice) {
  EXPECT_EQ(meant("2026-11-01T01:30", WallMeaning::kOpening), utc("2026-11-01T05:30"));
  EXPECT_EQ(meant("2026-11-01T01:30", WallMeaning::kClosing), utc("2026-11-01T06:30"));
  EXPECT_EQ(meant("2026-11-01T01:30", WallMeaning::kEvent), utc("2026-11-01T05:30"));
  EXPECT_EQ(meant("2026-11-01T01:00", WallMeaning::kOpening), utc("2026-11-01T05:00"));
  EXPECT_EQ(meant("2026-11-01T01:00", WallMeaning::kEvent), utc("2026-11-01T05:00"));
}

// Open is who, by the clock on the wall, is within the hours: for every pair of times and instant.
TEST(ZoneOffsets, OpenAndCloseByTheClockOnTheWall) {
  const Instant first = utc("2026-11-01T03:00");
  for (const char* const day : {"2026-03-08T00:00", "2026-11-01T00:00"}) {
    for (WallSeconds time = wall(day); time <= wall(day) + 4 * 3600; time += 600) {
      const Instant opening = instant_of(kNewYork, time, WallMeaning::kOpening);
      const Instant closing = instant_of(kNewYork, time, WallMeaning::kClosing);
      EXPECT_GE(wall_of(kNewYork, opening), time);
      EXPECT_LT(wall_of(kNewYork, opening - 1), time);
      for (Instant later = closing; later < closing + 7200; later += 300) {
        EXPECT_GE(wall_of(kNewYork, later), time);
      }
      EXPECT_LT(wall_of(kNewYork, closing - 1), time);
      EXPECT_LE(opening, closing);
    }
  }
  EXPECT_LT(first, kNewYork.back().at);
}

TEST(ZoneOffsets, NeedNoChanges) {
  const std::vector<OffsetChange> kolkata = {{0, 19'800}};
  for (const auto meaning : {WallMeaning::kOpening, WallMeaning::kClosing, WallMeaning::kEvent}) {
    EXPECT_EQ(instant_of(kolkata, wall("2026-06-01T12:00"), meaning), utc("2026-06-01T06:30"));
  }
}

}  // namespace
}  // namespace plivo_dial
