// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/prepared_answers.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/document/places.h"
#include "lib/plan/follow_up.h"

namespace plivo_dial {
namespace {

bool names_parameters(const Plan& plan) {
  const auto has = [](const Attributes& attributes) {
    return std::ranges::any_of(attributes, [](const Attribute& attribute) {
      return takes_places("Dial", attribute.name) && has_places(attribute.value);
    });
  };
  return std::ranges::any_of(all_stages(plan), [&](const Stage* stage) {
    return has(stage->attributes) || has(plan.dial_defaults) ||
           std::ranges::any_of(stage->targets,
                               [&](const Target& target) { return has(target.attributes); });
  });
}

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
  const auto is_sent = [](const FollowUp& line) { return line.kind == FollowUp::Kind::kMessage; };
  if (std::ranges::any_of(plan.follow_ups, is_sent)) return true;
  if (names_parameters(plan) || continues_by_schedule(plan)) return true;
  const auto is_drawn = [](const Stage& stage) { return stage.ring == Ring::kRandom; };
  if (std::ranges::any_of(plan.stages, is_drawn)) return true;
  if (plan.caller_id.kind != CallerId::Kind::kCaller &&
      plan.caller_id.kind != CallerId::Kind::kCalled) {
    return false;
  }
  return std::ranges::any_of(all_stages(plan), [&](const Stage* stage) {
    return stage_attribute(plan, *stage, "callerId") == nullptr;
  });
}

Result<PreparedAnswers> PreparedAnswers::prepare(const Plan& plan, const AnswerUrls& urls) {
  PreparedAnswers answers;
  const auto render = [&](const Step& step, bool with_prompts, const std::string& name,
                          std::string& out) -> Result<void> {
    Result<std::string> document = render_step(plan, urls, step, with_prompts, CallFacts{});
    if (!document) return Error{name + document.error().message};
    out = std::move(document).value();
    return {};
  };
  Result<void> done;
  for (const Step& step : beginnings_of(plan)) {
    if (!done) break;
    Beginning& beginning = answers.answers_.emplace_back(step, std::string());
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
    std::string largest;
    const Step step{Step::Kind::kMenu, i, kMaxWalk, plan.menus[i].retries};
    done = render(step, false, "<PlivoMenu " + plan.menus[i].name + ">: ", largest);
  }
  const std::pair<Step::Kind, std::string*> constant[] = {
      {Step::Kind::kNotReached, &answers.not_reached_},
      {Step::Kind::kHangUp, &answers.hang_up_},
      {Step::Kind::kEnd, &answers.end_}};
  if (done && plan.confirm) {
    done = render({Step::Kind::kConfirm, 0}, false, "PlivoConfirm: ", answers.confirm_);
  }
  for (const auto& [kind, document] : constant) {
    if (done) done = render({kind, 0}, false, "", *document);
  }
  if (!done) return done.error();
  return answers;
}

std::string_view PreparedAnswers::answer(const Step& step) const {
  for (const Beginning& beginning : answers_) {
    if (beginning.step == step) return beginning.document;
  }
  return answers_.front().document;
}

std::string_view PreparedAnswers::document(const Step& step) const {
  switch (step.kind) {
    case Step::Kind::kDial:
      if (step.stage < stages_.size()) return stages_[step.stage];
      if (const auto line = lines_.find(step.stage - kMaxStages);
          step.stage >= kMaxStages && line != lines_.end()) {
        return line->second;
      }
      break;
    case Step::Kind::kFollowUp:
      return lines_.at(step.stage);
    case Step::Kind::kMenu:
      break;
    case Step::Kind::kConfirm:
      return confirm_;
    case Step::Kind::kNotReached:
      break;
    case Step::Kind::kHangUp:
      return hang_up_;
    case Step::Kind::kEnd:
      return end_;
  }
  return not_reached_;
}

}  // namespace plivo_dial
