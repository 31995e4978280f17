// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/next_step.h"

#include <gtest/gtest.h>

#include <vector>

namespace plivo_dial {
namespace {

constexpr DialStatus kDialStatuses[] = {
    DialStatus::kUnknown, DialStatus::kCompleted, DialStatus::kBusy,  DialStatus::kFailed,
    DialStatus::kTimeout, DialStatus::kNoAnswer,  DialStatus::kCancel};

struct CallCase {
  CallStatus status;
  bool is_over;
};
constexpr CallCase kCallStatuses[] = {
    {CallStatus::kUnknown, false},    {CallStatus::kQueued, false},   {CallStatus::kRinging, false},
    {CallStatus::kInProgress, false}, {CallStatus::kCompleted, true}, {CallStatus::kBusy, true},
    {CallStatus::kFailed, true},      {CallStatus::kTimeout, true},   {CallStatus::kNoAnswer, true},
    {CallStatus::kCancel, true},
};

Stage stage_with(Attributes attributes) {
  return {{{Target::Kind::kNumber, "+14155550111", {}}}, std::move(attributes)};
}

// Three stages whose `redirect` is absent, true or false; -1, 1, 0.
Plan plan_with(const std::vector<int>& redirects, bool default_false) {
  Plan plan;
  for (const int redirect : redirects) {
    plan.stages.push_back(redirect < 0
                              ? stage_with({})
                              : stage_with({{"redirect", redirect == 1 ? "true" : "false"}}));
  }
  if (default_false) plan.dial_defaults = {{"redirect", "false"}};
  return plan;
}

TEST(FirstStep, DialsOrEnds) {
  EXPECT_EQ(first_step(plan_with({-1, -1}, false)), (Step{Step::Kind::kDial, 0}));
  EXPECT_EQ(first_step(Plan{}), (Step{Step::Kind::kEnd, 0}));
}

TEST(FirstStep, IsVoicemailWhereNobodyIsDialled) {
  Plan plan;
  plan.voicemail.emplace();
  EXPECT_EQ(first_step(plan), (Step{Step::Kind::kNotReached, 0}));
  plan.stages.push_back(stage_with({}));
  EXPECT_EQ(first_step(plan), (Step{Step::Kind::kDial, 0}));
}

// Every dial status, call status, stage and redirect, against the rules written as a table.
TEST(StepAfterStage, FollowsTheRulesInEveryCase) {
  int cases = 0;
  for (const int redirect : {-1, 0, 1}) {
    for (const bool default_false : {false, true}) {
      const Plan plan = plan_with({redirect, redirect, redirect}, default_false);
      const bool reply_is_ignored = redirect == 0 || (redirect == -1 && default_false);
      for (std::size_t ended = 1; ended <= 5; ++ended) {
        for (const DialStatus dial : kDialStatuses) {
          for (const auto& [call, is_over] : kCallStatuses) {
            Step expected;
            if (dial == DialStatus::kCompleted || is_over) {
              expected = {Step::Kind::kHangUp, 0};
            } else if (ended > 3) {
              expected = {Step::Kind::kNotReached, 0};
            } else if (reply_is_ignored) {
              expected = {Step::Kind::kEnd, 0};
            } else if (ended == 3) {
              expected = {Step::Kind::kNotReached, 0};
            } else {
              expected = {Step::Kind::kDial, ended};
            }
            EXPECT_EQ(step_after_stage(plan, ended, dial, call), expected)
                << "redirect " << redirect << " default " << default_false << " stage " << ended
                << " dial " << to_string(dial) << " call " << to_string(call);
            ++cases;
          }
        }
      }
    }
  }
  EXPECT_EQ(cases, 3 * 2 * 5 * 7 * 10);
}

TEST(StepAfterStage, OnlyTheEndedStageDecidesWhetherTheReplyIsRead) {
  const Plan plan = plan_with({0, -1, 1}, false);
  const auto after = [&](std::size_t ended) {
    return step_after_stage(plan, ended, DialStatus::kBusy, CallStatus::kInProgress);
  };
  EXPECT_EQ(after(1), (Step{Step::Kind::kEnd, 0}));
  EXPECT_EQ(after(2), (Step{Step::Kind::kDial, 2}));
  EXPECT_EQ(after(3), (Step{Step::Kind::kNotReached, 0}));
}

TEST(StepAfterStage, APlanWithoutStagesReachesNobody) {
  EXPECT_EQ(step_after_stage(Plan{}, 1, DialStatus::kBusy, CallStatus::kRinging),
            (Step{Step::Kind::kNotReached, 0}));
}

TEST(StepForAction, ReadsTheStageOfTheUrl) {
  const Plan plan = plan_with({-1, -1, -1}, false);
  Webhook webhook;
  webhook.endpoint = Endpoint::kAction;
  webhook.dial_status = DialStatus::kNoAnswer;
  webhook.call_status = CallStatus::kRinging;
  webhook.stage = 2;
  EXPECT_EQ(step_for_action(plan, webhook), (Step{Step::Kind::kDial, 2}));
  webhook.stage = 999;
  EXPECT_EQ(step_for_action(plan, webhook), (Step{Step::Kind::kNotReached, 0}));
  webhook.stage = std::nullopt;  // not a number: beyond every plan
  EXPECT_EQ(step_for_action(plan, webhook), (Step{Step::Kind::kNotReached, 0}));
  webhook.dial_status = DialStatus::kCompleted;
  EXPECT_EQ(step_for_action(plan, webhook), (Step{Step::Kind::kHangUp, 0}));
}

}  // namespace
}  // namespace plivo_dial
