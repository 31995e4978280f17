// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/prompt_arguments.h"

#include "lib/base/in_quotes.h"
#include "lib/plan/directive_arguments.h"

namespace plivo_dial {

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

}  // namespace plivo_dial
