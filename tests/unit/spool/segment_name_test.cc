// SPDX-License-Identifier: Apache-2.0
#include "lib/spool/segment_name.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

namespace plivo_dial {
namespace {

TEST(SegmentName, PrefixTellsTheProcess) {
  const Result<std::string> prefix = segment_name_prefix();
  ASSERT_TRUE(prefix.ok());
  EXPECT_THAT(*prefix, testing::HasSubstr("-" + std::to_string(getpid()) + "-"));
  EXPECT_TRUE(is_segment_name(*prefix + "0.seg")) << *prefix;
}

TEST(SegmentName, KnowsItsOwn) {
  EXPECT_TRUE(is_segment_name("0123abcd-1-2-3.seg"));
  for (const char* other :
       {"0123abcd-1-2-3.tmp", "0123abcd-1-2-3", "0123abcd-1-2.seg", "0123abcd-1-2-3-4.seg",
        "0123abc-1-2-3.seg", "0123abcg-1-2-3.seg", "0123abcd--2-3.seg", "0123abcd-1-2-.seg",
        "0123abcd-1-x-3.seg", ".seg", "", "../0123abcd-1-2-3.seg"}) {
    EXPECT_FALSE(is_segment_name(other)) << other;
  }
}

TEST(SegmentName, ComesInTheOrderInWhichItWasMade) {
  std::vector<std::string> names = {"0123abcd-7-2-10.seg", "0123abcd-7-2-9.seg",
                                    "0123abcd-7-2-100.seg", "0123abcd-12-1-0.seg",
                                    "0123abcd-7-10-0.seg"};
  std::sort(names.begin(), names.end(), segment_name_less);
  EXPECT_THAT(names, testing::ElementsAre("0123abcd-7-2-9.seg", "0123abcd-7-2-10.seg",
                                          "0123abcd-7-2-100.seg", "0123abcd-7-10-0.seg",
                                          "0123abcd-12-1-0.seg"));
}

TEST(SegmentName, PartsThatAreMissingComeFirst) {
  EXPECT_FALSE(segment_name_less("0123abcd-7-2-9.seg", "0123abcd-7-2-9.seg"));
  EXPECT_TRUE(segment_name_less("0123abcd-7.seg", "0123abcd-7-2-9.seg"));
  EXPECT_FALSE(segment_name_less("0123abcd-7-2-9.seg", "0123abcd-7.seg"));
  EXPECT_TRUE(segment_name_less("0123abcd-7-2-9.seg", "0123abce-7-2-9.seg"));
}

TEST(SegmentName, IsKnownByTheUnfinishedOne) {
  EXPECT_EQ(unfinished_segment_name("/in/0123abcd-1-2-3.seg"), "/in/0123abcd-1-2-3.tmp");
  EXPECT_EQ(finished_segment_name("0123abcd-1-2-3.tmp"), "0123abcd-1-2-3.seg");
  EXPECT_EQ(finished_segment_name("0123abcd-1-2-3.seg"), "0123abcd-1-2-3.seg");
  EXPECT_EQ(finished_segment_name("other"), "other");
}

}  // namespace
}  // namespace plivo_dial
