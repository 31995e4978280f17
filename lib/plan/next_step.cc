// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/next_step.h"

namespace plivo_dial {
namespace {

bool is_ignored(const Plan& plan, std::size_t stage) {
  if (stage < 1 || stage > plan.stages.size()) return false;
  const std::string* redirect = stage_attribute(plan, plan.stages[stage - 1], "redirect");
  return redirect && *redirect == "false";
}

// A stage that is no number of ours is beyond every plan: nobody is dialled for it.
std::size_t ended_stage(const Webhook& webhook) {
  return static_cast<std::size_t>(webhook.stage.value_or(static_cast<int>(kMaxStages) + 1));
}

}  // namespace

Step first_step(const Plan& plan) {
  if (!plan.stages.empty()) return Step{Step::Kind::kDial, 0};
  return Step{plan.voicemail ? Step::Kind::kNotReached : Step::Kind::kEnd};
}

Step step_after_stage(const Plan& plan, std::size_t ended, DialStatus status, CallStatus call) {
  const bool caller_left = status == DialStatus::kCancel || is_terminal(call);
  if (status == DialStatus::kCompleted || caller_left) return Step{Step::Kind::kHangUp};
  if (is_ignored(plan, ended)) return Step{Step::Kind::kEnd};
  if (ended < plan.stages.size()) return Step{Step::Kind::kDial, ended};
  return Step{Step::Kind::kNotReached};
}

Step step_for(const Plan& plan, const Webhook& webhook) {
  switch (webhook.kind) {
    case EventKind::kCallAnswer:
    case EventKind::kCallRedirect:
      return is_terminal(webhook.call_status) ? Step{Step::Kind::kHangUp} : first_step(plan);
    case EventKind::kDialResult:
      return step_after_stage(plan, ended_stage(webhook), webhook.dial_status, webhook.call_status);
    case EventKind::kDialConfirm:
    case EventKind::kOther:
      return Step{Step::Kind::kEnd};
    default:
      return Step{Step::Kind::kHangUp};
  }
}

std::string_view to_string(Next next) {
  switch (next) {
    case Next::kStage:
      return "stage";
    case Next::kVoicemail:
      return "voicemail";
    case Next::kSentence:
      return "sentence";
    case Next::kEnd:
      return "end";
  }
  return "";
}

std::optional<Next> what_follows(const Plan* plan, const Webhook& webhook) {
  const bool result =
      webhook.kind == EventKind::kDialResult && webhook.endpoint == Endpoint::kAction;
  if (!result && webhook.kind != EventKind::kCallAnswer &&
      webhook.kind != EventKind::kCallRedirect) {
    return std::nullopt;
  }
  const bool cancelled = result && webhook.dial_status == DialStatus::kCancel;
  if (cancelled || is_terminal(webhook.call_status)) return Next::kEnd;
  if (!plan) return Next::kSentence;
  if (result && is_ignored(*plan, ended_stage(webhook))) {
    return ended_stage(webhook) < plan->stages.size() ? Next::kStage : Next::kEnd;
  }
  switch (step_for(*plan, webhook).kind) {
    case Step::Kind::kDial:
      return Next::kStage;
    case Step::Kind::kNotReached:
      return plan->voicemail ? Next::kVoicemail : Next::kSentence;
    case Step::Kind::kHangUp:
    case Step::Kind::kEnd:
      break;
  }
  return Next::kEnd;
}

}  // namespace plivo_dial
