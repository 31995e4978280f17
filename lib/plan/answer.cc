// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/answer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/fnv1a.h"
#include "lib/base/text.h"
#include "lib/base/without_plus.h"
#include "lib/document/element.h"
#include "lib/document/places.h"
#include "lib/document/value_check.h"
#include "lib/plan/attribute_argument.h"
#include "lib/plan/follow_up.h"
#include "lib/plan/ring_order.h"
#include "lib/plan/ringback.h"
#include "lib/plan/slots.h"
#include "lib/signature/url.h"
#include "lib/webhook/continuation.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial {
namespace {

// Rendered by hand because it must not be able to fail; a test compares it with render_document.
constexpr std::string_view kFallbackDocument =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><Response><Speak>Sorry, nobody can take your call "
    "right now. Please try again later. Goodbye.</Speak><Hangup/></Response>";

std::string with_count(std::string url, std::string_view name, int count) {
  return count > 0 ? with_query_parameter(url, name, std::to_string(count)) : url;
}

// `url` with the continuation of stage `index` in `round`, and `fragment`.
std::string with_continuation(std::string_view url, std::size_t index, const CallFacts& facts,
                              int walk, std::string_view fragment) {
  std::string whole(url);
  if (index > 0) whole = with_query_parameter(whole, kStageParameter, std::to_string(index + 1));
  if (!facts.round.empty()) whole = with_query_parameter(whole, kRoundParameter, facts.round);
  return with_fragment(with_count(std::move(whole), kWalkParameter, walk), fragment);
}

// The URL of a sound with the plan that it is of.
std::string with_plan(std::string_view url, const Plan& plan) {
  if (is_plan_name(plan.name)) return with_query_parameter(url, kPlanParameter, plan.name);
  if (plan.name.starts_with('+')) return with_query_parameter(url, kNumberParameter, plan.name);
  const bool is_default = plan.name.ends_with(kDefaultPlan);
  return with_query_parameter(url, kNumberParameter, is_default ? kNoNumber : kOwnPlan);
}

void add_ringback(const Plan& plan, std::size_t index, const AnswerUrls& urls, Attributes& out) {
  const std::optional<std::size_t> number = ringback_number(plan, *stage_at(plan, index), index);
  if (!number) return;
  std::string url = with_plan(urls.music, plan);
  if (*number > 0) url = with_query_parameter(url, kStageParameter, std::to_string(*number));
  out.push_back({"dialMusic", with_fragment(url, urls.action_fragment)});
}

// Without what the stage sets itself.
void add_confirm(const Plan& plan, const Stage& stage, const AnswerUrls& urls, Attributes& out) {
  if (!is_confirmed(plan, stage)) return;
  out.push_back(
      {"confirmSound", with_fragment(with_plan(urls.confirm, plan), urls.action_fragment)});
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty() && !stage_attribute(plan, stage, name)) out.push_back({name, value});
  };
  add("confirmKey", plan.confirm->key);
  add("confirmTimeout", plan.confirm->timeout);
}

// `index` as stage_at() takes it.
Attributes dial_attributes(const Plan& plan, std::size_t index, int walk, const AnswerUrls& urls,
                           const CallFacts& facts) {
  const Stage& stage = *stage_at(plan, index);
  const auto set = [&](std::string_view name) { return stage_attribute(plan, stage, name); };
  const auto url = [&](std::string_view name, const std::string& ours) {
    return set(name) ? *set(name) : ours;
  };
  Attributes out;
  if (const std::string action = url("action", urls.action); !action.empty()) {
    out.push_back({"action", with_continuation(action, index, facts, walk, urls.action_fragment)});
    out.push_back({"method", set("method") ? *set("method") : "POST"});
  }
  if (const std::string callback = url("callbackUrl", urls.callback); !callback.empty()) {
    out.push_back(
        {"callbackUrl", with_continuation(callback, index, facts, walk, urls.callback_fragment)});
  }
  const std::string* own_caller_id = set("callerId");
  const std::string caller_id =
      own_caller_id ? *own_caller_id : given_by_request(caller_id_slot(plan.caller_id), facts);
  if (!caller_id.empty()) out.push_back({"callerId", caller_id});
  add_confirm(plan, stage, urls, out);
  add_ringback(plan, index, urls, out);
  add_missing(stage.attributes, out);
  add_missing(plan.dial_defaults, out);
  return out;
}

// Without the attributes that the request leaves empty.
void fill_places(const CallFacts& facts, Element& element) {
  for (Attribute& attribute : element.attributes) {
    if (!takes_places(element.name, attribute.name) || !has_places(attribute.value)) continue;
    attribute.value = given_by_request(places_slot(attribute), facts);
  }
  std::erase_if(element.attributes, [](const Attribute& attribute) {
    return attribute.value.empty() &&
           (attribute.name == "sipHeaders" || attribute.name == "callerName");
  });
}

