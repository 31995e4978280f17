// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "lib/plan/plan.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

TEST(StageAttribute, PrefersTheStageToTheDefaults) {
  Plan plan;
  plan.stages = {{{}, {{"timeout", "10"}}}, {{}, {}}};
  plan.dial_defaults = {{"timeout", "30"}, {"method", "GET"}};
  EXPECT_EQ(*stage_attribute(plan, plan.stages[0], "timeout"), "10");
  EXPECT_EQ(*stage_attribute(plan, plan.stages[1], "timeout"), "30");
  EXPECT_EQ(*stage_attribute(plan, plan.stages[0], "method"), "GET");
  EXPECT_EQ(stage_attribute(plan, plan.stages[0], "redirect"), nullptr);
}

std::string verdict_on_stage(const Attributes& defaults, const Attributes& own) {
  Plan plan;
  plan.dial_defaults = defaults;
  const Result<void> checked = check_stage(plan, Stage{{}, own});
  return checked ? "fits" : checked.error().message;
}

TEST(CheckStage, JudgesLineAndDefaultsTogether) {
  const Attribute sound{"confirmSound", "https://h/confirm"};
  const Attribute key{"confirmKey", "1"};
  const Attribute timeout{"confirmTimeout", "5"};
  EXPECT_EQ(verdict_on_stage({}, {}), "fits");
  EXPECT_EQ(verdict_on_stage({sound}, {key, timeout}), "fits");
  EXPECT_EQ(verdict_on_stage({key}, {sound}), "fits");
  EXPECT_THAT(verdict_on_stage({}, {key}), HasSubstr("confirmKey has no effect without"));
  EXPECT_THAT(verdict_on_stage({key}, {}), HasSubstr("confirmKey has no effect without"));
  EXPECT_THAT(verdict_on_stage({sound}, {timeout}), HasSubstr("confirmTimeout has no effect"));
}

Prompt sentence(const std::string& content, const Attributes& attributes = {}) {
  Prompt prompt;
  prompt.kind = Prompt::Kind::kSpeak;
  prompt.content = content;
  prompt.attributes = attributes;
  return prompt;
}

TEST(Spoken, TakesThePlansVoiceUnlessItHasAnyWordAboutItsOwn) {
  Plan plan;
  plan.voice.attributes = {{"voice", "Polly.Hans"}, {"language", "de-DE"}};
  EXPECT_EQ(spoken(plan, sentence("x")).attributes, plan.voice.attributes);
  for (const Attribute& own : {Attribute{"voice", "MAN"}, Attribute{"language", "fr-FR"}}) {
    EXPECT_EQ(spoken(plan, sentence("x", {own})).attributes, (Attributes{own})) << own.name;
  }
  EXPECT_EQ(spoken(plan, sentence("")).content, kVoicemailGreeting);
  EXPECT_EQ(spoken(plan, sentence("x")).content, "x");
}

TEST(CheckVoice, LetsNoForeignVoiceReadTheEnglishGreeting) {
  Plan plan;
  plan.voice.attributes = {{"voice", "Polly.Hans"}};
  EXPECT_TRUE(check_voice(plan).ok()) << "nobody greets";
  plan.voicemail.emplace();
  plan.voicemail->greeting = sentence("");
  const Result<void> checked = check_voice(plan);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message, HasSubstr("its voice speaks de-DE; add \"greeting=...\""));
  plan.voicemail->greeting = sentence("Guten Tag");
  EXPECT_TRUE(check_voice(plan).ok());
  plan.voicemail->greeting = sentence("");
  plan.voice.greeting = "Guten Tag";
  EXPECT_TRUE(check_voice(plan).ok());
  plan.voice = {};
  EXPECT_TRUE(check_voice(plan).ok()) << "the built-in voice";
}

TEST(LongestRinging, SumsTheTimeouts) {
  Plan plan;
  EXPECT_EQ(longest_ringing(plan), 0);
  plan.stages = {{{}, {{"timeout", "10"}}}, {{}, {}}};
  EXPECT_EQ(longest_ringing(plan), 130);
  plan.dial_defaults = {{"timeout", "25"}};
  EXPECT_EQ(longest_ringing(plan), 35);
}

}  // namespace
}  // namespace plivo_dial
