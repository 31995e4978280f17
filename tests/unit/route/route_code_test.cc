// SPDX-License-Identifier: Apache-2.0
#include "lib/route/route_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/route/route_samples.h"

namespace plivo_dial::test {
namespace {

std::vector<Route> sample_routes() {
  const ReadRouteMap read = read_map(
      "+14155550101 +14155550111\n"
      "+14155550102 - plan=sales\n"
      "+14155550103 - voicemail=on\n"
      "+14155550104 sip:a@example.com,+14155550111 voicemail=off callerid=caller timeout=86400\n"
      "+14155550105 +14155550111 callerid=called schedule=office plan=support\n"
      "+14155550106 +14155550111 callerid=+14155550100 timeout=127\n");
  EXPECT_TRUE(read.faults.empty()) << sentences_of(read.faults);
  std::vector<Route> routes;
  for (const RouteLine& line : read.map.lines) routes.push_back(line.route);
  routes.back().line = 4'294'967'295;
  Route large;
  large.plan = std::string(300, 'p');
  for (int i = 0; i < 200; ++i) {
    large.targets.push_back({Target::Kind::kNumber, "+" + std::to_string(14'155'550'000 + i), {}});
  }
  routes.push_back(large);
  return routes;
}

// Reads all of a view, and gives what it takes.
std::size_t read_all(const RouteView& view) {
  std::size_t sum = view.caller_number.size() + view.schedule.size() + view.plan.size();
  for (RouteTargets rest = view.targets; rest.size() > 0;) sum += rest.take_first().size();
  return sum;
}

TEST(RouteCode, GivesBackWhatWasPutIn) {
  for (const Route& route : sample_routes()) {
    const std::string bytes = encode_route(route);
    const std::optional<RouteView> view = decode_route(bytes);
    ASSERT_TRUE(view.has_value());
    EXPECT_EQ(to_route(*view), route);
    EXPECT_EQ(view->targets.size(), route.targets.size());
  }
}

TEST(RouteCode, IsShort) {
  EXPECT_EQ(encode_route(sample_routes()[0]).size(), 21u);
}

TEST(RouteCode, CutShortIsNoRoute) {
  for (const Route& route : sample_routes()) {
    const std::string whole = encode_route(route);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::vector<char> bytes(whole.begin(),
                                    whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(decode_route({bytes.data(), bytes.size()}).has_value()) << size;
    }
    EXPECT_FALSE(decode_route(whole + '\0').has_value()) << "nor with more behind it";
  }
}

TEST(RouteCode, WithEachByteChangedIsReadWithinItsBytes) {
  for (const Route& route : sample_routes()) {
    const std::string whole = encode_route(route);
    for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 80); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::vector<char> bytes(whole.begin(), whole.end());
        bytes[at] = static_cast<char>(byte);
        const auto view = decode_route({bytes.data(), bytes.size()});
        EXPECT_LE(view ? read_all(*view) : 0, bytes.size());
      }
    }
  }
}

TEST(RouteCode, OfAnotherFormatIsNoRoute) {
  std::string bytes = encode_route(sample_routes()[0]);
  bytes[0] = 2;
  EXPECT_FALSE(decode_route(bytes).has_value());
  EXPECT_FALSE(decode_route("").has_value());
  EXPECT_FALSE(decode_route("5").has_value());
}

TEST(RouteCode, WithANumberThatNeverEndsIsNoRoute) {
  EXPECT_FALSE(decode_route("\x01" + std::string("\0", 1) + std::string(20, '\xFF')).has_value());
  EXPECT_FALSE(decode_route("\x01" + std::string("\0", 1) + "\xFF\xFF\xFF\xFF\x1F").has_value());
}

}  // namespace
}  // namespace plivo_dial::test
