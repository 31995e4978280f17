// SPDX-License-Identifier: Apache-2.0
#include "lib/books/call_progress.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lib/base/fnv1a.h"
#include "lib/webhook/endpoint.h"

namespace plivo_dial {
namespace {

using StepKind = CallStep::Kind;

constexpr std::array<std::pair<EventKind, StepKind>, 9> kKinds = {{
    {EventKind::kCallRing, StepKind::kRing},
    {EventKind::kCallAnswer, StepKind::kAnswer},
    {EventKind::kCallRedirect, StepKind::kAnswer},
    {EventKind::kDialAnswered, StepKind::kLegAnswered},
    {EventKind::kDialConnected, StepKind::kLegConnected},
    {EventKind::kDialDigits, StepKind::kLegDigits},
    {EventKind::kDialEnded, StepKind::kLegEnded},
    {EventKind::kDialResult, StepKind::kResult},
    {EventKind::kCallHangup, StepKind::kHangup},
}};

bool is_of_leg(StepKind kind) {
  return kind >= StepKind::kLegAnswered && kind <= StepKind::kLegEnded;
}

}  // namespace

CallStep step_of(const EventOutline& event) {
  CallStep step;
  if (event.of_flow || !event.call) return step;
  const std::optional<EventKind> reported = parse_event_kind(event.name);
  for (const auto& [name, kind] : kKinds) {
    if (name == reported) step.kind = kind;
  }
  if (step.kind == StepKind::kUnordered) return step;
  if (is_of_leg(step.kind) || step.kind == StepKind::kResult) step.stage = event.stage.value_or(0);
  if (is_of_leg(step.kind)) step.leg = event.b_leg.value_or("");
  if (step.kind == StepKind::kLegEnded) step.talked = event.duration != 0;
  return step;
}

CallStep step_of(const Event& event) {
  return step_of(outline_of(event));
}

// Whoever makes two calls share a lane only makes them wait for each other.
std::int64_t lane_of_call(const std::string& call) {
  const auto lane = static_cast<std::int64_t>(fnv1a(call) >> 1);
  return lane == 0 ? 1 : lane;
}

std::tuple<bool, std::int64_t, StepKind> place_of(const CallStep& step) {
  return {step.kind == StepKind::kHangup, step.stage, step.kind};
}

void CallProgress::add(const CallStep& step) {
  if (step.kind == StepKind::kUnordered) return;
  if (begins_again(step)) {
    std::erase_if(steps_, [](const CallStep& known) {
      return is_of_leg(known.kind) || known.kind == StepKind::kResult;
    });
  }
  if (std::find(steps_.begin(), steps_.end(), step) == steps_.end()) steps_.push_back(step);
}

bool CallProgress::begins_again(const CallStep& step) const {
  return step.kind == StepKind::kAnswer && has(StepKind::kAnswer);
}

bool CallProgress::has(StepKind kind) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [kind](const CallStep& known) { return known.kind == kind; });
}

bool CallProgress::has_of_leg(StepKind kind, const std::string& leg) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [&](const CallStep& known) { return known.kind == kind && known.leg == leg; });
}

bool CallProgress::has_result_of(std::int64_t stage) const {
  return std::any_of(steps_.begin(), steps_.end(), [stage](const CallStep& known) {
    return known.kind == StepKind::kResult && known.stage == stage;
  });
}

bool CallProgress::is_ahead(const CallStep& step) const {
  if (step.kind <= StepKind::kAnswer || step.kind == StepKind::kUnordered || is_late(step))
    return false;
  // The answer may be another server's business: only the first event of a call waits for it.
  if (steps_.empty()) return true;
  switch (step.kind) {
    case StepKind::kLegConnected:
    case StepKind::kLegDigits:
      return !has_of_leg(StepKind::kLegAnswered, step.leg);
    case StepKind::kLegEnded:
      return step.talked && (!has_of_leg(StepKind::kLegAnswered, step.leg) ||
                             !has_of_leg(StepKind::kLegConnected, step.leg));
    case StepKind::kResult:
      return result_is_ahead(step);
    case StepKind::kHangup:
      return hangup_is_ahead();
    default:
      return false;
  }
}

// A dial's result follows the ends of its legs.
bool CallProgress::result_is_ahead(const CallStep& step) const {
  if (has_result_of(step.stage)) return false;
  bool ended = false;
  for (const CallStep& known : steps_) {
    if (!is_of_leg(known.kind) || known.stage != step.stage) continue;
    if (!has_of_leg(StepKind::kLegEnded, known.leg)) return true;
    ended = true;
  }
  return !ended;
}

// A call's hangup follows the result of its last dial.
bool CallProgress::hangup_is_ahead() const {
  std::int64_t last_stage = 0;
  for (const CallStep& known : steps_) last_stage = std::max(last_stage, known.stage);
  return last_stage == 0 ? !has(StepKind::kResult) : !has_result_of(last_stage);
}

bool CallProgress::is_late(const CallStep& step) const {
  if (step.kind >= StepKind::kHangup) return false;
  if (has(StepKind::kHangup)) return true;
  const auto dialling = [](const CallStep& known) { return known.kind > StepKind::kAnswer; };
  const bool dials = std::any_of(steps_.begin(), steps_.end(), dialling);
  if (step.kind == StepKind::kRing) return dials || has(StepKind::kAnswer);
  if (step.kind == StepKind::kAnswer) return dials && !has(StepKind::kAnswer);
  if (step.kind == StepKind::kResult) return false;
  if (step.stage != 0 && has_result_of(step.stage)) return true;
  if (has_of_leg(StepKind::kLegEnded, step.leg)) return step.kind != StepKind::kLegEnded;
  return step.kind == StepKind::kLegAnswered && (has_of_leg(StepKind::kLegConnected, step.leg) ||
                                                 has_of_leg(StepKind::kLegDigits, step.leg));
}

}  // namespace plivo_dial
