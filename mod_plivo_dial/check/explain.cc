// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/explain.h"

#include <vector>

#include "lib/base/wall_clock.h"
#include "lib/plan/follow_up.h"
#include "lib/route/caller_rules.h"
#include "lib/schedule/date_text.h"
#include "lib/tables/hours_at.h"
#include "mod_plivo_dial/check/server_name.h"
#include "mod_plivo_dial/check/shown_plan.h"
#include "mod_plivo_dial/config/answer_book.h"
#include "mod_plivo_dial/config/routed_plan.h"
#include "mod_plivo_dial/config/sections.h"
#include "mod_plivo_dial/state.h"

namespace plivo_dial {
namespace {

// The steps of a call to one Location.
class Explanation {
 public:
  Explanation(apr_pool_t* scratch, const DirConfig& config, const CallQuestion& question)
      : scratch_(scratch), config_(config), question_(question) {}

  std::vector<ExplainedStep> take() {
    const Result<ResolvedPlan> plan = choose_plan();
    if (!plan) {
      add("fault", plan.error().message, "");
      return std::move(steps_);
    }
    if (judge_caller(*plan)) return std::move(steps_);
    hours_ = hours();
    walk(plan->plan);
    tell_schedules();
    return std::move(steps_);
  }

 private:
  void add(const char* what, std::string text, const Position& position) {
    add(what, std::move(text), position.file == nullptr ? "" : to_string(position));
  }
  void add(const char* what, std::string text, std::string position) {
    steps_.push_back({what, std::move(text), std::move(position)});
  }

  std::optional<HoursAt> hours() {
    if (g_config.tables == nullptr) return std::nullopt;
    return HoursAt::asked_for(*g_config.tables, tables(), parse_asked_time(question_.at),
                              wall_clock_us());
  }

  const TablesView* tables() {
    if (g_config.tables == nullptr) return nullptr;
    if (!view_) view_ = g_config.tables->current(wall_clock_us());
    return view_.get();
  }

  Result<ResolvedPlan> choose_plan() {
    const auto route =
        route_for(config_, tables(), {question_.to, question_.from, question_.forwarded});
    if (!route) {
      if (config_.route_map != nullptr) {
        add("map",
            tables() == nullptr ? "the tables are not there: start httpd, or run "
                                  "plivo-dialctl compile"
                                : "no line of the map is for the call",
            config_.route_map->position);
      }
      Decision decision = decide(scratch_, config_, question_.to);
      add("section", decision.name, decision.config->position);
      return resolve_plan(*decision.config, std::move(decision.name));
    }
    const std::string line = config_.route_map->path + ":" + std::to_string(route->route.line);
    add("map",
        "the line for " +
            to_string(RouteKey{route->kind, {std::string(route->digits), route->is_prefix}}),
        line);
    DirConfig alone = config_;
    const std::string name(route->route.plan);
    if (name.empty()) alone.numbers = nullptr;
    Decision decision = decide(scratch_, alone, name);
    if (!name.empty()) add("section", decision.name, decision.config->position);
    const Result<ResolvedPlan> base = resolve_plan(*decision.config, std::move(decision.name));
    if (!base) return base.error();
    return routed_plan(*base, route->route, config_.route_map->path);
  }

  // Whether the call ends there.
  bool judge_caller(const ResolvedPlan& plan) {
    if (plan.callers == nullptr) return false;
    const auto verdict = plan.callers->verdict(question_.from, view_.get());
    if (!verdict) {
      add("caller", "is taken", "");
      return false;
    }
    add("caller", "is turned away: " + std::string(to_string(verdict->action)), verdict->position);
    if (verdict->action == CallerAction::kVoicemail) tell_not_reached(plan.plan);
    return true;
  }

  const Hours* now() const { return hours_ ? &*hours_ : nullptr; }

  // As if nobody answered.
  void walk(const Plan& plan) {
    for (const Prompt& prompt : plan.prompts) {
      add("prompt", describe_prompt(spoken(plan, prompt)), prompt.position);
    }
    if (plan.begin && !(holds(plan.begin->when, now()) && holds(plan.begin->when_of_map, now()))) {
      add("skipped", describe_step(*plan.begin) + " when=" + to_string(plan.begin->when),
          plan.begin->position);
    }
    Step step = first_step(plan, now());
    std::size_t passed = 0;
    for (std::size_t i = 0; i <= 2 * kMaxStages; ++i) {
      if (step.kind != Step::Kind::kDial || step.stage >= kMaxStages) break;
      tell_skipped(plan, passed, step.stage);
      tell_stage(plan, step.stage);
      passed = step.stage + 1;
      step =
          step_after_stage(plan, passed, DialStatus::kNoAnswer, CallStatus::kInProgress, 0, now());
    }
    const bool is_end = step.kind != Step::Kind::kDial;
    if (is_end && passed < plan.stages.size() && (passed > 0 || !plan.begin)) {
      tell_skipped(plan, passed, plan.stages.size());
    }
    tell_end(plan, step);
    for (const FollowUp& line : plan.follow_ups) add("on", describe(line), line.position);
  }

