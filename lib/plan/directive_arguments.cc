// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/directive_arguments.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/absolute_url.h"
#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/document/attribute_check.h"
#include "lib/document/places.h"
#include "lib/document/vocabulary.h"
#include "lib/document/voices.h"
#include "lib/plan/attribute_argument.h"
#include "lib/plan/ring_order.h"
#include "lib/plan/ringback.h"
#include "lib/plan/target.h"
#include "lib/signature/url.h"
#include "lib/webhook/webhook.h"

namespace plivo_dial {
namespace {

// Whether `word` starts like an address, so that a fault in it is one of an address. Everything
// else is most likely the rest of an argument that was not quoted.
bool starts_like_address(std::string_view argument) {
  const std::string word = without_odd_characters(argument);
  const char first = word.empty() ? '\0' : word.front();
  return first == '+' || first == '(' || is_digit(first) || word.find('@') != std::string::npos ||
         word.starts_with("sip:") || word.starts_with("sips:");
}

// The remedy for argument number `index`, which is not the first. httpd takes a quote only at the
// start of an argument: say="Two words" becomes two arguments.
std::string quoting_hint(const Written& written, std::size_t index) {
  std::string whole;
  if (index == 1) whole += written.prefix;
  whole += written.arguments[index - 1];
  whole += " ";
  whole += written.arguments[index];
  std::erase(whole, '"');
  return "; if it belongs to the argument before it, put quotes around the whole argument: " +
         in_quotes(whole);
}

// A URL with a stage of its own in the query would be taken for a continuation of ours.
Result<void> check_continuation_url(const AttributeArgument& argument) {
  if (argument.name != "action" && argument.name != "callbackUrl") return {};
  const std::string_view url = argument.value.substr(0, argument.value.find('#'));
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return {};
  const std::string parameter = std::string(kStageParameter) + "=";
  for (std::string_view query = url.substr(mark + 1); !query.empty();) {
    const std::size_t end = query.find('&');
    if (query.substr(0, end).starts_with(parameter)) {
      return Error{std::string(argument.name) + "=" + in_quotes(argument.value) +
                   " has a query parameter stage, which this module adds itself to know where in "
                   "the plan a call stands; choose another name"};
    }
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
  }
  return {};
}

// A sentence in place of the URL of a sound. Whatever else has places, or comes a second time, is
// refused as of any other attribute.
Result<void> add_dial_music(const AttributeArgument& argument, Attributes& attributes) {
  const std::optional<std::string_view> sentence = sentence_in(argument.value);
  const bool is_given = find_attribute(attributes, argument.name) != nullptr;
  if (!sentence || is_given || has_places(argument.value)) {
    const AttributeArgument judged{argument.name, is_given ? "real" : argument.value};
    const Result<void> added = add_attribute("Dial", judged, attributes);
    if (added || is_given || has_places(argument.value)) return added;
    return Error{added.error().message + ", nor say= and a sentence"};
  }
  const std::string_view words[] = {*sentence};
  const Result<Prompt> prompt = parse_prompt(Prompt::Kind::kSpeak, {words, "dialMusic=say="});
  if (!prompt) return Error{"dialMusic=say=: " + prompt.error().message};
  attributes.push_back({std::string(argument.name), std::string(argument.value)});
  return {};
}

Result<void> add_dial_attribute(const AttributeArgument& argument, Attributes& attributes) {
  if (argument.name == "dialMusic") return add_dial_music(argument, attributes);
  Result<void> result = add_attribute("Dial", argument, attributes);
  return result ? check_continuation_url(argument) : result;
}

// What we say of a stage beside the attributes of Dial.
Result<void> add_stage_argument(const AttributeArgument& argument, Stage& stage) {
  if (argument.name == "ring") {
    const std::optional<Ring> ring = ring_of(argument.value);
    if (!ring) {
      return Error{"ring=" + in_quotes(argument.value) + " is no order of ringing" +
                   proposal_or_list(argument.value, kRingWords)};
    }
    if (stage.ring != Ring::kAll) return Error{"ring= is given twice; leave one out"};
    stage.ring = *ring;
    return {};
  }
  if (argument.name == "when") {
    if (!stage.when.schedule.empty()) return Error{"when= is given twice; leave one out"};
    Result<When> when = parse_when(argument.value);
    if (!when) return when.error();
    stage.when = std::move(when).value();
    return {};
  }
  if (argument.name != "confirm") return add_dial_attribute(argument, stage.attributes);
  if (argument.value != "off") {
    return Error{"confirm=" + in_quotes(argument.value) +
                 " has no meaning: it is confirm=off, for a stage that PlivoConfirm is not for"};
  }
  stage.confirms = false;
  return {};
}

Result<void> add_target(std::string_view argument, Stage& stage) {
  Result<Target> target = parse_target(argument);
  if (!target) return target.error();
  for (const Target& other : stage.targets) {
    if (other.address == target->address) {
      return Error{"target " + in_quotes(target->address) +
                   " is given twice; a phone can ring only once at a time"};
    }
  }
  stage.targets.push_back(std::move(target).value());
  return {};
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

// The error for a target that does not parse: a number written with spaces has come as several
// arguments, and a number behind an attribute may be the rest of it ("callerName=Line 2").
Error bad_target(const Written& written, std::size_t index, const Error& error) {
  constexpr std::size_t kShortestNumber = 7;
  const Arguments arguments = written.arguments;
  if (index > 0 && split_attribute(arguments[index - 1])) {
    return Error{error.message + quoting_hint(written, index)};
  }
  const auto is_part = [](std::string_view word) {
    return count_digits(word) > 0 &&
           word.find_first_not_of("+0123456789()-./") == std::string_view::npos;
  };
  if (!is_part(arguments[index]) || count_digits(arguments[index]) >= kShortestNumber) return error;
  std::string whole(arguments[index]);
  for (std::size_t i = index + 1; i < arguments.size() && is_part(arguments[i]); ++i) {
    whole += ' ';
    whole += arguments[i];
  }
  const Result<void> result = check_e164(whole);
  return result ? error : result.error();
}

std::string_view element_of(Prompt::Kind kind) {
  switch (kind) {
    case Prompt::Kind::kSpeak:
      return "Speak";
    case Prompt::Kind::kPlay:
      return "Play";
    case Prompt::Kind::kWait:
      return "Wait";
  }
  return "";
}

Result<void> check_speak_text(std::string_view text) {
  if (!is_valid_utf8(text)) {
    return Error{"the text " + in_quotes(text) + " is not valid UTF-8; save the file as UTF-8"};
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Error{"the text to be spoken is empty"};
  }
  return {};
}

// Plivo's limit for the voices of Amazon Polly.
Result<void> check_length_for_voice(const Prompt& prompt) {
  constexpr std::ptrdiff_t kMaxPollyCharacters = 3000;
  const std::string* voice = find_attribute(prompt.attributes, "voice");
  if (!voice || !voice->starts_with("Polly.")) return {};
  const auto begins_character = [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; };
  const std::ptrdiff_t count =
      std::count_if(prompt.content.begin(), prompt.content.end(), begins_character);
  if (count <= kMaxPollyCharacters) return {};
  return Error{"the text to be spoken has " + std::to_string(count) +
               " characters; Polly voices take at most " + std::to_string(kMaxPollyCharacters) +
               ": split it"};
}

Result<void> check_wait_length(std::string_view seconds) {
  Result<void> result = check_attribute("Wait", "length", seconds);
  return result ? result : Error{"the seconds to wait: " + result.error().message};
}

Result<void> check_content(Prompt::Kind kind, std::string_view content) {
  switch (kind) {
    case Prompt::Kind::kSpeak:
      return check_speak_text(content);
    case Prompt::Kind::kPlay:
      return check_absolute_url(content);
    case Prompt::Kind::kWait:
      return check_wait_length(content);
  }
  return {};
}

// Fails when the arguments begin with an attribute, so that the content has been forgotten.
Result<void> check_content_is_there(std::string_view element, const Written& written) {
  const Arguments arguments = written.arguments;
  const std::string_view what = element == "Speak"  ? "the text to be spoken"
                                : element == "Play" ? "the URL of the sound"
                                                    : "the number of seconds";
  if (arguments.empty()) return Error{std::string(what) + " is missing"};
  if (!written.prefix.empty()) return {};
  const std::optional<AttributeArgument> attribute = split_attribute(arguments.front());
  if (attribute && find_attribute_rule(*find_element_rule(element), attribute->name)) {
    return Error{std::string(what) + " must come first, before " + in_quotes(arguments.front())};
  }
  return {};
}

// One argument of PlivoVoice.
Result<void> take_voice_argument(const AttributeArgument& argument, Voice& voice) {
  constexpr std::string_view kNames[] = {"voice", "language", "apology", "greeting"};
  if (argument.name == "voice" || argument.name == "language") {
    return add_attribute("Speak", argument, voice.attributes);
  }
  if (argument.name != "apology" && argument.name != "greeting") {
    const auto meant = nearest_word(argument.name, kNames);
    return Error{in_quotes(argument.name) + " is none of voice, language, apology and greeting" +
                 (meant ? "; did you mean " + in_quotes(*meant) + "?" : "")};
  }
  if (Result<void> text = check_speak_text(argument.value); !text) return text;
  std::string& sentence = argument.name == "apology" ? voice.apology : voice.greeting;
  const std::string_view built_in = argument.name == "apology" ? kApology : kVoicemailGreeting;
  if (sentence != built_in) return Error{in_quotes(argument.name) + " is given twice"};
  sentence = argument.value;
  return {};
}

}  // namespace

Error stray_word(const Written& written, std::size_t index, std::string_view what_it_is_not) {
  const std::string start =
      in_quotes(written.arguments[index]) + " is " + std::string(what_it_is_not);
  return Error{index == 0 ? start : start + quoting_hint(written, index)};
}

Result<Stage> parse_stage(const Written& written) {
  const Arguments arguments = written.arguments;
  Stage stage;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const std::optional<AttributeArgument> attribute = split_attribute(argument);
    if (!attribute && !argument.empty() && !starts_like_address(argument)) {
      return stray_word(written, i,
                        "neither a phone number (+14155550111), nor a SIP user "
                        "(sip:alice@example.com), nor attribute=value");
    }
    if (attribute) {
      const Result<void> result = add_stage_argument(*attribute, stage);
      if (!result) return result.error();
    } else if (const Result<void> result = add_target(argument, stage); !result) {
      return bad_target(written, i, result.error());
    }
  }
  if (stage.targets.empty()) {
    return Error{
        "there is nobody to call: write at least one phone number (+14155550111) or SIP "
        "user (sip:alice@example.com)"};
  }
  return stage;
}

Result<Attributes> parse_dial_defaults(Arguments arguments) {
  if (arguments.empty()) return Error{"write at least one attribute=value, such as timeout=20"};
  Attributes attributes;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::optional<AttributeArgument> attribute = split_attribute(arguments[i]);
    if (!attribute) {
      if (parse_target(arguments[i])) {
        return Error{in_quotes(arguments[i]) + " is a target; targets belong on PlivoDial"};
      }
      return stray_word(arguments, i, "not of the form attribute=value");
    }
    const Result<void> result = add_dial_attribute(*attribute, attributes);
    if (!result) return result.error();
  }
  return attributes;
}

