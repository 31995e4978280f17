// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/prepared_answers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/plan/follow_up.h"
#include "lib/plan/ringback.h"

namespace plivo_dial {
namespace {

// Which stages stand in one document is then for the request to say.
bool continues_by_schedule(const Plan& plan) {
  const auto is_scheduled = [](const Stage& stage) { return !stage.when.schedule.empty(); };
  return std::ranges::any_of(plan.stages, is_scheduled) &&
         std::ranges::any_of(
             plan.stages, [&](const Stage& stage) { return continues_in_document(plan, stage); });
}

// All that a call may begin with, by whatever schedules say.
std::vector<Step> beginnings_of(const Plan& plan) {
  std::vector<Step> steps = {first_step(plan)};
  if (schedules_of(plan).empty()) return steps;
  for (std::size_t i = 0; i < plan.stages.size(); ++i) steps.push_back({Step::Kind::kDial, i});
  steps.push_back({Step::Kind::kNotReached});
  steps.push_back({Step::Kind::kEnd});
  return steps;
}

// The step that leads to the document of a line of PlivoOn; nothing where it has none of its own.
std::optional<Step> own_step(const FollowUp& line, std::size_t index) {
  switch (line.kind) {
    case FollowUp::Kind::kDial:
      return Step{Step::Kind::kDial, kMaxStages + index};
    case FollowUp::Kind::kPrompt:
    case FollowUp::Kind::kRedirect:
      return Step{Step::Kind::kFollowUp, index};
    default:
      return std::nullopt;
  }
}

}  // namespace

bool depends_on_request(const Plan& plan) {
  const auto is_drawn = [](const Stage& stage) { return stage.ring == Ring::kRandom; };
  return continues_by_schedule(plan) || std::ranges::any_of(plan.stages, is_drawn);
}

Result<PreparedAnswers> PreparedAnswers::prepare(const Plan& plan, const AnswerUrls& urls) {
  PreparedAnswers answers;
  const auto render = [&](const Step& step, bool with_prompts, const std::string& name,
                          SlottedDocument& out) -> Result<void> {
    Slots slots;
    CallFacts facts{"", ""};
    facts.slots = &slots;
    Result<std::string> document = render_step(plan, urls, step, with_prompts, facts);
    if (!document) return Error{name + document.error().message};
    out = SlottedDocument(std::move(document).value(), slots);
    return {};
  };
  Result<void> done;
  for (const Step& step : beginnings_of(plan)) {
    if (!done) break;
    Beginning& beginning = answers.answers_.emplace_back(step, SlottedDocument());
    done = render(step, true, "the answer: ", beginning.document);
  }
  answers.stages_.resize(plan.stages.size());
  for (std::size_t i = 0; done && i < plan.stages.size(); ++i) {
    done = render({Step::Kind::kDial, i}, false, "stage " + std::to_string(i + 1) + ": ",
                  answers.stages_[i]);
  }
  for (const auto& [index, line] : all_lines(plan)) {
    const std::optional<Step> step = own_step(*line, index);
    const std::string name = std::string(directive_of_line(index)) + " " + describe_step(*line);
    if (done && step) done = render(*step, false, name + ": ", answers.lines_[index]);
  }
  for (std::size_t i = 0; done && i < plan.menus.size(); ++i) {
    SlottedDocument largest;
    const Step step{Step::Kind::kMenu, i, kMaxWalk, plan.menus[i].retries};
    done = render(step, false, "<PlivoMenu " + plan.menus[i].name + ">: ", largest);
  }
  const std::pair<Step::Kind, SlottedDocument*> constant[] = {
      {Step::Kind::kNotReached, &answers.not_reached_},
      {Step::Kind::kHangUp, &answers.hang_up_},
      {Step::Kind::kEnd, &answers.end_}};
  if (done && plan.confirm) {
    done = render({Step::Kind::kConfirm, 0}, false, "PlivoConfirm: ", answers.confirm_);
  }
  for (const std::size_t number : ringback_numbers(plan)) {
    if (!done) break;
    done = render({Step::Kind::kMusic, number}, false, "dialMusic: ", answers.musics_[number]);
  }
  for (const auto& [kind, document] : constant) {
    if (done) done = render({kind, 0}, false, "", *document);
  }
  if (!done) return done.error();
  return answers;
}

const SlottedDocument* PreparedAnswers::find(const Step& step, bool with_prompts) const {
  if (with_prompts) {
    const auto same = std::ranges::find(answers_, step, &Beginning::step);
    return same == answers_.end() ? nullptr : &same->document;
  }
  if (step.walk != 0) return nullptr;
  const auto line = [&](std::size_t index) {
    const auto place = lines_.find(index);
    return place == lines_.end() ? nullptr : &place->second;
  };
  switch (step.kind) {
    case Step::Kind::kDial:
      if (step.stage < stages_.size()) return &stages_[step.stage];
      if (step.stage < kMaxStages) return &not_reached_;
      return line(step.stage - kMaxStages);
    case Step::Kind::kFollowUp:
      return line(step.stage);
    case Step::Kind::kMenu:
      return nullptr;
    case Step::Kind::kConfirm:
      return &confirm_;
    case Step::Kind::kMusic: {
      const auto place = musics_.find(step.stage);
      return place == musics_.end() ? nullptr : &place->second;
    }
    case Step::Kind::kNotReached:
      return &not_reached_;
    case Step::Kind::kHangUp:
      return &hang_up_;
    case Step::Kind::kEnd:
      break;
  }
  return &end_;
}

}  // namespace plivo_dial
