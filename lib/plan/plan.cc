// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/plan.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <system_error>

#include "lib/document/attribute_check.h"
#include "lib/document/vocabulary.h"
#include "lib/document/voices.h"

namespace plivo_dial {
namespace {

// Seconds.
long ringing(const Plan& plan, const Stage& stage) {
  constexpr long kDefaultTimeout = 120;
  const std::string* const timeout = stage_attribute(plan, stage, "timeout");
  if (timeout == nullptr) return kDefaultTimeout;
  long seconds = kDefaultTimeout;
  const char* const end = timeout->data() + timeout->size();
  const bool is_number = std::from_chars(timeout->data(), end, seconds).ec == std::errc();
  return is_number ? seconds : kDefaultTimeout;
}

}  // namespace

const FollowUp* line_at(const Plan& plan, std::size_t index) {
  if (index < plan.follow_ups.size()) return &plan.follow_ups[index];
  if (index == kBeginLine) return plan.begin ? &*plan.begin : nullptr;
  if (index < kMenuLines) return nullptr;
  std::size_t left = index - kMenuLines;
  for (const Menu& menu : plan.menus) {
    if (left < menu.lines.size()) return &menu.lines[left].step;
    left -= menu.lines.size();
  }
  return nullptr;
}

std::vector<std::pair<std::size_t, const FollowUp*>> all_lines(const Plan& plan) {
  std::vector<std::pair<std::size_t, const FollowUp*>> all;
  for (const FollowUp& line : plan.follow_ups) all.emplace_back(all.size(), &line);
  if (plan.begin) all.emplace_back(kBeginLine, &*plan.begin);
  std::size_t index = kMenuLines;
  for (const Menu& menu : plan.menus) {
    for (const Menu::Line& line : menu.lines) all.emplace_back(index++, &line.step);
  }
  return all;
}

std::string_view directive_of_line(std::size_t index) {
  if (index == kBeginLine) return "PlivoAnswer";
  return index < kBeginLine ? "PlivoOn" : "PlivoKey";
}

std::optional<std::size_t> menu_named(const Plan& plan, std::string_view name) {
  const auto place = std::ranges::find(plan.menus, name, &Menu::name);
  if (place == plan.menus.end()) return std::nullopt;
  return static_cast<std::size_t>(place - plan.menus.begin());
}

std::size_t first_line_of(const Plan& plan, std::size_t menu) {
  std::size_t index = kMenuLines;
  for (std::size_t i = 0; i < menu; ++i) index += plan.menus[i].lines.size();
  return index;
}

const Stage* stage_at(const Plan& plan, std::size_t index) {
  if (index < plan.stages.size()) return &plan.stages[index];
  const FollowUp* const line = index < kMaxStages ? nullptr : line_at(plan, index - kMaxStages);
  return line != nullptr && line->kind == FollowUp::Kind::kDial ? &line->dial : nullptr;
}

std::vector<const Stage*> all_stages(const Plan& plan) {
  std::vector<const Stage*> all;
  for (const Stage& stage : plan.stages) all.push_back(&stage);
  for (const auto& [index, line] : all_lines(plan)) {
    if (line->kind == FollowUp::Kind::kDial) all.push_back(&line->dial);
  }
  return all;
}

std::string_view directive_of(const Plan& plan, const Stage& stage) {
  for (const auto& [index, line] : all_lines(plan)) {
    if (&line->dial == &stage) return directive_of_line(index);
  }
  return "PlivoDial";
}

const std::string* stage_attribute(const Plan& plan, const Stage& stage, std::string_view name) {
  const std::string* own = find_attribute(stage.attributes, name);
  return own ? own : find_attribute(plan.dial_defaults, name);
}

Prompt spoken(const Plan& plan, const Prompt& prompt) {
  if (prompt.kind != Prompt::Kind::kSpeak) return prompt;
  Prompt out = prompt;
  if (out.content.empty()) out.content = plan.voice.greeting;
  if (find_attribute(out.attributes, "voice") || find_attribute(out.attributes, "language")) {
    return out;
  }
  out.attributes.insert(out.attributes.begin(), plan.voice.attributes.begin(),
                        plan.voice.attributes.end());
  return out;
}

std::string confirm_sentence(std::string_view key) {
  const std::string call = "You have a call.";
  if (key.empty()) return call;
  const std::string name = key == "*" ? "star" : key == "#" ? "pound" : std::string(key);
  return call + " Press " + name + " to take it.";
}

Prompt confirm_prompt(const Plan& plan) {
  Prompt prompt = plan.confirm->prompt;
  if (prompt.content.empty()) prompt.content = confirm_sentence(plan.confirm->key);
  return spoken(plan, prompt);
}

std::optional<Prompt> record_notice(const Plan& plan) {
  if (!plan.recording || !plan.recording->notice) return std::nullopt;
  Prompt notice = *plan.recording->notice;
  if (notice.content.empty()) notice.content = kRecordNotice;
  return spoken(plan, notice);
}

bool is_confirmed(const Plan& plan, const Stage& stage) {
  return plan.confirm && stage.confirms && stage_attribute(plan, stage, "confirmSound") == nullptr;
}

Element element_of(const Prompt& prompt) {
  switch (prompt.kind) {
    case Prompt::Kind::kSpeak:
      return {"Speak", prompt.attributes, prompt.content, {}};
    case Prompt::Kind::kPlay:
      return {"Play", prompt.attributes, prompt.content, {}};
    case Prompt::Kind::kWait:
      break;
  }
  Element wait{"Wait", {{"length", prompt.content}}, "", {}};
  wait.attributes.insert(wait.attributes.end(), prompt.attributes.begin(), prompt.attributes.end());
  return wait;
}

Element element_of(const Plan& plan, const Stage& stage) {
  Element dial{"Dial", stage.attributes, "", {}};
  for (const Attribute& attribute : plan.dial_defaults) {
    if (!find_attribute(stage.attributes, attribute.name)) dial.attributes.push_back(attribute);
  }
  for (const Target& target : stage.targets) {
    const bool is_user = target.kind == Target::Kind::kUser;
    dial.children.push_back({is_user ? "User" : "Number", target.attributes, target.address, {}});
  }
  return dial;
}

Result<void> check_stage(const Plan& plan, const Stage& stage) {
  return check_attributes_together("Dial", element_of(plan, stage).attributes);
}

namespace {

// The error of a built-in sentence that `said` would say in another language than English.
Result<void> check_is_english(const Prompt& said, std::string_view what, std::string_view remedy) {
  const std::string_view language = spoken_language(said.attributes);
  if (language.starts_with("en")) return {};
  return Error{"the built-in " + std::string(what) + " is English, and its voice speaks " +
               std::string(language) + "; add " + std::string(remedy)};
}

}  // namespace

Result<void> check_voice(const Plan& plan) {
  const bool needs_greeting = plan.voicemail && plan.voicemail->greeting.content.empty();
  if (!needs_greeting || plan.voice.greeting != kVoicemailGreeting) return {};
  return check_is_english(spoken(plan, plan.voicemail->greeting), "greeting",
                          "\"greeting=...\" to PlivoVoice, or \"say=...\" here");
}

Result<void> check_confirm(const Plan& plan) {
  if (!plan.confirm || !plan.confirm->prompt.content.empty()) return {};
  return check_is_english(confirm_prompt(plan), "prompt", "\"say=...\" here");
}

Result<void> check_notice(const Plan& plan) {
  const std::optional<Prompt> notice = record_notice(plan);
  if (!notice || !plan.recording->notice->content.empty()) return {};
  return check_is_english(*notice, "notice", "\"say=...\" here");
}

bool continues_in_document(const Plan& plan, const Stage& stage) {
  const std::string* redirect = stage_attribute(plan, stage, "redirect");
  return redirect && *redirect == "false";
}

std::string describe(const CallerId& caller_id) {
  switch (caller_id.kind) {
    case CallerId::Kind::kPlivo:
      return "Plivo's own";
    case CallerId::Kind::kCaller:
      return "the caller's number";
    case CallerId::Kind::kCalled:
      return "the number that was called";
    case CallerId::Kind::kNumber:
      return caller_id.number;
  }
  return "";
}

// Lines for a schedule's hours and for the time without do not ring in one call.
long longest_ringing(const Plan& plan) {
  long sum = 0;
  std::map<std::string_view, std::pair<long, long>> scheduled;  // while it is open, and closed
  for (const Stage& stage : plan.stages) {
    auto& [open, closed] = scheduled[stage.when.schedule];
    const long seconds = ringing(plan, stage);
    (stage.when.open ? open : closed) += seconds;
  }
  for (const auto& [name, seconds] : scheduled) sum += std::max(seconds.first, seconds.second);
  long longest_of_lines = 0;
  for (const auto& [index, line] : all_lines(plan)) {
    if (line->kind != FollowUp::Kind::kDial) continue;
    longest_of_lines = std::max(longest_of_lines, ringing(plan, line->dial));
  }
  return sum + longest_of_lines;
}

std::vector<std::pair<std::string_view, Position>> schedules_of(const Plan& plan) {
  std::vector<std::pair<std::string_view, Position>> schedules;
  const auto note = [&](const When& when, const Position& position) {
    const auto is_same = [&](const auto& known) { return known.first == when.schedule; };
    if (when.schedule.empty() || std::ranges::any_of(schedules, is_same)) return;
    schedules.emplace_back(when.schedule, position);
  };
  if (plan.begin) {
    note(plan.begin->when, plan.begin->position);
    note(plan.begin->when_of_map, plan.begin->position);
  }
  for (const Stage& stage : plan.stages) {
    note(stage.when, stage.position);
    note(stage.when_of_map, stage.position);
  }
  return schedules;
}

bool rings_at(const Stage& stage, const Hours* hours) {
  return holds(stage.when, hours) && holds(stage.when_of_map, hours);
}

std::size_t open_stage(const Plan& plan, std::size_t first, const Hours* hours) {
  while (first < plan.stages.size() && !rings_at(plan.stages[first], hours)) ++first;
  return std::min(first, plan.stages.size());
}

}  // namespace plivo_dial
