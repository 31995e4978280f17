// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/next_step.h"
#include "tests/unit/plan/next_of.h"

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
    Attributes attributes;
    if (redirect >= 0) attributes.push_back({"redirect", redirect == 1 ? "true" : "false"});
    plan.stages.push_back(stage_with(std::move(attributes)));
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
            const bool caller_left = dial == DialStatus::kCancel || is_over;
            if (dial == DialStatus::kCompleted || caller_left) {
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

Webhook result(int stage, DialStatus dial, CallStatus call = CallStatus::kRinging) {
  Webhook webhook;
  webhook.endpoint = Endpoint::kAction;
  webhook.kind = EventKind::kDialResult;
  webhook.dial_status = dial;
  webhook.call_status = call;
  webhook.stage = stage;
  return webhook;
}

TEST(StepFor, ReadsTheStageOfTheUrl) {
  const Plan plan = plan_with({-1, -1, -1}, false);
  Webhook webhook = result(2, DialStatus::kNoAnswer);
  EXPECT_EQ(step_for(plan, webhook), (Step{Step::Kind::kDial, 2}));
  webhook.stage = 999;
  EXPECT_EQ(step_for(plan, webhook), (Step{Step::Kind::kNotReached, 0}));
  webhook.stage = std::nullopt;  // not a number: beyond every plan
  EXPECT_EQ(step_for(plan, webhook), (Step{Step::Kind::kNotReached, 0}));
  webhook.dial_status = DialStatus::kCompleted;
  EXPECT_EQ(step_for(plan, webhook), (Step{Step::Kind::kHangUp, 0}));
}

// The document and what the event says of it are one decision.
TEST(StepFor, ACallThatIsOverDialsNobodyAndTheEventSaysSo) {
  const Plan plan = plan_with({-1, -1}, false);
  for (const EventKind kind :
       {EventKind::kCallAnswer, EventKind::kCallRedirect, EventKind::kDialResult}) {
    for (const auto& [call, is_over] : kCallStatuses) {
      Webhook webhook = result(1, DialStatus::kBusy, call);
      webhook.kind = kind;
      EXPECT_EQ(step_for(plan, webhook).kind, is_over ? Step::Kind::kHangUp : Step::Kind::kDial)
          << to_string(kind) << " " << to_string(call);
      EXPECT_EQ(next_of(&plan, webhook), is_over ? Next::kEnd : Next::kStage)
          << to_string(kind) << " " << to_string(call);
    }
  }
}

TEST(StepFor, WhatReportsNothingOfAPlanDialsNobody) {
  const Plan plan = plan_with({-1, -1}, false);
  for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
    Webhook webhook = result(1, DialStatus::kBusy);
    webhook.kind = static_cast<EventKind>(kind);
    const bool dials = webhook.kind == EventKind::kCallAnswer ||
                       webhook.kind == EventKind::kCallRedirect ||
                       webhook.kind == EventKind::kDialResult;
    for (const Endpoint endpoint : {Endpoint::kAnswer, Endpoint::kAction, Endpoint::kRecording}) {
      webhook.endpoint = endpoint;
      EXPECT_EQ(step_for(plan, webhook).kind == Step::Kind::kDial, dials)
          << to_string(webhook.kind);
    }
  }
}

TEST(WhatFollows, IsWhatTheDocumentDoes) {
  Plan plan = plan_with({-1, -1}, false);
  EXPECT_EQ(next_of(&plan, result(1, DialStatus::kBusy)), Next::kStage);
  EXPECT_EQ(next_of(&plan, result(2, DialStatus::kBusy)), Next::kSentence);
  EXPECT_EQ(next_of(nullptr, result(1, DialStatus::kBusy)), Next::kSentence);
  plan.voicemail.emplace();
  EXPECT_EQ(next_of(&plan, result(2, DialStatus::kBusy)), Next::kVoicemail);
  EXPECT_EQ(next_of(&plan, result(2, DialStatus::kCompleted)), Next::kEnd);
  for (const CallStatus call :
       {CallStatus::kCompleted, CallStatus::kInProgress, CallStatus::kRinging}) {
    EXPECT_EQ(next_of(&plan, result(1, DialStatus::kCancel, call)), Next::kEnd);
  }
  EXPECT_EQ(next_of(nullptr, result(1, DialStatus::kCancel)), Next::kEnd);
  EXPECT_EQ(next_of(nullptr, result(1, DialStatus::kBusy, CallStatus::kCompleted)), Next::kEnd);
  Webhook answer = result(1, DialStatus::kUnknown);
  answer.endpoint = Endpoint::kAnswer;
  for (const EventKind kind : {EventKind::kCallAnswer, EventKind::kCallRedirect}) {
    answer.kind = kind;
    EXPECT_EQ(next_of(&plan, answer), Next::kStage);
    EXPECT_EQ(next_of(nullptr, answer), Next::kSentence);
  }
  plan.stages.clear();
  EXPECT_EQ(next_of(&plan, answer), Next::kVoicemail);
  plan.voicemail.reset();
  EXPECT_EQ(next_of(&plan, answer), Next::kEnd);
}

// Plivo ignores the reply there: what stands behind the Dial is played, whatever became of it.
TEST(WhatFollows, AStageWhoseReplyIsIgnoredIsTheRestOfItsDocument) {
  const Plan plan = plan_with({0, 0}, false);
  for (const DialStatus status : {DialStatus::kBusy, DialStatus::kCompleted}) {
    EXPECT_EQ(next_of(&plan, result(1, status)), Next::kStage);
    EXPECT_EQ(next_of(&plan, result(2, status)), Next::kEnd);
  }
}

TEST(WhatFollows, IsSaidOfNoOtherEvent) {
  const Plan plan = plan_with({-1}, false);
  for (int kind = 0; kind <= static_cast<int>(EventKind::kOther); ++kind) {
    Webhook webhook = result(1, DialStatus::kBusy);
    webhook.kind = static_cast<EventKind>(kind);
    const bool is_said = webhook.kind == EventKind::kCallAnswer ||
                         webhook.kind == EventKind::kCallRedirect ||
                         webhook.kind == EventKind::kDialResult;
    EXPECT_EQ(next_of(&plan, webhook).has_value(), is_said) << to_string(webhook.kind);
  }
  Webhook of_flow = result(1, DialStatus::kBusy);
  of_flow.endpoint = Endpoint::kEvent;
  EXPECT_EQ(next_of(&plan, of_flow), std::nullopt) << "the flow has the plan";
}

}  // namespace
}  // namespace plivo_dial
