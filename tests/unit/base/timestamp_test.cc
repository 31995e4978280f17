// SPDX-License-Identifier: Apache-2.0
#include "lib/base/timestamp.h"

#include <gtest/gtest.h>

namespace plivo_dial {
namespace {

struct Row {
  std::int64_t microseconds;
  const char* text;
};
constexpr Row kRows[] = {
    {0, "1970-01-01T00:00:00.000000Z"},
    {1, "1970-01-01T00:00:00.000001Z"},
    {951'782'400'000'000, "2000-02-29T00:00:00.000000Z"},
    {1'763'630'102'184'467, "2025-11-20T09:15:02.184467Z"},
    {253'402'300'799'999'999, "9999-12-31T23:59:59.999999Z"},
};

TEST(Timestamp, GoesBothWays) {
  for (const Row& row : kRows) {
    EXPECT_EQ(format_timestamp(row.microseconds), row.text);
    EXPECT_EQ(parse_timestamp(row.text), row.microseconds);
  }
}

TEST(Timestamp, IsHeldToFourDigitYears) {
  EXPECT_EQ(format_timestamp(INT64_MIN), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_timestamp(INT64_MAX), "9999-12-31T23:59:59.999999Z");
}

TEST(Timestamp, ReadsShorterFractions) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:01Z"), 1'000'000);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:01.5Z"), 1'500'000);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:01.000020Z"), 1'000'020);
}

TEST(Timestamp, RefusesEverythingElse) {
  for (const char* text : {"",
                           "Z",
                           "2025-11-20",
                           "2025-11-20T09:15:02",
                           "2025-11-20T09:15:0Z",
                           "2025-11-20T09:15:02,5Z",
                           "2025-11-20 09:15:02Z",
                           "2025-11-20T09:15:02+00:00",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-10T00:00:00Z",
                           "2025-11-00T00:00:00Z",
                           "2025-11-20T24:00:00Z",
                           "2025-11-20T23:60:00Z",
                           "2025-11-20T23:59:60Z",
                           "1969-12-31T23:59:59Z",
                           "2025-11-20T09:15:02.Z",
                           "2025-11-20T09:15:02.1234567Z",
                           "2025-11-20T09:15:02.-1Z",
                           "2025-11-20T-1:15:02Z",
                           "2025-11-20T09:15:0xZ",
                           "2025-11-20T09:15:02ZZ",
                           "+025-11-20T09:15:02Z"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace plivo_dial
