// SPDX-License-Identifier: Apache-2.0
#include "lib/compile/mixed_circles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/compile/compile_fixture.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MixedCircles : public CompileFixture {
 protected:
  std::vector<std::string> remarks() {
    const auto tables = compile_tables(config_, kCompileNow);
    EXPECT_TRUE(tables) << tables.error().message;
    return tables ? tables->remarks : std::vector<std::string>();
  }
};

TEST_F(MixedCircles, AreFoundOverAMapAndASection) {
  add_map("+14155550101 +14155550102\n");
  config_.dials = {{"+14155550102", {"+14155550109", "+14155550101"}, "/a.conf:9"}};
  EXPECT_THAT(remarks(),
              ElementsAre(AllOf(HasSubstr("+14155550101 (" + config_.maps[0].path + ":1)"),
                                HasSubstr("+14155550102 (/a.conf:9)"), HasSubstr("in a circle"))));
}

TEST_F(MixedCircles, AreFoundThroughAPlan) {
  add_map("+14155550101 - plan=sales\n", {"sales"});
  config_.dials = {{"sales", {"+14155550101"}, "/a.conf:9"}};
  EXPECT_THAT(remarks(), ElementsAre(HasSubstr("+14155550101 (" + config_.maps[0].path +
                                               ":1) > +14155550101")));
  const RouteMap map =
      read_route_map("+14155550101 - plan=sales\n+14155550102 +14155550101\n", nullptr).map;
  const std::string path = "/m";
  config_.dials = {{"sales", {"+14155550103"}, "/a.conf:9"},
                   {"+14155550103", {"+14155550102"}, "/a.conf:11"}};
  EXPECT_THAT(mixed_circles({{&path, &map}}, config_.dials), ElementsAre(HasSubstr("/a.conf:11")));
}

TEST_F(MixedCircles, AreFoundOverTwoMaps) {
  add_map("+14155550101 +14155550102\n");
  add_map("+14155550102 +14155550101\n");
  EXPECT_THAT(remarks(), ElementsAre(HasSubstr("in a circle")));
}

TEST_F(MixedCircles, ChainsAreNone) {
  add_map("+14155550101 +14155550102\n+14155550103 +14155550102\n");
  add_map("+14155550102 +14155550104\n");
  config_.dials = {{"+14155550104", {"+14155550105"}, "/a.conf:9"},
                   {"sales", {"+14155550101"}, "/a.conf:11"}};
  EXPECT_THAT(remarks(), IsEmpty());
}

// The section of a number goes before the line of a map.
TEST_F(MixedCircles, LineThatIsNeverLookedUpIsNotCounted) {
  add_map("+14155550101 +14155550102\n+14155550102 +14155550109\n");
  config_.dials = {{"+14155550101", {"+14155550108"}, "/a.conf:9"},
                   {"+14155550109", {"+14155550101"}, "/a.conf:10"}};
  EXPECT_THAT(remarks(), IsEmpty());
}

}  // namespace
}  // namespace plivo_dial
