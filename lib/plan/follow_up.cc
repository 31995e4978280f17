// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/follow_up.h"

#include <algorithm>
#include <array>
#include <optional>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/document/places.h"
#include "lib/plan/attribute_argument.h"
#include "lib/plan/directive_arguments.h"

namespace plivo_dial {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::string_view kAny = "any";
constexpr auto kStatuses =
    std::to_array<DialStatus>({DialStatus::kCompleted, DialStatus::kBusy, DialStatus::kFailed,
                               DialStatus::kTimeout, DialStatus::kNoAnswer, DialStatus::kCancel});
constexpr auto kSteps = std::to_array<std::string_view>(
    {"hangup", "next", "voicemail", "say", "play", "dial", "redirect", "menu", "xml", "sms"});

std::optional<DialStatus> status_of(std::string_view word) {
  for (const DialStatus status : kStatuses) {
    if (to_string(status) == word) return status;
  }
  return std::nullopt;
}

Error unknown_status(std::string_view word) {
  std::vector<std::string_view> known{kAny};
  for (const DialStatus status : kStatuses) known.push_back(to_string(status));
  return Error{in_quotes(word) + " is no status of a dial" + proposal_or_list(word, known)};
}

Result<std::vector<DialStatus>> parse_statuses(std::string_view list) {
  std::vector<DialStatus> statuses;
  if (list == kAny) return statuses;
  for (;;) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view word = list.substr(0, comma);
    const std::optional<DialStatus> status = status_of(word);
    if (!status && word == kAny) return Error{"any stands alone, without other statuses"};
    if (!status && word.empty()) {
      return Error{"statuses are separated by commas without blanks: busy,failed"};
    }
    if (!status) return unknown_status(word);
    if (std::ranges::find(statuses, *status) != statuses.end()) {
      return Error{in_quotes(word) + " is given twice; leave one out"};
    }
    statuses.push_back(*status);
    if (comma == list.size()) return statuses;
    list.remove_prefix(comma + 1);
  }
}

// `first` in place of the step, and what stands behind it.
std::vector<std::string_view> with_first(std::string_view first, Words rest) {
  std::vector<std::string_view> words{first};
  words.insert(words.end(), rest.begin(), rest.end());
  return words;
}

Result<void> take_prompt(Prompt::Kind kind, std::string_view content, Words rest, FollowUp& line) {
  const std::string_view prefix = kind == Prompt::Kind::kSpeak ? "say=" : "play=";
  Result<Prompt> prompt = parse_prompt(kind, {with_first(content, rest), prefix});
  if (!prompt) return prompt.error();
  line.kind = FollowUp::Kind::kPrompt;
  line.prompt = std::move(prompt).value();
  return {};
}

Result<void> take_dial(std::string_view target, Words rest, FollowUp& line) {
  Result<Stage> stage = parse_stage({with_first(target, rest), "dial="});
  if (!stage) return stage.error();
  if (const std::string* redirect = find_attribute(stage->attributes, "redirect");
      redirect != nullptr && *redirect == "false") {
    return Error{"redirect=false would end the call after the dial; leave it out"};
  }
  if (stage->ring != Ring::kAll) {
    return Error{
        "ring= orders the targets of PlivoDial; those of dial= ring together: leave it out"};
  }
  if (!stage->when.schedule.empty()) {
    return Error{"when= is for lines of PlivoDial and PlivoAnswer; leave it out"};
  }
  line.kind = FollowUp::Kind::kDial;
  line.dial = std::move(stage).value();
  return {};
}

Result<void> take_redirect(std::string_view url, FollowUp& line) {
  if (const Result<void> checked = check_absolute_url(url); !checked) return checked;
  line.kind = FollowUp::Kind::kRedirect;
  line.url = url;
  return {};
}

Result<void> take_message_option(const AttributeArgument& option, TextMessage& message) {
  if (option.name == "src") {
    if (Result<void> checked = check_e164(option.value); !checked) return checked;
    message.from = option.value;
    return {};
  }
  if (option.name != "text") {
    return Error{in_quotes(option.name) + " is neither text nor src"};
  }
  if (option.value.empty()) return Error{"the text of the message is empty"};
  const auto places = split_places(option.value);
  if (!places) return Error{places.error().message};
  message.text = option.value;
  return {};
}

Result<void> take_message(std::string_view number, Words rest, FollowUp& line) {
  if (Result<void> checked = check_e164(number); !checked) return checked;
  line.kind = FollowUp::Kind::kMessage;
  line.message = {std::string(number), "", std::string(kMissedCallText)};
  for (const std::string_view word : rest) {
    const std::optional<AttributeArgument> option = split_attribute(word);
    if (!option) return Error{in_quotes(word) + " is not of the form option=value"};
    if (Result<void> taken = take_message_option(*option, line.message); !taken) return taken;
  }
  return {};
}

