// File: lib/plan/plan_layer.h
//
// What the directives of one section say about calls, and how sections lie on top of each other:
// the server's, the Location's, that of a <PlivoNumber>. A directive of the plan is a row of the
// table in plan_layer.cc and a member of PlanLines; what holds for a call is made of all layers by
// plan_of().
//
//   PlanLines number, location;
//   read_plan_line("PlivoDial", {"+14155550100"}, position, number);
//   const PlanLayer below{&location, nullptr};
//   const PlanLayer top{&number, &below};
//   plan_of(&top, "+14155550199").stages.size()   -> 1
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/position.h"
#include "lib/base/result.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

// PlivoVoicemail.
struct VoicemailLine {
  std::optional<Voicemail> voicemail;  // nothing: Off
  Position position;
};

// PlivoConfirm.
struct ConfirmLine {
  std::optional<Confirm> confirm;  // nothing: Off
};

// PlivoRecord.
struct RecordingLine {
  std::optional<CallRecording> recording;  // nothing: Off
};

// PlivoVoice.
struct VoiceLine {
  Voice voice;
  std::string fallback_document;  // with its apology
};

// The lines of one section. A member without value says nothing: that of the layers below holds.
// Lists are not added to those below, but take their place; attributes of PlivoDialDefault and
// menus are taken one by one.
struct PlanLines {
  std::optional<std::vector<Prompt>> prompts;
  std::optional<std::vector<Stage>> stages;
  std::optional<FollowUp> begin;
  std::optional<std::vector<FollowUp>> follow_ups;
  std::optional<std::vector<Menu>> menus;
  std::optional<Attributes> dial_defaults;
  std::optional<CallerId> caller_id;
  std::optional<ConfirmLine> confirm;
  std::optional<RecordingLine> recording;
  std::optional<VoicemailLine> voicemail;
  std::optional<VoiceLine> voice;
};

// Adds `menu`, whose name must be new in the section.
Result<void> add_menu(Menu menu, PlanLines& lines);

// A section on top of others. Immutable once requests are served; owns nothing.
struct PlanLayer {
  const PlanLines* lines;
  const PlanLayer* below;  // null: the lowest
};

// Reads the arguments of the directive `name` ("PlivoDial") into `lines`. The error names value and
// remedy; then `lines` are as before. `name` is one of the table.
Result<void> read_plan_line(std::string_view name, std::span<const std::string_view> arguments,
                            const Position& position, PlanLines& lines);

// All layers of `top`, on those of `base`; either may be null. `allocate(size)` gives memory for
// layers that lives as long as what comes back.
template <class Allocate>
const PlanLayer* stacked(const PlanLayer* top, const PlanLayer* base, Allocate&& allocate) {
  if (top == nullptr) return base;
  if (base == nullptr) return top;
  auto* layer = static_cast<PlanLayer*>(allocate(sizeof(PlanLayer)));
  *layer = {top->lines, stacked(top->below, base, allocate)};
  return layer;
}

// The value of `member` in the uppermost layer that has one; null where none has.
template <class T>
const T* uppermost(const PlanLayer* top, std::optional<T> PlanLines::*member) {
  for (; top != nullptr; top = top->below) {
    if (const std::optional<T>& value = top->lines->*member) return &*value;
  }
  return nullptr;
}

// Whether some layer says what becomes of a call: a prompt, a stage, voicemail on or off.
bool says_something(const PlanLayer* top);

// The same, and not only that there is no voicemail.
bool does_something(const PlanLayer* top);

// What holds, under `name`.
Plan plan_of(const PlanLayer* top, std::string name);

}  // namespace plivo_dial
