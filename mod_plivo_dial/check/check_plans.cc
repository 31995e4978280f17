// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/check_plans.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

#include "lib/document/remarks.h"
#include "lib/plan/follow_up.h"
#include "lib/plan/ringback.h"

namespace plivo_dial {
namespace {

std::string directive(const ResolvedPlan& plan, const Stage& stage) {
  return std::string(directive_of(plan.plan, stage));
}

// With redirect=false Plivo ignores the action's reply and goes on in the document.
void warn_of_redirect(const ResolvedPlan& plan, std::vector<std::string>& warnings) {
  const std::vector<Stage>& stages = plan.plan.stages;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::string* redirect = stage_attribute(plan.plan, stages[i], "redirect");
    if (redirect == nullptr || *redirect != "false") continue;
    const std::string where = at(plan.plan.stages[i].position);
    if (!plan.plan.follow_ups.empty()) {
      warnings.push_back(where +
                         "PlivoDial with redirect=false: Plivo ignores the reply about this stage, "
                         "and no line of PlivoOn holds for it");
    }
    if (i + 1 < stages.size()) {
      warnings.push_back(
          where +
          "PlivoDial with redirect=false and a stage after it: Plivo goes on to the next "
          "stage whatever became of this one, also after an answered call");
    } else if (plan.plan.voicemail) {
      warnings.push_back(where +
                         "PlivoDial with redirect=false as the last stage: Plivo ends "
                         "the call after it, and PlivoVoicemail is never reached");
    }
  }
}

// What ends a call leaves its stages undialled.
void warn_of_idle_stages(const ResolvedPlan& plan, std::vector<std::string>& warnings) {
  if (!plan.plan.begin || plan.plan.stages.empty()) return;
  const FollowUp& begin = *plan.plan.begin;
  switch (begin.kind) {
    case FollowUp::Kind::kHangUp:
    case FollowUp::Kind::kVoicemail:
    case FollowUp::Kind::kPrompt:
    case FollowUp::Kind::kRedirect:
      warnings.push_back(at(begin.position) + "PlivoAnswer " + describe_step(begin) +
                         ": the call ends with it, and the PlivoDial at " +
                         to_string(plan.plan.stages.front().position) +
                         " is never dialled; leave one of them out, or lead to it by a menu");
      return;
    default:
      return;
  }
}

// Such a call calls the number again, and so on, for money.
void warn_of_itself(const ResolvedPlan& plan, std::vector<std::string>& warnings) {
  for (const Stage* stage : all_stages(plan.plan)) {
    for (const Target& target : stage->targets) {
      if (target.address != plan.plan.name) continue;
      warnings.push_back(at(stage->position) + directive(plan, *stage) + " " + target.address +
                         " in <PlivoNumber " + plan.plan.name +
                         ">: each call to the number calls the number again; name whom it should "
                         "ring");
    }
  }
}

const char* directive_of(Prompt::Kind kind) {
  switch (kind) {
    case Prompt::Kind::kSpeak:
      return "PlivoSpeak: ";
    case Prompt::Kind::kPlay:
      return "PlivoPlay: ";
    case Prompt::Kind::kWait:
      break;
  }
  return "PlivoWait: ";
}

// What Plivo's XML allows and costs a call all the same.
void warn_of_elements(const ResolvedPlan& plan, std::vector<std::string>& warnings) {
  const auto remark = [&](const Position& position, const std::string& before,
                          const Element& element) {
    for (const std::string& text : remarks_on(element)) {
      warnings.push_back(at(position) + before + text);
    }
  };
  for (std::size_t i = 0; i < plan.plan.prompts.size(); ++i) {
    const Prompt& prompt = plan.plan.prompts[i];
    remark(prompt.position, directive_of(prompt.kind), element_of(spoken(plan.plan, prompt)));
  }
  for (const Stage* stage : all_stages(plan.plan)) {
    const Element dial = element_of(plan.plan, *stage);
    const std::string name = directive(plan, *stage) + ": ";
    remark(stage->position, name, dial);
    for (const Element& target : dial.children) remark(stage->position, name, target);
    if (const std::optional<Prompt> heard = ringback_of(plan.plan, *stage)) {
      remark(stage->position, name + "dialMusic: ", element_of(*heard));
    }
  }
  if (const std::optional<Prompt> notice = record_notice(plan.plan)) {
    remark(plan.plan.recording->position, "PlivoRecord: ", element_of(*notice));
  }
  if (plan.plan.confirm) {
    remark(plan.plan.confirm->position, "PlivoConfirm: ", element_of(confirm_prompt(plan.plan)));
  }
  for (const auto& [index, line] : all_lines(plan.plan)) {
    if (line->kind != FollowUp::Kind::kPrompt) continue;
    remark(line->position, std::string(directive_of_line(index)) + ": ",
           element_of(spoken(plan.plan, line->prompt)));
  }
  for (const Menu& menu : plan.plan.menus) {
    for (const Prompt& prompt : menu.prompts) {
      remark(prompt.position, directive_of(prompt.kind), element_of(spoken(plan.plan, prompt)));
    }
  }
  if (plan.plan.voicemail) {
    const Voicemail& voicemail = *plan.plan.voicemail;
    remark(voicemail.position,
           "PlivoVoicemail: ", element_of(spoken(plan.plan, voicemail.greeting)));
    remark(voicemail.position, "PlivoVoicemail: ", {"Record", voicemail.attributes, "", {}});
  }
  if (const Voice& voice = plan.plan.voice; voice.position.file != nullptr) {
    for (const std::string& text : {voice.apology, voice.greeting}) {
      remark(voice.position, "PlivoVoice: ", {"Speak", voice.attributes, text, {}});
    }
  }
}

// The endpoint of ours that Plivo reaches by `url`, and the Location that it is of.
struct Reached {
  Endpoint endpoint;
  const Section* section;
  std::size_t length;  // of the part of the URL that told it
};
std::optional<Reached> reached_by(std::string_view url, const std::vector<Section>& sections) {
  url = url.substr(0, url.find_first_of("?#"));
  std::optional<Reached> reached;
  for (const Section& section : sections) {
    const DirConfig& config = *section.config;
    if (!section.serves || config.public_url == nullptr) continue;
    const std::string base = config.public_url->url.join(location_of(config));
    const bool below =
        url.starts_with(base) && (url.size() == base.size() || url[base.size()] == '/');
    if (!below || (reached && reached->length >= base.size())) continue;
    const std::string path =
        std::string(location_of(config)) + std::string(url.substr(base.size()));
    reached = {endpoint_for_path(location_of(config), path, configured_endpoint(config)), &section,
               base.size()};
  }
  return reached;
}

}  // namespace