Element dial_element(const Plan& plan, std::size_t index, int walk, const AnswerUrls& urls,
                     const CallFacts& facts) {
  const Stage& stage = *stage_at(plan, index);
  Element dial = element_of(plan, stage);
  if (stage.ring == Ring::kRandom) {
    const std::size_t drawn =
        drawn_target(facts.call, index - stage.place, stage.targets.size(), stage.place);
    dial.children = {std::move(dial.children[drawn])};
  }
  dial.attributes = dial_attributes(plan, index, walk, urls, facts);
  fill_places(facts, dial);
  for (Element& target : dial.children) fill_places(facts, target);
  return dial;
}

Element prompt_element(const Plan& plan, const Prompt& prompt) {
  return element_of(spoken(plan, prompt));
}

Element apology_element(const Voice& voice) {
  return {"Speak", voice.attributes, voice.apology, {}};
}

// Plivo records from the moment somebody answers. Without action and redirect=false it would leave
// the document before anybody is dialled.
Element recording_element(const CallRecording& recording, const AnswerUrls& urls) {
  Element record{"Record",
                 {{"recordSession", "true"}, {"startOnDialAnswer", "true"}, {"redirect", "false"}},
                 "",
                 {}};
  const auto add_url = [&](const char* name) {
    if (find_attribute(recording.attributes, name) || urls.recording.empty()) return;
    record.attributes.push_back({name, with_fragment(urls.recording, urls.callback_fragment)});
  };
  add_url("callbackUrl");
  if (find_attribute(recording.attributes, "transcriptionType")) add_url("transcriptionUrl");
  add_missing(recording.attributes, record.attributes);
  return record;
}

// Callers are told once, before the first dial: not before a later stage, nor before a dial of
// PlivoOn, which follows another.
bool is_first_dial(const Plan& plan, std::size_t stage, const CallFacts& facts) {
  return stage == open_stage(plan, 0, facts.hours) || stage >= kMaxStages + kBeginLine;
}

void append_recording(const Plan& plan, bool is_first, const AnswerUrls& urls,
                      std::vector<Element>& out) {
  if (!plan.recording) return;
  const std::optional<Prompt> notice = record_notice(plan);
  if (notice && is_first) out.push_back(element_of(*notice));
  out.push_back(recording_element(*plan.recording, urls));
}

// From stage `first` on, which is one of the plan's.
void append_dials(const Plan& plan, const Step& step, bool begins, const AnswerUrls& urls,
                  const CallFacts& facts, std::vector<Element>& out) {
  const std::size_t first = step.stage;
  const int walk = step.walk;
  append_recording(plan, begins || is_first_dial(plan, first, facts), urls, out);
  for (std::size_t i = first;; i = open_stage(plan, i + 1, facts.hours)) {
    out.push_back(dial_element(plan, i, walk, urls, facts));
    if (open_stage(plan, i + 1, facts.hours) >= plan.stages.size()) return;
    if (!continues_in_document(plan, plan.stages[i])) return;
  }
}

// Plivo requests action while the caller is still there, callbackUrl when the file is ready, and
// transcriptionUrl when its text is, where one was asked for.
Element record_element(const Voicemail& voicemail, const AnswerUrls& urls) {
  Element record{"Record", {}, "", {}};
  const auto add_url = [&](const char* name, const std::string& fragment) {
    const std::string* own = find_attribute(voicemail.attributes, name);
    const std::string& url = own ? *own : urls.recording;
    if (!url.empty()) record.attributes.push_back({name, with_fragment(url, fragment)});
  };
  add_url("action", urls.action_fragment);
  const std::string* method = find_attribute(voicemail.attributes, "method");
  if (!record.attributes.empty()) {
    record.attributes.push_back({"method", method ? *method : "POST"});
  }
  add_url("callbackUrl", urls.callback_fragment);
  if (find_attribute(voicemail.attributes, "transcriptionType")) {
    add_url("transcriptionUrl", urls.callback_fragment);
  }
  add_missing(voicemail.attributes, record.attributes);
  return record;
}

void append_not_reached(const Plan& plan, const AnswerUrls& urls, std::vector<Element>& out) {
  if (plan.voicemail) {
    out.push_back(prompt_element(plan, plan.voicemail->greeting));
    out.push_back(record_element(*plan.voicemail, urls));
    return;
  }
  out.push_back(apology_element(plan.voice));
  out.push_back({"Hangup", {}, "", {}});
}

// Nothing where there is no number of ours to send it from.
void append_message(const TextMessage& message, const CallFacts& facts, std::vector<Element>& out) {
  const std::string_view from = message.from.empty() ? facts.ours : message.from;
  if (!is_phone_number(from)) return;
  std::string text = with_values(message.text, parameters_of(facts));
  if (trim(text).empty()) text = with_values(kMissedCallText, parameters_of(facts));
  out.push_back({"Message",
                 {{"src", std::string(without_plus(from))},
                  {"dst", std::string(without_plus(message.to))},
                  {"type", "sms"}},
                 std::move(text),
                 {}});
}

