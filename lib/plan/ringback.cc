// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/ringback.h"

#include <string>

namespace plivo_dial {
namespace {

constexpr std::string_view kDialMusic = "dialMusic";
constexpr std::string_view kSay = "say=";

// Null where `attributes` have no sentence.
const std::string* sentence_among(const Attributes& attributes) {
  const std::string* const music = find_attribute(attributes, kDialMusic);
  return music != nullptr && sentence_in(*music) ? music : nullptr;
}

}  // namespace

std::optional<std::string_view> sentence_in(std::string_view dial_music) {
  if (!dial_music.starts_with(kSay)) return std::nullopt;
  return dial_music.substr(kSay.size());
}

std::optional<std::size_t> ringback_number(const Plan& plan, const Stage& stage,
                                           std::size_t index) {
  if (find_attribute(stage.attributes, kDialMusic) != nullptr) {
    return sentence_among(stage.attributes) ? std::optional(index + 1) : std::nullopt;
  }
  return sentence_among(plan.dial_defaults) ? std::optional<std::size_t>(0) : std::nullopt;
}

std::vector<std::size_t> ringback_numbers(const Plan& plan) {
  std::vector<std::size_t> numbers;
  if (sentence_among(plan.dial_defaults)) numbers.push_back(0);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    if (sentence_among(plan.stages[i].attributes)) numbers.push_back(i + 1);
  }
  for (const auto& [index, line] : all_lines(plan)) {
    const Stage* const stage = stage_at(plan, kMaxStages + index);
    if (stage && sentence_among(stage->attributes)) numbers.push_back(kMaxStages + index + 1);
  }
  return numbers;
}

std::optional<Prompt> ringback_of(const Plan& plan, const Stage& stage) {
  const std::string* const music = stage_attribute(plan, stage, kDialMusic);
  const std::optional<std::string_view> sentence = music ? sentence_in(*music) : std::nullopt;
  if (!sentence) return std::nullopt;
  return spoken(plan, {Prompt::Kind::kSpeak, std::string(*sentence), {}});
}

std::optional<Prompt> ringback_prompt(const Plan& plan, std::size_t number) {
  if (number == 0) return ringback_of(plan, Stage{});
  const Stage* const stage = stage_at(plan, number - 1);
  const bool has_own = stage && sentence_among(stage->attributes);
  return has_own ? ringback_of(plan, *stage) : std::nullopt;
}

}  // namespace plivo_dial