std::vector<std::string> plan_warnings(const ResolvedPlan& plan) {
  std::vector<std::string> warnings;
  warn_of_redirect(plan, warnings);
  warn_of_idle_stages(plan, warnings);
  warn_of_itself(plan, warnings);
  warn_of_elements(plan, warnings);
  return warnings;
}

std::vector<std::string> idle_line_errors(const std::vector<const ResolvedPlan*>& plans) {
  const auto holds = [&](const Position& position) {
    return std::ranges::any_of(plans, [&](const ResolvedPlan* plan) {
      return std::ranges::find(plan->plan.follow_ups, position, &FollowUp::position) !=
             plan->plan.follow_ups.end();
    });
  };
  std::vector<std::string> errors;
  for (const ResolvedPlan* plan : plans) {
    for (const Position& position : plan->idle_lines) {
      if (holds(position)) continue;
      errors.push_back(at(position) + "PlivoOn: the plan " + plan->plan.name +
                       " has no PlivoDial that it could follow; add one, or leave the line out");
    }
  }
  return errors;
}

std::vector<std::string> url_warnings(const ResolvedPlan& plan,
                                      const std::vector<Section>& sections) {
  std::vector<std::string> warnings;
  for (const Stage& stage : plan.plan.stages) {
    const std::string* const action = stage_attribute(plan.plan, stage, "action");
    if (plan.plan.follow_ups.empty() || action == nullptr || reached_by(*action, sections)) {
      continue;
    }
    warnings.push_back(at(stage.position) + "PlivoDial: Plivo asks action=" + *action +
                       " what follows this stage, and no line of PlivoOn holds for it");
  }
  const std::optional<Reached> own = reached_by(plan.urls.action, sections);
  for (const auto& [index, line] : all_lines(plan.plan)) {
    if (line->kind != FollowUp::Kind::kRedirect) continue;
    const std::optional<Reached> reached = reached_by(line->url, sections);
    if (!reached || !own || reached->section != own->section ||
        reached->endpoint != Endpoint::kAnswer) {
      continue;
    }
    warnings.push_back(at(line->position) + std::string(directive_of_line(index)) +
                       ": redirect=" + line->url +
                       " sends the call back to the start of its own plan, again and again while "
                       "nobody answers; write next, voicemail or dial= where it should go on");
  }
  return warnings;
}

