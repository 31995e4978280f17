// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/prompt_arguments.h"

#include <utility>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/document/attribute_check.h"

namespace plivo_dial {
namespace {

// The first argument of PlivoVoicemail, which is the only one with Off.
Result<bool> parse_switch(Arguments arguments) {
  if (arguments.empty()) return Error{"write On or Off"};
  if (equals_ignoring_case(arguments.front(), "on")) return true;
  if (!equals_ignoring_case(arguments.front(), "off")) {
    return Error{in_quotes(arguments.front()) + " is not On or Off" +
                 (split_attribute(arguments.front()) ? ", which must come first" : "")};
  }
  if (arguments.size() == 1) return false;
  return Error{in_quotes(arguments[1]) + " has no meaning behind Off; leave it out"};
}

// Record does more than take messages.
Result<void> check_is_of_message(std::string_view name) {
  if (name != "recordSession" && name != "startOnDialAnswer") return {};
  return Error{std::string(name) +
               " records the call and not a message, and has no place in voicemail; leave it out"};
}

// What Record has for messages, or what we set.
Result<void> check_is_of_talk(std::string_view name) {
  for (const std::string_view other :
       {"recordSession", "startOnDialAnswer", "redirect", "action", "method"}) {
    if (name == other)
      return Error{std::string(name) + " is set by PlivoRecord itself; leave it out"};
  }
  for (const std::string_view other : {"timeout", "finishOnKey", "playBeep"}) {
    if (name != other) continue;
    return Error{std::string(name) + " is for messages, and has no effect on a call; leave it out"};
  }
  return {};
}

constexpr std::string_view kNoKey = "none";

// The argument of PlivoConfirm that is none of its prompt's.
Result<void> take_confirm_timeout(const AttributeArgument& argument, Confirm& confirm) {
  if (argument.name != "timeout") {
    return Error{in_quotes(argument.name) + " is none of say, play, voice, language and timeout"};
  }
  if (confirm.key.empty()) {
    return Error{"timeout is how long the key is waited for; leave it out where there is none"};
  }
  if (!confirm.timeout.empty()) return Error{"timeout is given twice; leave one out"};
  const Result<void> checked = check_attribute("Dial", "confirmTimeout", argument.value);
  if (!checked) return checked;
  confirm.timeout = argument.value;
  return {};
}

}  // namespace

Result<bool> PromptArguments::take(const AttributeArgument& attribute, std::string_view argument) {
  const bool says = attribute.name == "say";
  if (says || attribute.name == "play") {
    if (content_) {
      return Error{std::string(what_) + " is given twice, the second time by " +
                   in_quotes(argument)};
    }
    kind_ = says ? Prompt::Kind::kSpeak : Prompt::Kind::kPlay;
    content_ = attribute.value;
    return true;
  }
  if (attribute.name != "voice" && attribute.name != "language") return false;
  if (attribute.name == "language") language_ = attribute.value;
  of_speak_.push_back(argument);
  return true;
}

Result<Prompt> PromptArguments::prompt(std::string_view built_in) const {
  const std::string what(what_);
  if (kind_ == Prompt::Kind::kPlay && !of_speak_.empty()) {
    return Error{in_quotes(of_speak_.front()) + " is for a " + what.substr(what.find(' ') + 1) +
                 " that is spoken; leave it out, or use say= in place of play="};
  }
  if (!content_ && !language_.starts_with("en")) {
    return Error{what + " is English unless say= gives another; add \"say=...\" in the language " +
                 in_quotes(language_)};
  }
  std::vector<std::string_view> words{content_.value_or(built_in)};
  words.insert(words.end(), of_speak_.begin(), of_speak_.end());
  Result<Prompt> prompt = parse_prompt(kind_, {words, "say="});
  if (prompt && !content_) prompt->content.clear();
  return prompt;
}

Result<std::optional<Voicemail>> parse_voicemail(Arguments arguments) {
  const Result<bool> on = parse_switch(arguments);
  if (!on) return on.error();
  if (!*on) return std::optional<Voicemail>();
  Voicemail voicemail;
  PromptArguments greeting("the greeting");
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::optional<AttributeArgument> attribute = split_attribute(arguments[i]);
    if (!attribute && i == 1) {
      return Error{"the greeting is written as " + in_quotes("say=" + std::string(arguments[i]))};
    }
    if (!attribute) return stray_word(arguments, i, "not of the form attribute=value");
    const Result<bool> taken = greeting.take(*attribute, arguments[i]);
    if (!taken) return taken.error();
    if (*taken) continue;
    if (Result<void> message = check_is_of_message(attribute->name); !message) {
      return message.error();
    }
    Result<void> added = add_attribute("Record", *attribute, voicemail.attributes);
    if (!added) return added.error();
  }
  Result<Prompt> prompt = greeting.prompt(kVoicemailGreeting);
  if (!prompt) return prompt.error();
  voicemail.greeting = std::move(prompt).value();
  return std::optional<Voicemail>(std::move(voicemail));
}

Result<std::optional<CallRecording>> parse_recording(Arguments arguments) {
  const Result<bool> on = parse_switch(arguments);
  if (!on) return on.error();
  if (!*on) return std::optional<CallRecording>();
  CallRecording recording;
  PromptArguments notice("the notice");
  bool silent = false;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::optional<AttributeArgument> attribute = split_attribute(arguments[i]);
    if (!attribute) return stray_word(arguments, i, "not of the form attribute=value");
    if (attribute->name == "notice") {
      if (attribute->value != "off") return Error{"it is notice=off, or say= with the notice"};
      silent = true;
      continue;
    }
    const Result<bool> taken = notice.take(*attribute, arguments[i]);
    if (!taken) return taken.error();
    if (*taken) continue;
    if (Result<void> fits = check_is_of_talk(attribute->name); !fits) return fits.error();
    Result<void> added = add_attribute("Record", *attribute, recording.attributes);
    if (!added) return added.error();
  }
  Result<Prompt> prompt = notice.prompt(kRecordNotice);
  if (!prompt) return prompt.error();
  if (silent && !prompt->content.empty())
    return Error{"notice=off leaves the notice out; leave say= out"};
  if (!silent) recording.notice = std::move(prompt).value();
  return std::optional<CallRecording>(std::move(recording));
}

Result<std::optional<Confirm>> parse_confirm(Arguments arguments) {
  if (arguments.empty()) return Error{"write a key, none, or Off"};
  const std::string_view key = arguments.front();
  if (equals_ignoring_case(key, "off")) {
    if (arguments.size() == 1) return std::optional<Confirm>();
    return Error{in_quotes(arguments[1]) + " has no meaning behind Off; leave it out"};
  }
  Confirm confirm;
  if (key != kNoKey) {
    const Result<void> checked = check_attribute("Dial", "confirmKey", key);
    if (!checked) return Error{checked.error().message + ", or none for a prompt without a key"};
    confirm.key = key;
  }
  PromptArguments prompt("the prompt");
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::optional<AttributeArgument> attribute = split_attribute(arguments[i]);
    if (!attribute) return stray_word(arguments, i, "not of the form attribute=value");
    const Result<bool> taken = prompt.take(*attribute, arguments[i]);
    if (!taken) return taken.error();
    if (*taken) continue;
    if (Result<void> timeout = take_confirm_timeout(*attribute, confirm); !timeout) {
      return timeout.error();
    }
  }
  Result<Prompt> said = prompt.prompt(confirm_sentence(confirm.key));
  if (!said) return said.error();
  confirm.prompt = std::move(said).value();
  return std::optional<Confirm>(std::move(confirm));
}

}  // namespace plivo_dial
