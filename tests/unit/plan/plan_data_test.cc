// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "lib/plan/plan.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

TEST(StageAttribute, PrefersTheStageToTheDefaults) {
  Plan plan;
  plan.stages = {{{}, {{"timeout", "10"}}}, {{}, {}}};
  plan.dial_defaults = {{"timeout", "30"}, {"method", "GET"}};
  EXPECT_EQ(*stage_attribute(plan, plan.stages[0], "timeout"), "10");
  EXPECT_EQ(*stage_attribute(plan, plan.stages[1], "timeout"), "30");
  EXPECT_EQ(*stage_attribute(plan, plan.stages[0], "method"), "GET");
  EXPECT_EQ(stage_attribute(plan, plan.stages[0], "redirect"), nullptr);
}

std::string verdict_on_stage(const Attributes& defaults, const Attributes& own) {
  Plan plan;
  plan.dial_defaults = defaults;
  const Result<void> checked = check_stage(plan, Stage{{}, own});
  return checked ? "fits" : checked.error().message;
}

TEST(CheckStage, JudgesLineAndDefaultsTogether) {
  const Attribute sound{"confirmSound", "https://h/confirm"};
  const Attribute key{"confirmKey", "1"};
  const Attribute timeout{"confirmTimeout", "5"};
  EXPECT_EQ(verdict_on_stage({}, {}), "fits");
  EXPECT_EQ(verdict_on_stage({sound}, {key, timeout}), "fits");
  EXPECT_EQ(verdict_on_stage({key}, {sound}), "fits");
  EXPECT_THAT(verdict_on_stage({}, {key}), HasSubstr("confirmKey has no effect without"));
  EXPECT_THAT(verdict_on_stage({key}, {}), HasSubstr("confirmKey has no effect without"));
  EXPECT_THAT(verdict_on_stage({sound}, {timeout}), HasSubstr("confirmTimeout has no effect"));
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