namespace {

// The error of `what`, which sends a call to an endpoint where it can't go on.
std::string cut_off(const std::string& what, const Reached& reached, std::string_view remedy) {
  return what + " leads to <Location \"" + reached.section->path + "\"> (" +
         to_string(reached.section->config->position) + "), whose endpoint there is " +
         std::string(to_string(reached.endpoint)) + ": the caller would be cut off, since only " +
         std::string(remedy);
}

}  // namespace

std::vector<std::string> plan_errors(const ResolvedPlan& plan,
                                     const std::vector<Section>& sections) {
  std::vector<std::string> errors;
  const auto goes_on = [](const Reached& reached) {
    return reached.endpoint == Endpoint::kAction || reached.endpoint == Endpoint::kAnswer;
  };
  for (const Stage* stage : all_stages(plan.plan)) {
    const std::string* action = stage_attribute(plan.plan, *stage, "action");
    const std::string* redirect = stage_attribute(plan.plan, *stage, "redirect");
    if (action == nullptr || (redirect != nullptr && *redirect == "false")) continue;
    const std::optional<Reached> reached = reached_by(*action, sections);
    if (!reached || goes_on(*reached)) continue;
    errors.push_back(cut_off(
        at(stage->position) + directive(plan, *stage) + ": action=" + *action, *reached,
        "the endpoint action says how the call goes on; leave action= out, or give the URL of an "
        "endpoint action"));
  }
  for (const auto& [index, line] : all_lines(plan.plan)) {
    if (line->kind != FollowUp::Kind::kRedirect) continue;
    const std::optional<Reached> reached = reached_by(line->url, sections);
    if (!reached || goes_on(*reached) || reached->endpoint == Endpoint::kFallback) continue;
    errors.push_back(cut_off(
        at(line->position) + std::string(directive_of_line(index)) + ": redirect=" + line->url,
        *reached, "the endpoint answer begins a call; give the URL of one"));
  }
  return errors;
}

void ForwardingCircles::add(const ResolvedPlan& plan) {
  if (!plan.plan.name.starts_with('+')) return;
  std::vector<Dial>& dials = dials_[plan.plan.name];
  for (const Stage* stage : all_stages(plan.plan)) {
    for (const Target& target : stage->targets) {
      if (target.address != plan.plan.name) dials.push_back({target.address, stage->position});
    }
  }
}

// The numbers from `number` on until it is called again; empty when it never is.
std::vector<std::string> ForwardingCircles::shortest_circle(const std::string& number) const {
  std::map<std::string, std::string> caller_of;
  std::deque<std::string> waiting = {number};
  while (!waiting.empty()) {
    const std::string caller = waiting.front();
    waiting.pop_front();
    for (const Dial& dial : dials_.at(caller)) {
      if (dial.number == number) {
        std::vector<std::string> circle = {caller};
        while (circle.back() != number) circle.push_back(caller_of.at(circle.back()));
        std::ranges::reverse(circle);
        return circle;
      }
      if (!dials_.contains(dial.number) || !caller_of.emplace(dial.number, caller).second) continue;
      waiting.push_back(dial.number);
    }
  }
  return {};
}

std::vector<std::string> ForwardingCircles::warnings() const {
  std::vector<std::string> warnings;
  std::set<std::set<std::string>> known;
  for (const auto& [number, dials] : dials_) {
    const std::vector<std::string> circle = shortest_circle(number);
    if (circle.empty() || !known.emplace(circle.begin(), circle.end()).second) continue;
    const std::string& next = circle.size() > 1 ? circle[1] : circle[0];
    const auto dial = std::ranges::find(dials, next, &Dial::number);
    std::string path;
    for (const std::string& one : circle) path += one + " > ";
    warnings.push_back(at(dial->position) + "PlivoDial " + next + " in <PlivoNumber " + number +
                       ">: the numbers call each other in a circle, " + path + number +
                       ", until Plivo ends the call (hangup code 2060); name whom they should "
                       "ring");
  }
  return warnings;
}

}  // namespace plivo_dial