Result<Prompt> parse_prompt(Prompt::Kind kind, const Written& written) {
  const Arguments arguments = written.arguments;
  const std::string_view element = element_of(kind);
  if (const Result<void> result = check_content_is_there(element, written); !result) {
    return result.error();
  }
  if (const Result<void> result = check_content(kind, arguments.front()); !result) {
    return result.error();
  }
  Prompt prompt{kind, std::string(arguments.front()), {}};
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::optional<AttributeArgument> attribute = split_attribute(arguments[i]);
    if (!attribute) return stray_word(written, i, "not of the form attribute=value");
    if (kind == Prompt::Kind::kWait && attribute->name == "length") {
      return Error{"length is what the first argument says; leave " + in_quotes(arguments[i]) +
                   " out"};
    }
    const Result<void> result = add_attribute(element, *attribute, prompt.attributes);
    if (!result) return result.error();
  }
  if (const Result<void> result = check_length_for_voice(prompt); !result) return result.error();
  const Result<void> together = check_attributes_together(element, prompt.attributes);
  if (!together) return together.error();
  return prompt;
}

Result<Voice> parse_voice(Arguments arguments) {
  if (arguments.empty()) {
    return Error{"write at least one of voice=, language=, \"apology=...\" and \"greeting=...\""};
  }
  Voice voice;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::optional<AttributeArgument> attribute = split_attribute(arguments[i]);
    if (!attribute) return stray_word(arguments, i, "not of the form attribute=value");
    const Result<void> taken = take_voice_argument(*attribute, voice);
    if (!taken) return taken.error();
  }
  if (Result<void> spoken = check_attributes_together("Speak", voice.attributes); !spoken) {
    return spoken.error();
  }
  const std::string_view language = spoken_language(voice.attributes);
  if (!language.starts_with("en") && voice.apology == kApology) {
    return Error{"the built-in sentences are English; add \"apology=...\" in the language " +
                 in_quotes(language) + ", and \"greeting=...\" where PlivoVoicemail has no say="};
  }
  return voice;
}

Result<CallerId> parse_caller_id(std::string_view argument) {
  constexpr std::string_view kWords[] = {"caller", "called"};
  if (argument == kWords[0]) return CallerId{CallerId::Kind::kCaller, ""};
  if (argument == kWords[1]) return CallerId{CallerId::Kind::kCalled, ""};
  const Result<void> number = check_e164(argument);
  if (number) return CallerId{CallerId::Kind::kNumber, std::string(argument)};
  if (const auto meant = nearest_word(argument, kWords)) {
    return Error{in_quotes(argument) +
                 " is neither caller, called nor a phone number; did you mean " +
                 in_quotes(*meant) + "?"};
  }
  return Error{number.error().message + " (or one of the words caller and called)"};
}

}  // namespace plivo_dial
