// SPDX-License-Identifier: Apache-2.0
#include "lib/calendar/zone_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/calendar/calendar_zone.h"
#include "lib/calendar/windows_zones.h"
#include "tests/unit/calendar/calendar_fixture.h"

namespace plivo_dial {
namespace {

using test::utc;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ZoneTable, HasTheChangesOfThePeriod) {
  EXPECT_THAT(*zone_table("America/New_York", utc("2026-01-01T00:00"), utc("2027-01-01T00:00")),
              ElementsAre(OffsetChange{utc("2026-01-01T00:00"), -18'000},
                          OffsetChange{utc("2026-03-08T07:00"), -14'400},
                          OffsetChange{utc("2026-11-01T06:00"), -18'000}));
  EXPECT_THAT(*zone_table("Asia/Kolkata", 1'000'000'000, 1'900'000'000),
              ElementsAre(OffsetChange{1'000'000'000, 19'800}));
  EXPECT_EQ(zone_table("UTC", 0, 0)->size(), 1u);
}

TEST(ZoneTable, ProposesTheNearestName) {
  const auto refusal = [](std::string_view name) { return zone_table(name, 0, 0).error().message; };
  EXPECT_EQ(refusal("Europe/Londn"),
            "time zone \"Europe/Londn\" is unknown; did you mean Europe/London?");
  EXPECT_THAT(refusal("London"), HasSubstr("did you mean Europe/London?"));
  EXPECT_THAT(refusal("New York"), HasSubstr("did you mean America/New_York?"));
  EXPECT_THAT(refusal("europe/london"), HasSubstr("did you mean Europe/London?"));
  EXPECT_THAT(refusal("Pacific Standard Time"), HasSubstr("did you mean America/Los_Angeles?"));
  EXPECT_THAT(refusal("Nowhere at all"), HasSubstr("write an IANA name such as Europe/London"));
  for (const std::string_view name : {"", "../etc/passwd", "/etc/passwd", "right/UTC"}) {
    EXPECT_FALSE(is_zone(name)) << name;
  }
}

TEST(WindowsZones, StandForZonesThatThereAre) {
  EXPECT_EQ(iana_of_windows_zone("GMT Standard Time"), "Europe/London");
  EXPECT_EQ(iana_of_windows_zone("W. Europe Standard Time"), "Europe/Berlin");
  EXPECT_EQ(iana_of_windows_zone("Eastern Standard Time"), "America/New_York");
  EXPECT_EQ(iana_of_windows_zone("AUS Eastern Standard Time"), "Australia/Sydney");
  EXPECT_EQ(iana_of_windows_zone("Yukon Standard Time"), "America/Whitehorse");
  EXPECT_EQ(iana_of_windows_zone("Afghanistan Standard Time"), "Asia/Kabul") << "the first";
  EXPECT_EQ(iana_of_windows_zone("Europe/London"), "");
  EXPECT_EQ(iana_of_windows_zone(""), "");
  for (const std::string_view name :
       {"AUS Central Standard Time", "Romance Standard Time", "UTC", "UTC-11", "UTC+13",
        "Central America Standard Time", "Tokyo Standard Time"}) {
    EXPECT_TRUE(is_zone(iana_of_windows_zone(name))) << name;
  }
  // CLDR names these as they were called once, and a system may have the names of now alone.
  const std::pair<std::string_view, std::string_view> renamed[] = {
      {"Argentina Standard Time", "America/Argentina/Buenos_Aires"},
      {"US Eastern Standard Time", "America/Indiana/Indianapolis"},
      {"Greenland Standard Time", "America/Nuuk"},
      {"India Standard Time", "Asia/Kolkata"},
      {"Nepal Standard Time", "Asia/Kathmandu"},
      {"Myanmar Standard Time", "Asia/Yangon"},
      {"FLE Standard Time", "Europe/Kyiv"}};
  for (const auto& [windows, iana] : renamed) {
    EXPECT_EQ(iana_of_windows_zone(windows), iana);
    EXPECT_TRUE(is_zone(iana)) << iana;
  }
}

TEST(CalendarZone, IsFoundInWhatProgramsWrite) {
  const ZonePlaces places = {{"Office", "Europe/Paris"}, {"Elsewhere", "Atlantis"}};
  EXPECT_EQ(*zone_of_tzid("Europe/London", places), "Europe/London");
  EXPECT_EQ(*zone_of_tzid("\"GMT Standard Time\"", places), "Europe/London");
  EXPECT_EQ(*zone_of_tzid("/x.org/1/America/Argentina/Salta", places), "America/Argentina/Salta");
  EXPECT_EQ(*zone_of_tzid("tzone://Microsoft/Utc", places), "UTC");
  EXPECT_EQ(*zone_of_tzid("Office", places), "Europe/Paris");
  EXPECT_FALSE(zone_of_tzid("Elsewhere", places).ok());
  EXPECT_FALSE(zone_of_tzid("", places).ok());
}

}  // namespace
}  // namespace plivo_dial
