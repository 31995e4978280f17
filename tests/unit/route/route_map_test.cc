// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Route only_route(std::string_view line) {
  const ReadRouteMap read = read_map(line);
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  return read.map.lines.size() == 1 ? read.map.lines[0].route : Route();
}

RouteKey key_of(std::string_view word) {
  const ReadRouteMap read = read_map(std::string(word) + " +14155550111");
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  return read.map.lines.size() == 1 ? read.map.lines[0].key : RouteKey();
}

TEST(RouteMap, HasALineOfEachKind) {
  const ReadRouteMap read = read_map(
      "# number       targets\n"
      "+14155550199   +14155550111,sip:desk@phone.plivo.com  callerid=called schedule=office "
      "voicemail=on plan=sales timeout=20  # Jane\n"
      "from:+4930*    +14155550133\r\n"
      "\n"
      "forwarded:+442079460000\t-\tvoicemail=on\n");
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  ASSERT_THAT(read.map.lines, SizeIs(3));
  const RouteLine& first = read.map.lines[0];
  EXPECT_EQ(first.key, (RouteKey{RouteKey::Kind::kCalled, {"14155550199", false}}));
  const Route expected{{{Target::Kind::kNumber, "+14155550111", {}},
                        {Target::Kind::kUser, "sip:desk@phone.plivo.com", {}}},
                       {CallerId::Kind::kCalled, ""},
                       "office",
                       true,
                       "sales",
                       20,
                       2};
  EXPECT_EQ(first.route, expected);
  EXPECT_EQ(to_string(read.map.lines[1].key), "from:+4930*");
  EXPECT_EQ(read.map.lines[1].route.line, 3u);
  EXPECT_EQ(to_string(read.map.lines[2].key), "forwarded:+442079460000");
  EXPECT_THAT(read.map.lines[2].route.targets, IsEmpty());
}

TEST(RouteMap, KnowsCallsByThreeNumbers) {
  using Kind = RouteKey::Kind;
  EXPECT_EQ(key_of("+14155550199"), (RouteKey{Kind::kCalled, {"14155550199", false}}));
  EXPECT_EQ(key_of("+1415*"), (RouteKey{Kind::kCalled, {"1415", true}}));
  EXPECT_EQ(key_of("from:+14155550199"), (RouteKey{Kind::kCaller, {"14155550199", false}}));
  EXPECT_EQ(key_of("From:+1415*"), (RouteKey{Kind::kCaller, {"1415", true}}));
  EXPECT_EQ(key_of("from:anonymous"), (RouteKey{Kind::kCaller, {"anonymous", false}}));
  EXPECT_EQ(key_of("forwarded:+1415*"), (RouteKey{Kind::kForwarded, {"1415", true}}));
}

TEST(RouteMap, HasOptionsInAnyOrder) {
  const Route route =
      only_route("+14155550199 - timeout=45 plan=support voicemail=Off callerId=+14155550100");
  EXPECT_EQ(route.timeout, 45u);
  EXPECT_EQ(route.plan, "support");
  EXPECT_EQ(route.voicemail, false);
  EXPECT_EQ(route.caller_id, (CallerId{CallerId::Kind::kNumber, "+14155550100"}));
  EXPECT_EQ(route.schedule, "");
}

TEST(RouteMap, LeavesOpenWhatALineDoesNotSay) {
  const Route route = only_route("+14155550199 +14155550111");
  EXPECT_EQ(route.voicemail, std::nullopt);
  EXPECT_EQ(route.caller_id, CallerId());
  EXPECT_EQ(route.timeout, 0u);
}

TEST(RouteMap, TakesSipTargetsWithPortsAndParameters) {
  const Route route = only_route(
      "+14155550199 sip:alice@pbx.example.com:5061;transport=tls,+14155550111 timeout=5");
  ASSERT_THAT(route.targets, SizeIs(2));
  EXPECT_EQ(route.targets[0].address, "sip:alice@pbx.example.com:5061;transport=tls");
  EXPECT_EQ(route.targets[0].kind, Target::Kind::kUser);
}

TEST(RouteMap, TakesNamesAsTheyAreWhereNoneAreKnown) {
  const ReadRouteMap read = read_route_map("+14155550199 - plan=other schedule=another", nullptr);
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  EXPECT_EQ(read.map.lines.at(0).route.plan, "other");
}

TEST(RouteMap, MayBeEmpty) {
  const ReadRouteMap read = read_map("# nothing yet\n");
  EXPECT_TRUE(read.faults.empty());
  EXPECT_THAT(read.map.lines, IsEmpty());
}

TEST(RouteMap, TellsWhatIsUnusual) {
  const ReadRouteMap read = read_map("\xEF\xBB\xBF+14155550199 +14155550111\r\n");
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  EXPECT_THAT(read.map.lines, SizeIs(1));
  EXPECT_THAT(read.remarks, SizeIs(2));
}

TEST(RouteMap, MayHaveOneHundredThousandLines) {
  const ReadRouteMap read = read_map(map_of(100'000));
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  ASSERT_THAT(read.map.lines, SizeIs(100'000));
  EXPECT_EQ(to_string(read.map.lines.back().key), "+14155099999");
}

TEST(RouteMap, OfFaultsOnlyIsReadToItsEnd) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "415" + std::to_string(5'000'000 + i) + " 415\n";
  const ReadRouteMap read = read_map(text);
  EXPECT_EQ(read.faults.count(), 200'000u) << "each line has two";
  EXPECT_THAT(read.faults.told(), SizeIs(Faults::kMostTold));
  EXPECT_EQ(read.faults.sentences("map").back(),
            "map: 199900 more faults are not shown; mend those above first");
  EXPECT_THAT(read.map.lines, IsEmpty());
}

}  // namespace
}  // namespace plivo_dial::test
