// File: lib/plan/prompt_arguments.h
//
// The arguments of a directive that make a sentence or a sound which it has beside others of its
// own, say=, play=, voice= and language=, and the directives that have them.
//
//   PromptArguments greeting("the greeting");
//   greeting.take({"say", "Leave a message."}, "say=Leave a message.")    -> true
//   greeting.take({"maxLength", "60"}, "maxLength=60")                    -> false, not one of
//   these greeting.prompt(kVoicemailGreeting)->content                          -> "Leave a
//   message."
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/plan/attribute_argument.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/plan.h"

namespace plivo_dial {

// Views into the arguments, which live as long.
class PromptArguments {
 public:
  // `what` names the prompt in errors: "the greeting".
  explicit PromptArguments(std::string_view what) : what_(what) {}

  // Whether `attribute`, written as `argument`, is one of these. Fails when a sentence or a sound
  // is given twice.
  Result<bool> take(const AttributeArgument& attribute, std::string_view argument);

  // What was given. Where it was nothing, a text that is empty stands for `built_in`, which is
  // English. Fails as parse_prompt, on voice= beside play=, and on a language without say=.
  Result<Prompt> prompt(std::string_view built_in) const;

 private:
  const std::string_view what_;
  Prompt::Kind kind_ = Prompt::Kind::kSpeak;
  std::optional<std::string_view> content_;
  std::string_view language_ = "en";
  std::vector<std::string_view> of_speak_;
};

// PlivoVoicemail On ["say=text" [voice=] [language=] | play=URL] [attributes of Record], or Off,
// for which nothing comes back. Without say= and play= its text is empty, which stands for
// the greeting of the plan's voice.
Result<std::optional<Voicemail>> parse_voicemail(Arguments arguments);

// PlivoRecord On ["say=text" [voice=] [language=] | play=URL | notice=off] [attributes of Record],
// or Off, for which nothing comes back. A notice whose text is empty stands for kRecordNotice.
Result<std::optional<CallRecording>> parse_recording(Arguments arguments);

// PlivoConfirm key|none ["say=text" [voice=] [language=] | play=URL] [timeout=seconds], or Off, for
// which nothing comes back. A text that is empty stands for confirm_sentence().
Result<std::optional<Confirm>> parse_confirm(Arguments arguments);

}  // namespace plivo_dial
