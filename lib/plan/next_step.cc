// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/next_step.h"

namespace plivo_dial {

Step first_step(const Plan& plan) {
  if (!plan.stages.empty()) return Step{Step::Kind::kDial, 0};
  return Step{plan.voicemail ? Step::Kind::kNotReached : Step::Kind::kEnd};
}

Step step_after_stage(const Plan& plan, std::size_t ended, DialStatus status, CallStatus call) {
  if (status == DialStatus::kCompleted || is_terminal(call)) return Step{Step::Kind::kHangUp};
  if (ended >= 1 && ended <= plan.stages.size()) {
    const std::string* redirect = stage_attribute(plan, plan.stages[ended - 1], "redirect");
    if (redirect && *redirect == "false") return Step{Step::Kind::kEnd};
  }
  if (ended < plan.stages.size()) return Step{Step::Kind::kDial, ended};
  return Step{Step::Kind::kNotReached};
}

Step step_for_action(const Plan& plan, const Webhook& webhook) {
  // A stage that is no number of ours is beyond every plan: nobody is dialled for it.
  const int stage = webhook.stage.value_or(static_cast<int>(kMaxStages) + 1);
  return step_after_stage(plan, static_cast<std::size_t>(stage), webhook.dial_status,
                          webhook.call_status);
}

}  // namespace plivo_dial