Result<void> take_word(std::string_view word, FollowUp& line) {
  if (word == "hangup") return line.kind = FollowUp::Kind::kHangUp, Result<void>();
  if (word == "next") return line.kind = FollowUp::Kind::kNext, Result<void>();
  if (word == "voicemail") return line.kind = FollowUp::Kind::kVoicemail, Result<void>();
  const bool needs_value = std::ranges::find(kSteps, word) != kSteps.end();
  if (needs_value)
    return Error{in_quotes(word) + " needs a value: write " + std::string(word) + "="};
  return Error{in_quotes(word) + " is no step" + proposal_or_list(word, kSteps)};
}

Result<void> no_more(Words rest, std::string_view step) {
  if (rest.empty()) return {};
  return Error{in_quotes(rest.front()) + " has no meaning behind " + std::string(step) +
               "; leave it out"};
}

Result<void> take_step(Words words, FollowUp& line) {
  const std::string_view step = words.front();
  const Words rest = words.subspan(1);
  const std::optional<AttributeArgument> pair = split_attribute(step);
  if (!pair) {
    if (Result<void> taken = take_word(step, line); !taken) return taken;
    return no_more(rest, step);
  }
  if (pair->name == "say") return take_prompt(Prompt::Kind::kSpeak, pair->value, rest, line);
  if (pair->name == "play") return take_prompt(Prompt::Kind::kPlay, pair->value, rest, line);
  if (pair->name == "dial") return take_dial(pair->value, rest, line);
  if (pair->name == "sms") return take_message(pair->value, rest, line);
  if (pair->name == "redirect") {
    if (Result<void> taken = take_redirect(pair->value, line); !taken) return taken;
  } else if (pair->name == "menu") {
    line.kind = FollowUp::Kind::kMenu;
    line.menu = pair->value;
  } else if (pair->name == "xml") {
    if (!pair->value.starts_with('/')) {
      return Error{"xml=" + in_quotes(pair->value) + " is no absolute path; write it from / on"};
    }
    line.kind = FollowUp::Kind::kDocument;
    line.file = pair->value;
  } else {
    return Error{in_quotes(pair->name) + " is no step" + proposal_or_list(pair->name, kSteps)};
  }
  return no_more(rest, step);
}

std::string statuses_text(const FollowUp& line) {
  if (line.statuses.empty()) return std::string(kAny);
  std::string text;
  for (const DialStatus status : line.statuses) {
    if (!text.empty()) text += ",";
    text += to_string(status);
  }
  return text;
}

// What can't follow a status, whatever the plan is.
Result<void> check_sense(const FollowUp& line) {
  if (names(line, DialStatus::kCompleted) && line.kind == FollowUp::Kind::kVoicemail) {
    return Error{
        "whoever was spoken to is not sent to voicemail; leave completed out, or say=, play=, "
        "dial= or redirect= what is to follow a talk"};
  }
  if (names(line, DialStatus::kCompleted) && line.kind == FollowUp::Kind::kNext) {
    return Error{
        "whoever was spoken to is not sent on to the next phone, nor to voicemail; leave completed "
        "out, and the call ends"};
  }
  if (names(line, DialStatus::kCompleted) && line.kind == FollowUp::Kind::kMenu) {
    return Error{
        "a menu leads on to phones and voicemail, and whoever was spoken to is sent to neither; "
        "leave completed out, or ask by xml= or redirect="};
  }
  if (names(line, DialStatus::kCompleted) && line.kind == FollowUp::Kind::kMessage) {
    return Error{"sms= tells of a call that nobody took; leave completed out"};
  }
  if (names(line, DialStatus::kCancel) && line.kind != FollowUp::Kind::kHangUp) {
    return Error{"cancel means that the caller has hung up: nothing can follow; leave cancel out"};
  }
  return {};
}

}  // namespace

Result<FollowUp> parse_follow_up(std::span<const std::string_view> arguments) {
  if (arguments.size() < 2) {
    return Error{
        "write the statuses and what follows them, such as busy,failed voicemail; steps are "
        "hangup, "
        "next, voicemail, \"say=text\", play=URL, dial=target and redirect=URL"};
  }
  FollowUp line;
  Result<std::vector<DialStatus>> statuses = parse_statuses(arguments.front());
  if (!statuses) return statuses.error();
  line.statuses = std::move(statuses).value();
  if (Result<void> taken = take_step(arguments.subspan(1), line); !taken) return taken.error();
  if (Result<void> sense = check_sense(line); !sense) return sense.error();
  return line;
}