void append_follow_up(const Plan& plan, const FollowUp& line, const AnswerUrls& urls,
                      const CallFacts& facts, std::vector<Element>& out) {
  if (line.kind == FollowUp::Kind::kDocument) return;
  if (line.kind == FollowUp::Kind::kMessage) {
    append_message(line.message, facts, out);
    return append_not_reached(plan, urls, out);
  }
  if (line.kind == FollowUp::Kind::kRedirect) {
    out.push_back({"Redirect", {{"method", "POST"}}, line.url, {}});
    return;
  }
  out.push_back(prompt_element(plan, line.prompt));
  out.push_back({"Hangup", {}, "", {}});
}

// All keys come to us, so that a wrong one is answered as the menu says and not by Plivo's sound.
Element question_element(const Plan& plan, const Step& step, const AnswerUrls& urls,
                         const CallFacts& facts) {
  const Menu& menu = plan.menus[step.stage];
  std::string action = with_query_parameter(urls.action, kMenuParameter, menu.name);
  if (!facts.round.empty()) action = with_query_parameter(action, kRoundParameter, facts.round);
  action = with_count(std::move(action), kWalkParameter, step.walk);
  action = with_count(std::move(action), kTriesParameter, step.tries);
  Element question{"GetDigits",
                   {{"action", with_fragment(action, urls.action_fragment)},
                    {"method", "POST"},
                    {"numDigits", "1"},
                    {"finishOnKey", "none"},
                    {"retries", std::to_string(menu.retries)}},
                   "",
                   {}};
  if (!menu.timeout.empty()) question.attributes.push_back({"timeout", menu.timeout});
  for (const Prompt& prompt : menu.prompts) {
    question.children.push_back(prompt_element(plan, prompt));
  }
  return question;
}

// `begins`: nothing of the call was before.
void append_step(const Plan& plan, const AnswerUrls& urls, const Step& step, bool begins,
                 const CallFacts& facts, std::vector<Element>& out) {
  switch (step.kind) {
    case Step::Kind::kDial:
      if (stage_at(plan, step.stage) == nullptr) return append_not_reached(plan, urls, out);
      return append_dials(plan, step, begins, urls, facts, out);
    case Step::Kind::kFollowUp:
      return append_follow_up(plan, *line_at(plan, step.stage), urls, facts, out);
    case Step::Kind::kMenu:
      out.push_back(question_element(plan, step, urls, facts));
      return append_step(plan, urls, step_after_silence(plan, step.stage, step.walk, facts.hours),
                         false, facts, out);
    case Step::Kind::kConfirm:
      return out.push_back(element_of(confirm_prompt(plan)));
    case Step::Kind::kMusic:
      if (const auto prompt = ringback_prompt(plan, step.stage)) {
        out.push_back(element_of(*prompt));
      }
      return;
    case Step::Kind::kNotReached:
      return append_not_reached(plan, urls, out);
    case Step::Kind::kHangUp:
      return out.push_back({"Hangup", {}, "", {}});
    case Step::Kind::kEnd:
      return;
  }
}

}  // namespace

std::string round_of(const Webhook& webhook, const RequestParameters& parameters,
                     std::string_view nonce, std::int64_t received_us) {
  if (webhook.kind == EventKind::kCallRedirect) {
    return std::to_string(nonce.empty() ? static_cast<std::uint64_t>(received_us) : fnv1a(nonce));
  }
  if (webhook.endpoint != Endpoint::kAction) return {};
  return std::string(round_in(parameters.query).value_or(""));
}

Result<std::string> render_step(const Plan& plan, const AnswerUrls& urls, const Step& step,
                                bool with_prompts, const CallFacts& facts) {
  std::vector<Element> elements;
  if (with_prompts) {
    for (const Prompt& prompt : plan.prompts) elements.push_back(prompt_element(plan, prompt));
  }
  append_step(plan, urls, step, with_prompts, facts, elements);
  return render_document(elements);
}

const std::string* document_file_of(const Plan& plan, const Step& step) {
  if (step.kind != Step::Kind::kFollowUp) return nullptr;
  const FollowUp* const line = line_at(plan, step.stage);
  return line->kind == FollowUp::Kind::kDocument ? &line->file : nullptr;
}

std::string_view built_in_fallback_document() {
  return kFallbackDocument;
}

Result<std::string> fallback_document_of(const Voice& voice) {
  const Element elements[] = {apology_element(voice), {"Hangup", {}, "", {}}};
  return render_document(elements);
}

}  // namespace plivo_dial
