// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_circles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RouteMap map_from(std::string_view text) {
  ReadRouteMap read = read_map(text);
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  return std::move(read.map);
}

std::vector<std::string> circles_in(std::string_view text) {
  const RouteMap map = map_from(text);
  std::vector<std::string> all;
  for (const RouteCircle& circle : circles(map)) {
    const Fault fault = fault_of(map, circle);
    all.push_back(std::to_string(fault.line) + ": " + fault.message);
  }
  return all;
}

TEST(RouteCircles, AreNotFoundWhereThereAreNone) {
  EXPECT_THAT(circles_in("+14155550101 +14155550102,+14155550103\n"
                         "+14155550102 +14155550103\n"
                         "+14155550103 +14155550109\n"),
              IsEmpty());
  EXPECT_THAT(circles_in(""), IsEmpty());
  EXPECT_THAT(circles_in("+1415* +14155550102\n+14155550102 +14155550103\n"), IsEmpty());
  EXPECT_THAT(circles_in("from:+14155550101 +14155550102\n+14155550102 +14155550101\n"), IsEmpty());
}

TEST(RouteCircles, OfTwoAreTold) {
  EXPECT_THAT(circles_in("+14155550101 +14155550109,+14155550102\n\n"
                         "+14155550102 sip:a@example.com,+14155550101\n"),
              ElementsAre("1: +14155550101 calls +14155550102 (line 3), which calls +14155550101 "
                          "again: a call would go round in a circle; take one of these targets "
                          "out"));
}

TEST(RouteCircles, AreFoundBehindATailAndBesideEachOther) {
  const auto all = circles_in(
      "+14155550100 +14155550101\n"
      "+14155550101 +14155550102\n"
      "+14155550102 +14155550103\n"
      "+14155550103 +14155550101,+14155550100\n"
      "+14155550104 +14155550105\n"
      "+14155550105 +14155550104\n");
  EXPECT_THAT(all, SizeIs(3));
}

TEST(RouteCircles, OfManyAreToldInShort) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) {
    text += "+1415" + std::to_string(5'000'000 + i) + " +1415" +
            std::to_string(5'000'000 + (i + 1) % 100'000) + "\n";
  }
  const auto all = circles_in(text);
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_EQ(all[0],
            "1: +14155000000 calls +14155000001 (line 2), which calls +14155000002 (line 3), which "
            "calls +14155000003 (line 4), which calls +14155000004 (line 5), which calls 99995 "
            "others one after the other, which call +14155000000 again: a call would go round in a "
            "circle; take one of these targets out");
}

TEST(RouteCircles, AreAtMostOneHundred) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    const std::string one = "+1415" + std::to_string(5'000'000 + i);
    const std::string other = "+1416" + std::to_string(5'000'000 + i);
    text += one + " " + other + "\n" + other + " " + one + "\n";
  }
  EXPECT_THAT(circles_in(text), SizeIs(kMostCircles));
}

}  // namespace
}  // namespace plivo_dial::test
