// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/next_step.h"

#include <limits>

#include "lib/plan/follow_up.h"

namespace plivo_dial {
namespace {

bool is_ignored(const Plan& plan, std::size_t stage) {
  const Stage* const ended = stage < 1 ? nullptr : stage_at(plan, stage - 1);
  if (ended == nullptr) return false;
  const std::string* redirect = stage_attribute(plan, *ended, "redirect");
  return redirect && *redirect == "false";
}

Step next_after(const Plan& plan, std::size_t ended) {
  if (ended < plan.stages.size()) return Step{Step::Kind::kDial, ended};
  return Step{Step::Kind::kNotReached};
}

// Whether stage `ended` is the dial of a line for completed: the caller was spoken to before.
bool follows_a_talk(const Plan& plan, std::size_t ended) {
  const bool is_of_line = ended > kMaxStages && stage_at(plan, ended - 1) != nullptr;
  return is_of_line && names(plan.follow_ups[ended - 1 - kMaxStages], DialStatus::kCompleted);
}

Step step_of(const Plan& plan, const FollowUp& line, std::size_t ended) {
  const auto index = static_cast<std::size_t>(&line - plan.follow_ups.data());
  switch (line.kind) {
    case FollowUp::Kind::kHangUp:
      return Step{Step::Kind::kHangUp};
    case FollowUp::Kind::kNext:
      return next_after(plan, ended);
    case FollowUp::Kind::kVoicemail:
      return Step{Step::Kind::kNotReached};
    case FollowUp::Kind::kDial:
      return Step{Step::Kind::kDial, kMaxStages + index};
    case FollowUp::Kind::kPrompt:
    case FollowUp::Kind::kRedirect:
      break;
  }
  return Step{Step::Kind::kFollowUp, index};
}

// A stage that is no number of ours is beyond every plan: nobody is dialled for it.
std::size_t ended_stage(const Webhook& webhook) {
  return static_cast<std::size_t>(webhook.stage.value_or(std::numeric_limits<int>::max()));
}

}  // namespace

Step first_step(const Plan& plan) {
  if (!plan.stages.empty()) return Step{Step::Kind::kDial, 0};
  return Step{plan.voicemail ? Step::Kind::kNotReached : Step::Kind::kEnd};
}

Step step_after_stage(const Plan& plan, std::size_t ended, DialStatus status, CallStatus call) {
  if (status == DialStatus::kCancel || is_terminal(call)) return Step{Step::Kind::kHangUp};
  const bool completed = status == DialStatus::kCompleted;
  if (is_ignored(plan, ended)) return Step{completed ? Step::Kind::kHangUp : Step::Kind::kEnd};
  // Behind a stage of a follow-up no other follows, so that every walk comes to an end.
  const bool by_lines = ended <= plan.stages.size();
  const FollowUp* const line = by_lines ? follow_up_of(plan.follow_ups, status) : nullptr;
  if (line != nullptr) return step_of(plan, *line, ended);
  if (follows_a_talk(plan, ended)) return Step{Step::Kind::kHangUp};
  return completed ? Step{Step::Kind::kHangUp} : next_after(plan, ended);
}

Step step_for(const Plan& plan, const Webhook& webhook) {
  switch (webhook.kind) {
    case EventKind::kCallAnswer:
    case EventKind::kCallRedirect:
      return is_terminal(webhook.call_status) ? Step{Step::Kind::kHangUp} : first_step(plan);
    case EventKind::kDialResult:
      return step_after_stage(plan, ended_stage(webhook), webhook.dial_status, webhook.call_status);
    case EventKind::kDialConfirm:
      return Step{plan.confirm ? Step::Kind::kConfirm : Step::Kind::kEnd};
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
    case Next::kRedirect:
      return "redirect";
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
  const Step step = step_for(*plan, webhook);
  switch (step.kind) {
    case Step::Kind::kDial:
      return Next::kStage;
    case Step::Kind::kFollowUp:
      return plan->follow_ups[step.stage].kind == FollowUp::Kind::kRedirect ? Next::kRedirect
                                                                            : Next::kSentence;
    case Step::Kind::kNotReached:
      return plan->voicemail ? Next::kVoicemail : Next::kSentence;
    case Step::Kind::kConfirm:
    case Step::Kind::kHangUp:
    case Step::Kind::kEnd:
      break;
  }
  return Next::kEnd;
}

}  // namespace plivo_dial