  void tell_skipped(const Plan& plan, std::size_t from, std::size_t to) {
    for (; from < to; ++from) {
      const Stage& stage = plan.stages[from];
      if (rings_at(stage, now())) continue;
      add("skipped", describe_stage(stage), stage.position);
    }
  }

  void tell_stage(const Plan& plan, std::size_t index) {
    const Stage& stage = plan.stages[index];
    add("stage", describe_stage(stage), stage.position);
  }

  void tell_not_reached(const Plan& plan) {
    if (plan.voicemail) return add("not_reached", "voicemail", plan.voicemail->position);
    add("not_reached", "\"" + plan.voice.apology + "\"", plan.voice.position);
  }

  void tell_end(const Plan& plan, const Step& step) {
    switch (step.kind) {
      case Step::Kind::kNotReached:
        return tell_not_reached(plan);
      case Step::Kind::kMenu:
        return add("menu", plan.menus[step.stage].name, plan.menus[step.stage].position);
      case Step::Kind::kDial:
      case Step::Kind::kFollowUp: {
        const std::size_t index =
            step.kind == Step::Kind::kDial ? step.stage - kMaxStages : step.stage;
        const FollowUp* const line = line_at(plan, index);
        if (line != nullptr) add("leads_to", describe_step(*line), line->position);
        return;
      }
      case Step::Kind::kConfirm:
      case Step::Kind::kMusic:
      case Step::Kind::kHangUp:
      case Step::Kind::kEnd:
        break;
    }
    add("ends", "the call ends", "");
  }

  // Those that were asked for on the way, in front of all that they decide.
  void tell_schedules() {
    if (!hours_) return;
    std::vector<ExplainedStep> told;
    for (const auto& [name, state] : hours_->asked()) {
      const std::string how = !state.known ? "is not known, and taken as open"
                              : state.open ? "is open: " + std::string(state.reason)
                                           : "is closed: " + std::string(state.reason);
      std::string position;
      for (const ScheduleLine& line : g_config.tables->config().schedules) {
        if (line.arguments.front() == name) position = line.position;
      }
      told.push_back({"schedule", std::string(name) + " " + how, position});
    }
    std::size_t before = 0;
    while (before < steps_.size() &&
           (steps_[before].what == "map" || steps_[before].what == "section" ||
            steps_[before].what == "caller")) {
      ++before;
    }
    steps_.insert(steps_.begin() + static_cast<std::ptrdiff_t>(before), told.begin(), told.end());
  }

  apr_pool_t* const scratch_;
  const DirConfig& config_;
  const CallQuestion& question_;
  std::shared_ptr<const TablesView> view_;
  std::optional<HoursAt> hours_;
  std::vector<ExplainedStep> steps_;
};

}  // namespace

std::optional<CallQuestion> question_of_call() {
  for (int i = 0; i < ap_server_config_defines->nelts; ++i) {
    const char* const define =
        reinterpret_cast<const char* const*>(ap_server_config_defines->elts)[i];
    if (std::optional<CallQuestion> question = question_in(define)) return question;
  }
  return std::nullopt;
}

std::vector<ExplainedCall> explain_call(apr_pool_t* scratch, server_rec* main_server,
                                        CallQuestion question) {
  if (question.to.starts_with('+')) question.to.erase(0, 1);
  // Nobody that a map or a list names.
  if (question.from.empty()) question.from = "sip:unknown@invalid";
  std::vector<ExplainedCall> calls;
  for (const Section& section : merged_sections(scratch, main_server)) {
    const DirConfig& config = *section.config;
    if (!section.serves || configured_endpoint(config) != Endpoint::kAnswer) continue;
    calls.push_back({server_name(*section.server), section.path, to_string(config.position),
                     Explanation(scratch, config, question).take()});
  }
  return calls;
}

}  // namespace plivo_dial
