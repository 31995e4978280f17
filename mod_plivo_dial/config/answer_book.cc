// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/answer_book.h"

#include <algorithm>

#include "lib/base/text.h"
#include "lib/plan/follow_up.h"
#include "lib/plan/ringback.h"
#include "lib/route/caller_rules.h"
#include "lib/webhook/continuation.h"

namespace plivo_dial {
namespace {

// The first stage that can't do without PlivoPublicURL.
const Stage* stage_without_url(const Plan& plan) {
  const std::vector<const Stage*> stages = all_stages(plan);
  const auto found = std::ranges::find_if(stages, [&](const Stage* stage) {
    return stage_attribute(plan, *stage, "action") == nullptr ||
           stage_attribute(plan, *stage, "callbackUrl") == nullptr || is_confirmed(plan, *stage) ||
           ringback_of(plan, *stage);
  });
  return found == stages.end() ? nullptr : *found;
}

// The first line that leads to a question, whose keys come to us.
const FollowUp* line_to_menu(const Plan& plan) {
  for (const auto& [index, line] : all_lines(plan)) {
    if (line->kind == FollowUp::Kind::kMenu) return line;
  }
  return nullptr;
}

bool voicemail_needs_url(const Plan& plan) {
  if (!plan.voicemail) return false;
  const auto has = [&](const char* name) {
    return find_attribute(plan.voicemail->attributes, name) != nullptr;
  };
  return !has("action") || !has("callbackUrl") ||
         (has("transcriptionType") && !has("transcriptionUrl"));
}

Result<void> check_lines(const Plan& plan) {
  for (const Stage* stage : all_stages(plan)) {
    const Result<void> checked = check_stage(plan, *stage);
    if (!checked) {
      return Error{to_string(stage->position) + ": " + std::string(directive_of(plan, *stage)) +
                   ": " + checked.error().message};
    }
  }
  for (const auto& [index, line] : all_lines(plan)) {
    const Result<void> checked = check_fits(plan, *line);
    if (checked) continue;
    return Error{to_string(line->position) + ": " + std::string(directive_of_line(index)) + ": " +
                 checked.error().message};
  }
  const auto lines = all_lines(plan);
  if (!lines.empty() && lines.back().first >= kMenuLines + kMostMenuLines) {
    return Error{to_string(plan.menus.back().position) + ": <PlivoMenu " + plan.menus.back().name +
                 ">: the menus of the plan " + plan.name + " have more than " +
                 std::to_string(kMostMenuLines) + " lines of PlivoKey; leave some out"};
  }
  if (const Result<void> checked = check_confirm(plan); !checked) {
    return Error{to_string(plan.confirm->position) + ": PlivoConfirm: " + checked.error().message};
  }
  if (const Result<void> checked = check_notice(plan); !checked) {
    return Error{to_string(plan.recording->position) + ": PlivoRecord: " + checked.error().message};
  }
  const Result<void> checked = check_voice(plan);
  if (checked) return {};
  return Error{to_string(plan.voicemail->position) +
               ": PlivoVoicemail: " + checked.error().message};
}

// The error of a line that hands URLs of ours to Plivo, where nobody has said what they begin with.
Error needs_public_url(const Position& position, const std::string& directive) {
  return Error{to_string(position) + ": " + directive +
               " needs the address under which Plivo reaches this server, for action and "
               "callbackUrl: add PlivoPublicURL https://your.host"};
}

// The requests of one call may come to several Locations around one plan.
std::string name_of_plan(const DirConfig& config) {
  const std::string_view location =
      config.plan_location == nullptr ? location_of(config) : config.plan_location;
  return location.empty() ? "/" : std::string(location);
}

Result<void> check_callers(const ResolvedPlan& resolved) {
  const Position* const line =
      resolved.callers == nullptr ? nullptr : resolved.callers->leads_to_voicemail();
  if (line == nullptr || resolved.plan.voicemail) return {};
  return Error{to_string(*line) + ": action=voicemail: voicemail is not on in the plan " +
               resolved.plan.name + "; add PlivoVoicemail On, or write another action"};
}

// Lines of PlivoOn may be for other sections than the one that they are inherited by.
void drop_idle_lines(ResolvedPlan& resolved) {
  // A document of the administrator's own may dial, and have us asked what follows.
  const auto is_followed = [](const auto& line) {
    return line.first >= kBeginLine && (line.second->kind == FollowUp::Kind::kDial ||
                                        line.second->kind == FollowUp::Kind::kDocument);
  };
  if (!resolved.plan.stages.empty()) return;
  if (std::ranges::any_of(all_lines(resolved.plan), is_followed)) return;
  for (const FollowUp& line : resolved.plan.follow_ups) {
    resolved.idle_lines.push_back(line.position);
  }
  resolved.plan.follow_ups.clear();
}

}  // namespace

Result<ResolvedPlan> resolve_plan(const DirConfig& config, std::string name) {
  ResolvedPlan resolved;
  resolved.position = config.position;
  resolved.plan = plan_of(config.plan, std::move(name));
  drop_idle_lines(resolved);
  resolved.callers = config.callers;
  if (Result<void> checked = check_callers(resolved); !checked) return checked.error();
  if (Result<void> checked = check_lines(resolved.plan); !checked) return checked.error();
  if (config.public_url != nullptr) {
    const std::string base = config.public_url->url.join(location_of(config));
    resolved.urls.action = url_of_endpoint(base, Endpoint::kAction);
    resolved.urls.callback = url_of_endpoint(base, Endpoint::kCallback);
    resolved.urls.confirm = url_of_endpoint(base, Endpoint::kConfirm);
    resolved.urls.music = url_of_endpoint(base, Endpoint::kMusic);
    resolved.urls.recording = url_of_endpoint(base, Endpoint::kRecording);
  } else if (voicemail_needs_url(resolved.plan)) {
    return needs_public_url(resolved.plan.voicemail->position, "PlivoVoicemail");
  } else if (const FollowUp* line = line_to_menu(resolved.plan)) {
    return needs_public_url(line->position, "menu=" + line->menu);
  } else if (const Stage* stage = stage_without_url(resolved.plan)) {
    return needs_public_url(stage->position, std::string(directive_of(resolved.plan, *stage)));
  }
  resolved.urls.action_fragment = action_fragment(config);
  resolved.urls.callback_fragment = callback_fragment(config);
  return resolved;
}

const SlottedDocument* prepared_document(const ResolvedPlan& plan, const Step& step,
                                         bool with_prompts, const CallFacts& facts) {
  if (!plan.prepared || !facts.round.empty()) return nullptr;
  return plan.prepared->find(step, with_prompts);
}

Result<std::string_view> document_of(const ResolvedPlan& plan, const Step& step, bool with_prompts,
                                     const CallFacts& facts, std::string& buffer) {
  const SlottedDocument* const prepared = prepared_document(plan, step, with_prompts, facts);
  if (prepared != nullptr && prepared->is_constant()) return prepared->constant();
  Result<std::string> rendered = prepared != nullptr
                                     ? prepared->fill(facts)
                                     : render_step(plan.plan, plan.urls, step, with_prompts, facts);
  if (!rendered) return rendered.error();
  buffer = std::move(rendered).value();
  return std::string_view(buffer);
}

Decision decide(apr_pool_t* pool, const DirConfig& location, std::string_view digits) {
  const NumberSection* section = nullptr;
  std::string name = name_of_plan(location);
  if (location.numbers != nullptr) {
    const auto place = location.numbers->sections.find(digits);
    if (place != location.numbers->sections.end()) {
      section = &place->second;
      name = is_plan_name(place->first) ? place->first : "+" + place->first;
    } else if (location.numbers->otherwise != nullptr) {
      section = location.numbers->otherwise;
      name += kDefaultPlan;
    }
  }
  if (section == nullptr) return {&location, std::move(name)};
  DirConfig* merged = merge_dir_config(pool, location, *section->config);
  merged->position = section->position;
  return {merged, std::move(name)};
}

bool is_placed_by_us(const Webhook& webhook) {
  return webhook.direction == std::string_view("outbound");
}

std::string_view our_number(const Webhook& webhook) {
  std::string_view number = (is_placed_by_us(webhook) ? webhook.from : webhook.to).value_or("");
  if (!number.empty() && number.front() == '+') number.remove_prefix(1);
  return is_all_digits(number) ? number : std::string_view();
}

namespace {

Result<ResolvedPlan> prepared_plan(apr_pool_t* scratch, const DirConfig& location,
                                   std::string_view digits) {
  Decision decision = decide(scratch, location, digits);
  Result<ResolvedPlan> resolved = resolve_plan(*decision.config, std::move(decision.name));
  if (!resolved) return resolved;
  if (depends_on_request(resolved->plan)) return resolved;
  Result<PreparedAnswers> prepared = PreparedAnswers::prepare(resolved->plan, resolved->urls);
  if (!prepared) return Error{to_string(resolved->position) + ": " + prepared.error().message};
  resolved->prepared = std::move(prepared).value();
  return resolved;
}

}  // namespace

Result<AnswerBook> AnswerBook::make(apr_pool_t* scratch, const DirConfig& location) {
  AnswerBook book;
  DirConfig without_numbers = location;
  without_numbers.numbers = nullptr;
  Result<ResolvedPlan> own = prepared_plan(scratch, without_numbers, "");
  if (!own) return own.error();
  book.own_ = std::move(own).value();
  if (Result<void> added = book.add_numbers(scratch, location); !added) return added.error();
  return book;
}

Result<void> AnswerBook::add_numbers(apr_pool_t* scratch, const DirConfig& location) {
  if (location.numbers == nullptr) return {};
  for (const auto& [digits, section] : location.numbers->sections) {
    Result<ResolvedPlan> plan = prepared_plan(scratch, location, digits);
    if (!plan) return plan.error();
    numbers_.emplace(digits, std::move(plan).value());
  }
  if (location.numbers->otherwise == nullptr) return {};
  Result<ResolvedPlan> plan = prepared_plan(scratch, location, "");
  if (!plan) return plan.error();
  otherwise_ = std::move(plan).value();
  return {};
}

const ResolvedPlan& AnswerBook::find(std::string_view digits) const {
  const auto place = numbers_.find(digits);
  if (place != numbers_.end()) return place->second;
  return otherwise_ ? *otherwise_ : *own_;
}

std::vector<const ResolvedPlan*> AnswerBook::plans() const {
  std::vector<const ResolvedPlan*> plans = {&*own_};
  for (const auto& [digits, plan] : numbers_) plans.push_back(&plan);
  if (otherwise_) plans.push_back(&*otherwise_);
  return plans;
}

const AnswerBook* AnswerBooks::find(const DirConfig& config) const {
  if (!config.layers.countable()) return nullptr;
  const auto place = books_.find(config.layers);
  return place == books_.end() ? nullptr : &place->second;
}

}  // namespace plivo_dial
