// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/answer_book.h"

#include <algorithm>

namespace plivo_dial {
namespace {

// Attributes of all layers; the top one wins for each name.
Attributes flatten(const AttributeLayer* layer) {
  Attributes attributes;
  for (; layer != nullptr; layer = layer->below) {
    for (const Attribute& attribute : *layer->own) {
      if (find_attribute(attributes, attribute.name) == nullptr) attributes.push_back(attribute);
    }
  }
  return attributes;
}

Plan plan_of(const DirConfig& config, std::string name) {
  Plan plan;
  plan.name = std::move(name);
  if (config.prompts != nullptr) {
    for (const PromptLine& line : *config.prompts) plan.prompts.push_back(line.prompt);
  }
  if (config.stages != nullptr) {
    for (const StageLine& line : *config.stages) plan.stages.push_back(line.stage);
  }
  plan.dial_defaults = flatten(config.dial_defaults);
  if (config.caller_id != nullptr) plan.caller_id = *config.caller_id;
  if (config.voicemail != nullptr) plan.voicemail = config.voicemail->voicemail;
  if (config.voice != nullptr) plan.voice = config.voice->voice;
  return plan;
}

// The position of the first stage that can't do without PlivoPublicURL.
const StageLine* stage_without_url(const DirConfig& config, const Plan& plan) {
  if (config.stages == nullptr) return nullptr;
  for (const StageLine& line : *config.stages) {
    const bool complete = stage_attribute(plan, line.stage, "action") != nullptr &&
                          stage_attribute(plan, line.stage, "callbackUrl") != nullptr;
    if (!complete) return &line;
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

Result<void> check_stages(const DirConfig& config, const Plan& plan) {
  if (config.stages == nullptr) return {};
  for (const StageLine& line : *config.stages) {
    const Result<void> checked = check_stage(plan, line.stage);
    if (checked) continue;
    return Error{to_string(line.position) + ": PlivoDial: " + checked.error().message};
  }
  return {};
}

bool is_all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The requests of one call may come to several Locations around one plan.
std::string name_of_plan(const DirConfig& config) {
  const std::string_view location =
      config.plan_location == nullptr ? location_of(config) : config.plan_location;
  return location.empty() ? "/" : std::string(location);
}

}  // namespace

Result<ResolvedPlan> resolve_plan(const DirConfig& config, std::string name) {
  ResolvedPlan resolved;
  resolved.position = config.position;
  resolved.plan = plan_of(config, std::move(name));
  if (config.stages != nullptr) {
    for (const StageLine& line : *config.stages) resolved.stage_positions.push_back(line.position);
  }
  if (config.prompts != nullptr) {
    for (const PromptLine& line : *config.prompts) {
      resolved.prompt_positions.push_back(line.position);
    }
  }
  if (config.voicemail != nullptr) resolved.voicemail_position = config.voicemail->position;
  if (config.voice != nullptr) resolved.voice_position = config.voice->position;
  if (Result<void> checked = check_stages(config, resolved.plan); !checked) return checked.error();
  if (const Result<void> checked = check_voice(resolved.plan); !checked) {
    return Error{to_string(config.voicemail->position) +
                 ": PlivoVoicemail: " + checked.error().message};
  }
  if (config.public_url != nullptr) {
    const std::string base = config.public_url->url.join(location_of(config));
    resolved.urls.action = url_of_endpoint(base, Endpoint::kAction);
    resolved.urls.callback = url_of_endpoint(base, Endpoint::kCallback);
    resolved.urls.recording = url_of_endpoint(base, Endpoint::kRecording);
  } else if (voicemail_needs_url(resolved.plan)) {
    return Error{to_string(config.voicemail->position) +
                 ": PlivoVoicemail needs the address under which Plivo reaches this server, for "
                 "action and callbackUrl: add PlivoPublicURL https://your.host"};
  } else if (const StageLine* line = stage_without_url(config, resolved.plan)) {
    return Error{to_string(line->position) +
                 ": PlivoDial needs the address under which Plivo reaches this server, for action "
                 "and callbackUrl: add PlivoPublicURL https://your.host"};
  }
  resolved.urls.action_fragment = action_fragment(config);
  resolved.urls.callback_fragment = callback_fragment(config);
  return resolved;
}

Result<std::string_view> document_of(const ResolvedPlan& plan, const Step& step, bool with_prompts,
                                     const CallFacts& facts, std::string& buffer) {
  if (plan.prepared && facts.round.empty()) {
    return with_prompts ? plan.prepared->answer() : plan.prepared->document(step);
  }
  Result<std::string> rendered = render_step(plan.plan, plan.urls, step, with_prompts, facts);
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
      name = "+" + place->first;
    } else if (location.numbers->otherwise != nullptr) {
      section = location.numbers->otherwise;
      name += " default";
    }
  }
  if (section == nullptr) return {&location, std::move(name)};
  DirConfig* merged = merge_dir_config(pool, location, *section->config);
  merged->position = section->position;
  return {merged, std::move(name)};
}

std::string_view our_number(const Webhook& webhook) {
  const bool placed_by_us = webhook.direction == std::string_view("outbound");
  std::string_view number = (placed_by_us ? webhook.from : webhook.to).value_or("");
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
