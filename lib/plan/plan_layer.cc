// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/plan_layer.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "lib/base/text.h"
#include "lib/plan/answer.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/follow_up.h"
#include "lib/plan/prompt_arguments.h"
#include "lib/plan/ring_order.h"

namespace plivo_dial {
namespace {

// The list of this section, made on its first use.
template <class T>
std::vector<T>& own_list(std::optional<std::vector<T>>& list) {
  return list ? *list : list.emplace();
}

template <Prompt::Kind kKind>
Result<void> read_prompt(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<Prompt> prompt = parse_prompt(kKind, arguments);
  if (!prompt) return prompt.error();
  prompt->position = position;
  own_list(lines.prompts).push_back(std::move(*prompt));
  return {};
}

Result<void> read_dial(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<Stage> stage = parse_stage(arguments);
  if (!stage) return stage.error();
  stage->position = position;
  std::vector<Stage> more = stages_of(std::move(*stage));
  const std::size_t before = lines.stages ? lines.stages->size() : 0;
  if (before + more.size() > kMaxStages) {
    return Error{"a plan has at most " + std::to_string(kMaxStages) + " stages"};
  }
  std::ranges::move(more, std::back_inserter(own_list(lines.stages)));
  return {};
}

// Takes when= out of the words of PlivoAnswer.
Result<When> take_when(std::vector<std::string_view>& words) {
  constexpr std::string_view kWhen = "when=";
  const auto is_when = [&](std::string_view word) { return word.starts_with(kWhen); };
  const auto place = std::ranges::find_if(words, is_when);
  if (place == words.end()) return When{};
  const std::string_view value = place->substr(kWhen.size());
  words.erase(place);
  if (std::ranges::any_of(words, is_when)) return Error{"when= is given twice; leave one out"};
  return parse_when(value);
}

Result<void> read_begin(Arguments arguments, const Position& position, PlanLines& lines) {
  std::vector<std::string_view> words(arguments.begin(), arguments.end());
  Result<When> when = take_when(words);
  if (!when) return when.error();
  if (words.empty()) return Error{"write what follows, such as menu=main"};
  if (lines.begin) {
    return Error{"a section has one line of PlivoAnswer or PlivoXML, and there is one at " +
                 to_string(lines.begin->position) + "; leave one of them out"};
  }
  Result<FollowUp> line = parse_step(words);
  if (!line) return line.error();
  line->when = std::move(when).value();
  if (line->kind == FollowUp::Kind::kMessage) {
    return Error{"sms= tells of a dial that nobody took; write it as a line of PlivoOn"};
  }
  stand_at(position, *line);
  lines.begin = std::move(*line);
  return {};
}

Result<void> read_document(Arguments arguments, const Position& position, PlanLines& lines) {
  const std::string step = "xml=" + std::string(arguments.front());
  const std::string_view word = step;
  return read_begin({&word, 1}, position, lines);
}

Result<void> read_follow_up(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<FollowUp> line = parse_follow_up(arguments);
  if (!line) return line.error();
  std::vector<FollowUp>& others = own_list(lines.follow_ups);
  if (Result<void> checked = check_follow_up(others, *line); !checked) return checked;
  stand_at(position, *line);
  others.push_back(std::move(*line));
  return {};
}

Result<void> read_voicemail(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<std::optional<Voicemail>> voicemail = parse_voicemail(arguments);
  if (!voicemail) return voicemail.error();
  if (*voicemail) (*voicemail)->position = position;
  lines.voicemail = {std::move(*voicemail), position};
  return {};
}

Result<void> read_confirm(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<std::optional<Confirm>> confirm = parse_confirm(arguments);
  if (!confirm) return confirm.error();
  if (*confirm) (*confirm)->position = position;
  lines.confirm = {std::move(*confirm)};
  return {};
}

Result<void> read_recording(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<std::optional<CallRecording>> recording = parse_recording(arguments);
  if (!recording) return recording.error();
  if (*recording) (*recording)->position = position;
  lines.recording = {std::move(*recording)};
  return {};
}

// A later line of a section wins.
Result<void> read_dial_default(Arguments arguments, const Position&, PlanLines& lines) {
  Result<Attributes> attributes = parse_dial_defaults(arguments);
  if (!attributes) return attributes.error();
  if (lines.dial_defaults) add_missing(*lines.dial_defaults, *attributes);
  lines.dial_defaults = std::move(*attributes);
  return {};
}

Result<void> read_caller_id(Arguments arguments, const Position&, PlanLines& lines) {
  Result<CallerId> caller_id = parse_caller_id(arguments.front());
  if (!caller_id) return caller_id.error();
  lines.caller_id = std::move(*caller_id);
  return {};
}

Result<void> read_voice(Arguments arguments, const Position& position, PlanLines& lines) {
  Result<Voice> voice = parse_voice(arguments);
  if (!voice) return voice.error();
  Result<std::string> fallback = fallback_document_of(*voice);
  if (!fallback) return fallback.error();
  voice->position = position;
  lines.voice = {std::move(*voice), std::move(*fallback)};
  return {};
}

struct PlanDirective {
  std::string_view name;
  Result<void> (*read)(Arguments arguments, const Position& position, PlanLines& lines);
};

constexpr auto kDirectives = std::to_array<PlanDirective>({
    {"PlivoSpeak", read_prompt<Prompt::Kind::kSpeak>},
    {"PlivoPlay", read_prompt<Prompt::Kind::kPlay>},
    {"PlivoWait", read_prompt<Prompt::Kind::kWait>},
    {"PlivoDial", read_dial},
    {"PlivoAnswer", read_begin},
    {"PlivoXML", read_document},
    {"PlivoOn", read_follow_up},
    {"PlivoConfirm", read_confirm},
    {"PlivoRecord", read_recording},
    {"PlivoVoicemail", read_voicemail},
    {"PlivoDialDefault", read_dial_default},
    {"PlivoCallerId", read_caller_id},
    {"PlivoVoice", read_voice},
});

}  // namespace

Result<void> read_plan_line(std::string_view name, std::span<const std::string_view> arguments,
                            const Position& position, PlanLines& lines) {
  for (const PlanDirective& directive : kDirectives) {
    if (equals_ignoring_case(directive.name, name)) {
      return directive.read(arguments, position, lines);
    }
  }
  return Error{"is no directive of a plan"};
}

Result<void> add_menu(Menu menu, PlanLines& lines) {
  std::vector<Menu>& menus = own_list(lines.menus);
  const auto other = std::ranges::find(menus, menu.name, &Menu::name);
  if (other != menus.end()) {
    return Error{"the menu " + menu.name + " has a section already (" + to_string(other->position) +
                 ")"};
  }
  if (menus.size() == kMaxMenus) {
    return Error{"a section has at most " + std::to_string(kMaxMenus) + " menus"};
  }
  menus.push_back(std::move(menu));
  return {};
}

bool says_something(const PlanLayer* top) {
  return uppermost(top, &PlanLines::begin) != nullptr ||
         uppermost(top, &PlanLines::prompts) != nullptr ||
         uppermost(top, &PlanLines::stages) != nullptr ||
         uppermost(top, &PlanLines::voicemail) != nullptr;
}

bool does_something(const PlanLayer* top) {
  const VoicemailLine* const voicemail = uppermost(top, &PlanLines::voicemail);
  return uppermost(top, &PlanLines::begin) != nullptr ||
         uppermost(top, &PlanLines::prompts) != nullptr ||
         uppermost(top, &PlanLines::stages) != nullptr ||
         (voicemail != nullptr && voicemail->voicemail);
}

namespace {

// Menus of the sections around are for whoever leads to them.
void keep_reached_menus(Plan& plan) {
  for (const Menu& menu : plan.menus) plan.menu_names.push_back(menu.name);
  std::vector<std::string_view> reached;
  const auto note = [&](const FollowUp& line) {
    if (line.kind != FollowUp::Kind::kMenu) return;
    if (std::ranges::find(reached, line.menu) == reached.end()) reached.push_back(line.menu);
  };
  if (plan.begin) note(*plan.begin);
  for (const FollowUp& line : plan.follow_ups) note(line);
  for (std::size_t i = 0; i < reached.size(); ++i) {
    const std::optional<std::size_t> menu = menu_named(plan, reached[i]);
    if (!menu) continue;
    for (const Menu::Line& line : plan.menus[*menu].lines) note(line.step);
  }
  std::vector<Menu> kept;
  for (const Menu& menu : plan.menus) {
    if (std::ranges::find(reached, menu.name) != reached.end()) kept.push_back(menu);
  }
  plan.menus = std::move(kept);
}

}  // namespace

Plan plan_of(const PlanLayer* top, std::string name) {
  Plan plan;
  plan.name = std::move(name);
  if (const auto* prompts = uppermost(top, &PlanLines::prompts)) plan.prompts = *prompts;
  if (const auto* stages = uppermost(top, &PlanLines::stages)) plan.stages = *stages;
  if (const auto* begin = uppermost(top, &PlanLines::begin)) plan.begin = *begin;
  if (const auto* lines = uppermost(top, &PlanLines::follow_ups)) plan.follow_ups = *lines;
  if (const auto* caller_id = uppermost(top, &PlanLines::caller_id)) plan.caller_id = *caller_id;
  if (const auto* line = uppermost(top, &PlanLines::confirm)) plan.confirm = line->confirm;
  if (const auto* line = uppermost(top, &PlanLines::recording)) plan.recording = line->recording;
  if (const auto* line = uppermost(top, &PlanLines::voicemail)) plan.voicemail = line->voicemail;
  if (const auto* line = uppermost(top, &PlanLines::voice)) plan.voice = line->voice;
  for (; top != nullptr; top = top->below) {
    if (top->lines->dial_defaults) add_missing(*top->lines->dial_defaults, plan.dial_defaults);
    if (!top->lines->menus) continue;
    for (const Menu& menu : *top->lines->menus) {
      if (!menu_named(plan, menu.name)) plan.menus.push_back(menu);
    }
  }
  keep_reached_menus(plan);
  return plan;
}

}  // namespace plivo_dial