Result<FollowUp> parse_step(std::span<const std::string_view> arguments) {
  FollowUp line;
  if (Result<void> taken = take_step(arguments, line); !taken) return taken.error();
  return line;
}

void stand_at(const Position& position, FollowUp& line) {
  line.position = position;
  line.prompt.position = position;
  line.dial.position = position;
}

bool names(const FollowUp& line, DialStatus status) {
  return std::ranges::find(line.statuses, status) != line.statuses.end();
}

const FollowUp* follow_up_of(const std::vector<FollowUp>& lines, DialStatus status) {
  const FollowUp* otherwise = nullptr;
  for (const FollowUp& line : lines) {
    if (names(line, status)) return &line;
    if (line.statuses.empty()) otherwise = &line;
  }
  return status == DialStatus::kCompleted ? nullptr : otherwise;
}

Result<void> check_follow_up(const std::vector<FollowUp>& lines, const FollowUp& line) {
  for (const FollowUp& other : lines) {
    const bool both_any = line.statuses.empty() && other.statuses.empty();
    const auto again = std::ranges::find_if(
        line.statuses, [&](DialStatus status) { return names(other, status); });
    if (!both_any && again == line.statuses.end()) continue;
    return Error{in_quotes(both_any ? kAny : to_string(*again)) + " has a line already (" +
                 to_string(other.position) + "); leave one out"};
  }
  return {};
}

Result<void> check_fits(const Plan& plan, const FollowUp& line) {
  const bool begins = plan.begin && &*plan.begin == &line;
  if (begins && line.kind == FollowUp::Kind::kDocument && !plan.prompts.empty()) {
    return Error{"the document of xml= is all that the caller gets; put what " +
                 to_string(plan.prompts.front().position) + " says into " + line.file};
  }
  if (line.kind == FollowUp::Kind::kVoicemail && !plan.voicemail) {
    return Error{"voicemail is not on in the plan " + plan.name +
                 "; add PlivoVoicemail On, or write another step"};
  }
  if (line.kind == FollowUp::Kind::kMenu && !menu_named(plan, line.menu)) {
    const std::vector<std::string_view> known(plan.menu_names.begin(), plan.menu_names.end());
    return Error{"the plan " + plan.name + " has no <PlivoMenu " + line.menu + ">" +
                 (known.empty() ? std::string("; add one") : proposal_or_list(line.menu, known))};
  }
  if (line.kind != FollowUp::Kind::kDial) return {};
  const std::string* const redirect = stage_attribute(plan, line.dial, "redirect");
  if (redirect != nullptr && *redirect == "false") {
    return Error{
        "PlivoDialDefault has redirect=false, which would end the call after this dial; add "
        "redirect=true to the line"};
  }
  return {};
}

std::string describe(const FollowUp& line) {
  return statuses_text(line) + " " + describe_step(line);
}

std::string describe_step(const FollowUp& line) {
  std::string text;
  const auto add_attributes = [&](const Attributes& attributes) {
    for (const Attribute& attribute : attributes) {
      text += " " + attribute.name + "=" + attribute.value;
    }
  };
  switch (line.kind) {
    case FollowUp::Kind::kHangUp:
      text += "hangup";
      break;
    case FollowUp::Kind::kNext:
      text += "next";
      break;
    case FollowUp::Kind::kVoicemail:
      text += "voicemail";
      break;
    case FollowUp::Kind::kPrompt:
      text += line.prompt.kind == Prompt::Kind::kSpeak ? in_quotes("say=" + line.prompt.content)
                                                       : "play=" + line.prompt.content;
      add_attributes(line.prompt.attributes);
      break;
    case FollowUp::Kind::kDial:
      text += "dial=" + line.dial.targets.front().address;
      for (std::size_t i = 1; i < line.dial.targets.size(); ++i) {
        text += " " + line.dial.targets[i].address;
      }
      add_attributes(line.dial.attributes);
      break;
    case FollowUp::Kind::kRedirect:
      text += "redirect=" + line.url;
      break;
    case FollowUp::Kind::kMenu:
      text += "menu=" + line.menu;
      break;
    case FollowUp::Kind::kDocument:
      text += "xml=" + line.file;
      break;
    case FollowUp::Kind::kMessage:
      text += "sms=" + line.message.to + " " + in_quotes("text=" + line.message.text);
      break;
  }
  return text;
}

}  // namespace plivo_dial
