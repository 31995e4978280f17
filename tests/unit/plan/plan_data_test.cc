// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "lib/plan/plan.h"

namespace plivo_dial {
namespace {

TEST(StageAttribute, PrefersTheStageToTheDefaults) {
  Plan plan;
  plan.stages = {{{}, {{"timeout", "10"}}}, {{}, {}}};
  plan.dial_defaults = {{"timeout", "30"}, {"method", "GET"}};
  EXPECT_EQ(*stage_attribute(plan, plan.stages[0], "timeout"), "10");
  EXPECT_EQ(*stage_attribute(plan, plan.stages[1], "timeout"), "30");
  EXPECT_EQ(*stage_attribute(plan, plan.stages[0], "method"), "GET");
  EXPECT_EQ(stage_attribute(plan, plan.stages[0], "redirect"), nullptr);
}

TEST(LongestRinging, SumsTheTimeouts) {
  Plan plan;
  EXPECT_EQ(longest_ringing(plan), 0);
  plan.stages = {{{}, {{"timeout", "10"}}}, {{}, {}}};
  EXPECT_EQ(longest_ringing(plan), 130);
  plan.dial_defaults = {{"timeout", "25"}};
  EXPECT_EQ(longest_ringing(plan), 35);
}

}  // namespace
}  // namespace plivo_dial
