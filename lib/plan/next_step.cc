// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/next_step.h"

#include <limits>

#include "lib/plan/follow_up.h"
#include "lib/plan/menu.h"
#include "lib/plan/ringback.h"

namespace plivo_dial {
namespace {

bool is_ignored(const Plan& plan, std::size_t stage) {
  const Stage* const ended = stage < 1 ? nullptr : stage_at(plan, stage - 1);
  return ended != nullptr && continues_in_document(plan, *ended);
}

// The number of the stage, from 1, that PlivoAnswer dials, or a document of PlivoXML.
constexpr std::size_t kBeginStage = kMaxStages + kBeginLine + 1;

Step next_after(const Plan& plan, std::size_t ended, const Hours* hours) {
  const std::size_t next = open_stage(plan, ended == kBeginStage ? 0 : ended, hours);
  if (next < plan.stages.size()) return Step{Step::Kind::kDial, next};
  return Step{Step::Kind::kNotReached};
}

// The line of PlivoOn or of a menu that stage `ended` is the dial of; nothing for one of PlivoDial.
std::optional<std::size_t> line_of(const Plan& plan, std::size_t ended) {
  const bool is_of_line = ended > kMaxStages && stage_at(plan, ended - 1) != nullptr;
  return is_of_line ? std::optional(ended - 1 - kMaxStages) : std::nullopt;
}

// The number of the document behind that with the number `walk`; those before the first menu have
// none.
int number_behind(int walk) {
  return walk > 0 ? walk + 1 : 0;
}

// Where the line at `index` leads from the document with the number `walk`: its `next` is `next`.
Step step_of(const Plan& plan, std::size_t index, const Step& next, int walk) {
  const FollowUp& line = *line_at(plan, index);
  switch (line.kind) {
    case FollowUp::Kind::kHangUp:
      return Step{Step::Kind::kHangUp};
    case FollowUp::Kind::kNext:
      return Step{next.kind, next.stage, number_behind(walk)};
    case FollowUp::Kind::kVoicemail:
      return Step{Step::Kind::kNotReached};
    case FollowUp::Kind::kDial:
      return Step{Step::Kind::kDial, kMaxStages + index, number_behind(walk)};
    case FollowUp::Kind::kMenu: {
      const std::optional<std::size_t> menu = menu_named(plan, line.menu);
      if (!menu || walk >= kMaxWalk) return Step{Step::Kind::kNotReached};
      return Step{Step::Kind::kMenu, *menu, walk + 1};
    }
    case FollowUp::Kind::kMessage:
      // Somebody may still take the call.
      if (next.kind == Step::Kind::kDial) {
        return Step{next.kind, next.stage, number_behind(walk)};
      }
      break;
    case FollowUp::Kind::kPrompt:
    case FollowUp::Kind::kRedirect:
    case FollowUp::Kind::kDocument:
      break;
  }
  return Step{Step::Kind::kFollowUp, index, number_behind(walk)};
}

// Outside the hours of all stages it is as if nobody were reached.
Step first_stage(const Plan& plan, const Hours* hours) {
  const std::size_t first = open_stage(plan, 0, hours);
  if (first < plan.stages.size()) return Step{Step::Kind::kDial, first};
  const bool has_words = plan.voicemail || !plan.stages.empty();
  return Step{has_words ? Step::Kind::kNotReached : Step::Kind::kEnd};
}

// `next` of a key: a caller who has been asked is not left without a word.
Step behind_menu(const Plan& plan, const Hours* hours) {
  const Step first = first_stage(plan, hours);
  return first.kind == Step::Kind::kEnd ? Step{Step::Kind::kNotReached} : first;
}

// The stage in the URL. One that is no number of ours is beyond every plan: nobody is dialled for
// it.
std::size_t stage_in_url(const Webhook& webhook) {
  return static_cast<std::size_t>(webhook.stage.value_or(std::numeric_limits<int>::max()));
}

}  // namespace

Step first_step(const Plan& plan, const Hours* hours) {
  const Step first = first_stage(plan, hours);
  const bool begins =
      plan.begin && holds(plan.begin->when, hours) && holds(plan.begin->when_of_map, hours);
  return begins ? step_of(plan, kBeginLine, first, 0) : first;
}

Step step_after_stage(const Plan& plan, std::size_t ended, DialStatus status, CallStatus call,
                      int walk, const Hours* hours) {
  if (status == DialStatus::kCancel || is_terminal(call)) return Step{Step::Kind::kHangUp};
  const bool completed = status == DialStatus::kCompleted;
  if (is_ignored(plan, ended)) return Step{completed ? Step::Kind::kHangUp : Step::Kind::kEnd};
  const std::optional<std::size_t> line = line_of(plan, ended);
  // Behind a stage of PlivoOn no other line of it holds, so that every walk comes to an end.
  const bool by_lines =
      ended <= plan.stages.size() || ended == kBeginStage || (line && *line >= kBeginLine);
  const FollowUp* const found = by_lines ? follow_up_of(plan.follow_ups, status) : nullptr;
  Step next = next_after(plan, ended, hours);
  next.walk = next.kind == Step::Kind::kDial ? number_behind(walk) : 0;
  if (found != nullptr) {
    return step_of(plan, static_cast<std::size_t>(found - plan.follow_ups.data()), next, walk);
  }
  // Whoever was spoken to before is not sent to voicemail.
  const bool after_talk =
      line && *line < kBeginLine && names(*line_at(plan, *line), DialStatus::kCompleted);
  return completed || after_talk ? Step{Step::Kind::kHangUp} : next;
}

Step step_after_silence(const Plan& plan, std::size_t menu, int walk, const Hours* hours) {
  const std::optional<std::size_t> line = line_for(plan.menus[menu], "");
  const Step next = behind_menu(plan, hours);
  if (!line) return Step{next.kind, next.stage, number_behind(walk)};
  return step_of(plan, first_line_of(plan, menu) + *line, next, walk);
}

Step step_after_key(const Plan& plan, const Webhook& webhook, const Hours* hours) {
  if (is_terminal(webhook.call_status)) return Step{Step::Kind::kHangUp};
  const std::optional<std::size_t> menu = menu_named(plan, webhook.menu.value_or(""));
  if (!menu || webhook.walk > kMaxWalk) return Step{Step::Kind::kNotReached};
  if (webhook.digits.empty()) return step_after_silence(plan, *menu, webhook.walk, hours);
  if (const std::optional<std::size_t> line = line_for(plan.menus[*menu], webhook.digits)) {
    return step_of(plan, first_line_of(plan, *menu) + *line, behind_menu(plan, hours),
                   webhook.walk);
  }
  const bool again = webhook.tries + 1 < plan.menus[*menu].retries && webhook.walk < kMaxWalk;
  if (!again) return step_after_silence(plan, *menu, webhook.walk, hours);
  return Step{Step::Kind::kMenu, *menu, webhook.walk + 1, webhook.tries + 1};
}

Step step_for(const Plan& plan, const Webhook& webhook, const Hours* hours) {
  switch (webhook.kind) {
    case EventKind::kCallAnswer:
    case EventKind::kCallRedirect:
      return is_terminal(webhook.call_status) ? Step{Step::Kind::kHangUp} : first_step(plan, hours);
    case EventKind::kDialResult:
      return step_after_stage(plan, stage_in_url(webhook), webhook.dial_status, webhook.call_status,
                              webhook.walk, hours);
    case EventKind::kDialConfirm:
      return Step{plan.confirm ? Step::Kind::kConfirm : Step::Kind::kEnd};
    case EventKind::kDialMusic: {
      const std::size_t number = stage_in_url(webhook);
      if (!ringback_prompt(plan, number)) return Step{Step::Kind::kEnd};
      return Step{Step::Kind::kMusic, number};
    }
    case EventKind::kOther:
      return webhook.menu ? step_after_key(plan, webhook, hours) : Step{Step::Kind::kEnd};
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
    case Next::kMenu:
      return "menu";
    case Next::kDocument:
      return "document";
    case Next::kDenied:
      return "denied";
    case Next::kSentence:
      return "sentence";
    case Next::kRedirect:
      return "redirect";
    case Next::kEnd:
      return "end";
  }
  return "";
}

namespace {

Next next_of(const Plan& plan, const FollowUp& line) {
  if (line.kind == FollowUp::Kind::kMessage && plan.voicemail) return Next::kVoicemail;
  if (line.kind == FollowUp::Kind::kRedirect) return Next::kRedirect;
  return line.kind == FollowUp::Kind::kDocument ? Next::kDocument : Next::kSentence;
}

}  // namespace

std::optional<Next> what_follows(const Plan* plan, const Webhook& webhook, const Step& step,
                                 const Hours* hours) {
  const bool result =
      webhook.kind == EventKind::kDialResult && webhook.endpoint == Endpoint::kAction;
  const bool key = webhook.kind == EventKind::kOther && webhook.menu;
  if (!result && !key && webhook.kind != EventKind::kCallAnswer &&
      webhook.kind != EventKind::kCallRedirect) {
    return std::nullopt;
  }
  const bool cancelled = result && webhook.dial_status == DialStatus::kCancel;
  if (cancelled || is_terminal(webhook.call_status)) return Next::kEnd;
  if (!plan) return Next::kSentence;
  if (result && is_ignored(*plan, stage_in_url(webhook))) {
    const std::size_t next = open_stage(*plan, stage_in_url(webhook), hours);
    return next < plan->stages.size() ? Next::kStage : Next::kEnd;
  }
  switch (step.kind) {
    case Step::Kind::kDial:
      return Next::kStage;
    case Step::Kind::kFollowUp:
      return next_of(*plan, *line_at(*plan, step.stage));
    case Step::Kind::kMenu:
      return Next::kMenu;
    case Step::Kind::kNotReached:
      return plan->voicemail ? Next::kVoicemail : Next::kSentence;
    case Step::Kind::kConfirm:
    case Step::Kind::kMusic:
    case Step::Kind::kHangUp:
    case Step::Kind::kEnd:
      break;
  }
  return Next::kEnd;
}

}  // namespace plivo_dial
