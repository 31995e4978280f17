// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/override_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

using testing::HasSubstr;

TEST(Override, IsRead) {
  const WallSeconds eve = *parse_wall_time("2026-12-24T15:00");
  EXPECT_EQ(*parse_override("closed"), (Override{false, std::nullopt}));
  EXPECT_EQ(*parse_override("Open\r\n"), (Override{true, std::nullopt}));
  EXPECT_EQ(*parse_override("closed until 2026-12-24T15:00\n"), (Override{false, eve}));
  EXPECT_EQ(*parse_override("open  until\t2026-12-24 15:00 # party"), (Override{true, eve}));
  for (const char* const text : {"", "\n", "auto", "AUTO\n", "# note\n\n", "  \r\n"}) {
    EXPECT_EQ(*parse_override(text), Override()) << text;
  }
}

TEST(Override, IsRefusedWithValueAndRemedy) {
  struct Refusal {
    const char* content;
    const char* message;
  };
  const Refusal refusals[] = {
      {"close", "\"close\" is unknown; did you mean closed?"},
      {"yes", "\"yes\" is unknown; write closed, open,"},
      {"auto until 2026-12-24T15:00", "is unknown; write closed"},
      {"until 2026-12-24T15:00", "is unknown"},
      {"closed 2026-12-24T15:00", "does not say until when; write until 2026-12-24T15:00"},
      {"closed until", "does not say until when"},
      {"closed untill 2026-12-24T15:00", "does not say until when"},
      {"closed until 15:00", "\"15:00\" is no time; write date, T, hours and minutes"},
      {"closed until 2026-12-24", "\"2026-12-24\" is no time"},
      {"closed until 2026-12-24T15:00Z", "without an offset"},
      {"closed until 2026-12-24T15:00+01:00", "without an offset"},
      {"closed until 2026-12-24T15:00:00", "without seconds"},
      {"closed until 2026-02-30T15:00", "is no time"},
      {"open\nclosed\n", "two lines say something, \"open\" and \"closed\"; leave one of them"},
  };
  for (const Refusal& refusal : refusals) {
    const auto override = parse_override(refusal.content);
    ASSERT_FALSE(override.ok()) << refusal.content;
    EXPECT_THAT(override.error().message, HasSubstr(refusal.message));
  }
  EXPECT_THAT(parse_override(std::string(kLargestOverrideFile + 1, ' ')).error().message,
              HasSubstr("more than 1024 bytes"));
  EXPECT_TRUE(parse_override(std::string(kLargestOverrideFile, ' ')).ok());
}

TEST(Override, HoldsUntilTheClockOnTheWallSaysSo) {
  const Instant back = *parse_wall_time("2026-11-01T06:00");  // New York's clocks, in UTC
  const std::string bytes = encode_openings({back - 86'400,
                                             back + 86'400,
                                             {{0, -14'400}, {back, -18'000}},
                                             {{back - 86'400, true, 0}},
                                             {"x"}});
  const OpeningsView view = *OpeningsView::open(bytes);
  const auto at = [&view](const char* content, Instant instant) {
    return overridden(*parse_override(content), view, instant);
  };
  EXPECT_EQ(at("closed", back), false);
  EXPECT_EQ(at("open", back), true);
  EXPECT_EQ(at("auto", back), std::nullopt);
  EXPECT_EQ(at("closed until 2026-10-31T12:00", *parse_wall_time("2026-10-31T15:59")), false);
  EXPECT_EQ(at("closed until 2026-10-31T12:00", *parse_wall_time("2026-10-31T16:00")),
            std::nullopt);
  EXPECT_EQ(at("open until 2026-11-01T01:30", back - 1800), true) << "the first 01:30 of two";
  EXPECT_EQ(at("open until 2026-11-01T01:30", back + 1799), true);
  EXPECT_EQ(at("open until 2026-11-01T01:30", back + 1800), std::nullopt);
  EXPECT_EQ(at("closed until 2030-01-01T00:00", back), false) << "behind what the table knows";
}

}  // namespace
}  // namespace plivo_dial
