// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/clock_span.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/schedule/date_text.h"
#include "lib/schedule/weekdays.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ClockSpan, IsReadAndWritten) {
  EXPECT_THAT(*parse_clock_spans("09:00-12:30,13:30-18:00"),
              ElementsAre(ClockSpan{540, 750}, ClockSpan{810, 1080}));
  EXPECT_THAT(*parse_clock_spans("9:00 - 12:30 , 13:30-18:00"),
              ElementsAre(ClockSpan{540, 750}, ClockSpan{810, 1080}));
  EXPECT_THAT(*parse_clock_spans("13:30-18:00,9:00-12:30"),
              ElementsAre(ClockSpan{540, 750}, ClockSpan{810, 1080}))
      << "by their beginning";
  EXPECT_EQ(parse_clock_spans("09:00-12:00,12:00-13:00")->size(), 2u);
  EXPECT_EQ(to_string(ClockSpan{540, 750}), "09:00-12:30");
}

TEST(ClockSpan, GoesOverMidnight) {
  EXPECT_THAT(*parse_clock_spans("22:00-02:00"), ElementsAre(ClockSpan{1320, 1560}));
  EXPECT_THAT(*parse_clock_spans("22:00-24:00"), ElementsAre(ClockSpan{1320, 1440}));
  EXPECT_THAT(*parse_clock_spans("22:00-00:00"), ElementsAre(ClockSpan{1320, 1440}));
  EXPECT_THAT(*parse_clock_spans("00:00-24:00"), ElementsAre(ClockSpan{0, 1440}));
  EXPECT_EQ(to_string(ClockSpan{1320, 1560}), "22:00-02:00");
  EXPECT_EQ(to_string(ClockSpan{0, 1440}), "00:00-24:00");
}

TEST(ClockSpan, SaysWhatATimeLooksLike) {
  for (const char* const text : {"9-17", "9am-5pm", "09.00-17.00", "25:00-26:00", "09:60-10:00",
                                 "09:0-10:00", "009:00-10:00", "-", "09:00-", "24:01-05:00",
                                 "09:00-10:00,", "", "09:00-10:00-11:00", "0x:00-10:00"}) {
    const auto spans = parse_clock_spans(text);
    ASSERT_FALSE(spans.ok()) << text;
    EXPECT_THAT(spans.error().message, HasSubstr("such as 09:00")) << text;
  }
}

TEST(ClockSpan, RefusesNoLengthAndOverlaps) {
  EXPECT_EQ(parse_clock_spans("10:00-10:00").error().message,
            "\"10:00-10:00\" has no length; a whole day is 00:00-24:00");
  EXPECT_THAT(parse_clock_spans("24:00-02:00").error().message, HasSubstr("write 00:00"));
  EXPECT_EQ(parse_clock_spans("09:00-12:00,11:59-13:00").error().message,
            "11:59-13:00 overlaps with 09:00-12:00; join them, or let one end where the other "
            "begins");
  EXPECT_FALSE(parse_clock_spans("22:00-02:00,23:00-23:30").ok());
}

TEST(Weekdays, AreReadAsRangesAndLists) {
  EXPECT_EQ(*parse_weekdays("Mon"), 0b0000001);
  EXPECT_EQ(*parse_weekdays("Mon-Fri"), 0b0011111);
  EXPECT_EQ(*parse_weekdays("Sat-Mon"), 0b1100001) << "over the end of the week";
  EXPECT_EQ(*parse_weekdays("Mon-Sun"), 0b1111111);
  EXPECT_EQ(*parse_weekdays("Tue-Mon"), 0b1111111);
  EXPECT_EQ(*parse_weekdays("Mon,Wed-Fri"), 0b0011101);
  EXPECT_EQ(*parse_weekdays("mon , SUN"), 0b1000001);
  EXPECT_EQ(*parse_weekdays("Fri-Fri"), 0b0010000);
  EXPECT_TRUE(has_day(0b0010000, 4));
  EXPECT_FALSE(has_day(0b0010000, 5));
}

TEST(Weekdays, ProposeTheNearest) {
  EXPECT_EQ(parse_weekdays("Mon-Fry").error().message,
            "\"Fry\" is no day of the week; did you mean Fri?");
  EXPECT_EQ(parse_weekdays("Monday").error().message,
            "\"Monday\" is no day of the week; did you mean Mon?");
  EXPECT_EQ(parse_weekdays("xyzzy").error().message,
            "\"xyzzy\" is no day of the week; there are: Mon, Tue, Wed, Thu, Fri, Sat, Sun");
  EXPECT_THAT(parse_weekdays("Mon,").error().message, HasSubstr("a day is missing"));
  EXPECT_THAT(parse_weekdays("Mon-").error().message, HasSubstr("a day is missing"));
}

TEST(DateText, IsReadAndWritten) {
  ASSERT_TRUE(parse_date("2026-12-24"));
  EXPECT_EQ(date_text(*parse_date("2026-12-24")), "2026-12-24");
  EXPECT_TRUE(parse_date("2028-02-29"));
  for (const char* const text : {"2026-02-29", "2026-13-01", "2026-00-10", "1969-12-31", "26-12-24",
                                 "2026-12-24T", "2026/12/24", "", "2026-1-24 ", "20x6-12-24"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
  EXPECT_EQ(*parse_wall_time("1970-01-02T00:01"), 86'460);
  EXPECT_EQ(*parse_wall_time("1970-01-02 00:01"), 86'460);
  EXPECT_EQ(*parse_wall_time("1970-01-01T24:00"), 86'400);
  EXPECT_FALSE(parse_wall_time("1970-01-02"));
  EXPECT_FALSE(parse_wall_time("1970-01-02x00:01"));
  EXPECT_FALSE(parse_wall_time("1970-01-02T00:01:00"));
  EXPECT_FALSE(parse_wall_time("1970"));
  EXPECT_EQ(wall_time_text(86'460), "1970-01-02T00:01");
  EXPECT_EQ(wall_time_text(86'461), "1970-01-02T00:01:01");
  EXPECT_EQ(wall_time_text(-60), "1969-12-31T23:59");
}

}  // namespace
}  // namespace plivo_dial
