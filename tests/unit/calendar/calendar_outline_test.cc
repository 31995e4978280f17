// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/calendar_outline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

TEST(CalendarOutline, TellsWhereEachPropertyStands) {
  const CalendarOutline outline = outline_calendar(
      "begin:vcalendar\n\nBEGIN:VEVENT\nDTSTART;X=\"a:b\":2026\n 1201\nexdate:1,2,\n\t3\nEXDATE:4\n"
      "BEGIN:VALARM\nDTSTART:1\nEND:VALARM\nEND:VEVENT\nBEGIN:VTODO\nDTSTART:1\nEND:VTODO\n"
      "BEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR");
  ASSERT_TRUE(outline.faults.none()) << outline.faults.lines("x").front();
  ASSERT_EQ(outline.events.size(), 2u);
  const EventLines& event = outline.events[0];
  EXPECT_EQ(event.line, 3);
  EXPECT_EQ(event.lines("DTSTART"), 1u);
  EXPECT_EQ(event.line_of("DTSTART"), 4);
  EXPECT_EQ(event.text_of("DTSTART"), "20261201");
  EXPECT_EQ(event.lines("EXDATE"), 2u);
  EXPECT_EQ(event.values("EXDATE"), 4u);
  EXPECT_EQ(event.line_of("EXDATE"), 6);
  EXPECT_EQ(event.line_of("RRULE"), 3) << "of the event, without one";
  EXPECT_EQ(event.text_of("RRULE"), "");
  EXPECT_EQ(outline.events[1].line, 16);
}

TEST(CalendarOutline, HasLimits) {
  std::string deep = "BEGIN:VCALENDAR\n";
  for (int i = 0; i < 8; ++i) deep += "BEGIN:X\n";
  EXPECT_EQ(outline_calendar(deep).faults.first().front(),
            (FileFault{9, "components are nested too deep"}));
  std::string many = "BEGIN:VCALENDAR\n";
  for (std::size_t i = 0; i <= kMostEvents; ++i) many += "BEGIN:VEVENT\nEND:VEVENT\n";
  EXPECT_EQ(outline_calendar(many).faults.first().front().message,
            "more than 20000 events; take out those that are over");
}

}  // namespace
}  // namespace plivo_dial
