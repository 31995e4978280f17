// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/shown_plan.h"

namespace plivo_dial {

std::string with_attributes(std::string text, const Attributes& attributes) {
  for (const Attribute& attribute : attributes) {
    // Digest passwords of SIP users are the one secret that a plan may hold.
    const bool secret = attribute.name == "sipAuthPassword";
    text += " " + attribute.name + "=" + (secret ? "(hidden)" : attribute.value);
  }
  return text;
}

std::string describe_prompt(const Prompt& prompt) {
  switch (prompt.kind) {
    case Prompt::Kind::kSpeak:
      return with_attributes("speak \"" + prompt.content + "\"", prompt.attributes);
    case Prompt::Kind::kPlay:
      return with_attributes("play " + prompt.content, prompt.attributes);
    case Prompt::Kind::kWait:
      return with_attributes("wait " + prompt.content + " s", prompt.attributes);
  }
  return "";
}

std::string attributes_text(const Attributes& attributes) {
  const std::string text = with_attributes("", attributes);
  return text.empty() ? "" : text.substr(1);
}

ManifestStage shown_stage(const Stage& stage) {
  ManifestStage shown;
  shown.position = to_string(stage.position);
  for (const Target& target : stage.targets) {
    shown.targets.push_back(with_attributes(target.address, target.attributes));
  }
  shown.dial = attributes_text(stage.attributes);
  const auto add = [&](const char* word) {
    shown.dial += (shown.dial.empty() ? "" : " ") + std::string(word);
  };
  if (stage.ring == Ring::kRandom) add("ring=random");
  if (!stage.confirms) add("confirm=off");
  for (const When* when : {&stage.when, &stage.when_of_map}) {
    if (!when->schedule.empty()) add(("when=" + to_string(*when)).c_str());
  }
  return shown;
}

std::string describe_stage(const Stage& stage) {
  const ManifestStage shown = shown_stage(stage);
  std::string text;
  for (const std::string& target : shown.targets) text += (text.empty() ? "" : " ") + target;
  return shown.dial.empty() ? text : text + " " + shown.dial;
}

}  // namespace plivo_dial
