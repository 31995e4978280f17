// SPDX-License-Identifier: Apache-2.0
// PlivoConfirm: what whoever picks up hears, and the key that takes the call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/plan/answer.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/plan_layer.h"
#include "lib/plan/prepared_answers.h"
#include "lib/plan/prompt_arguments.h"
#include "tests/unit/plan/prepared_text.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using testing::Not;
using ConfirmWords = std::vector<std::string_view>;

std::string refusal_of_confirm(const ConfirmWords& words) {
  const Result<std::optional<Confirm>> confirm = parse_confirm(words);
  return confirm ? "accepted" : confirm.error().message;
}

TEST(PlivoConfirm, HasAKeyAPromptAndAPatience) {
  const auto confirm = parse_confirm(
      ConfirmWords{"*", "say=A call.", "voice=Polly.Amy", "language=en-GB", "timeout=9"});
  ASSERT_TRUE(confirm && *confirm);
  EXPECT_EQ((*confirm)->key, "*");
  EXPECT_EQ((*confirm)->timeout, "9");
  EXPECT_EQ((*confirm)->prompt.content, "A call.");
  EXPECT_EQ((*confirm)->prompt.attributes,
            (Attributes{{"voice", "Polly.Amy"}, {"language", "en-GB"}}));
  const auto plays = parse_confirm(ConfirmWords{"none", "play=https://h/x.mp3"});
  ASSERT_TRUE(plays && *plays);
  EXPECT_EQ((*plays)->key, "");
  EXPECT_EQ((*plays)->prompt.kind, Prompt::Kind::kPlay);
  EXPECT_EQ((**parse_confirm(ConfirmWords{"1"})).prompt.content, "");
  EXPECT_FALSE(*parse_confirm(ConfirmWords{"off"}));
}

TEST(PlivoConfirm, RefusesWhatHasNoMeaning) {
  const struct {
    ConfirmWords words;
    const char* message;
  } rows[] = {
      {{}, "write a key, none, or Off"},
      {{"11"}, "or none for a prompt without a key"},
      {{"On"}, "\"On\""},
      {{"Off", "say=x"}, "\"say=x\" has no meaning behind Off"},
      {{"1", "please"}, "\"please\" is not of the form attribute=value"},
      {{"1", "say=Press", "one"}, "around the whole argument: \"say=Press one\""},
      {{"1", "say=a", "say=b"}, "the prompt is given twice"},
      {{"1", "play=x"}, "x"},
      {{"1", "say= "}, "the text to be spoken is empty"},
      {{"1", "play=https://h/x.mp3", "voice=MAN"}, "is for a prompt that is spoken"},
      {{"1", "language=de-DE"}, "add \"say=...\" in the language \"de-DE\""},
      {{"1", "timeout=soon"}, "soon"},
      {{"1", "timeout=5", "timeout=6"}, "timeout is given twice"},
      {{"none", "timeout=5"}, "how long the key is waited for"},
      {{"1", "loop=2"}, "\"loop\" is none of say, play, voice, language and timeout"},
  };
  for (const auto& [words, message] : rows) {
    EXPECT_THAT(refusal_of_confirm(words), HasSubstr(message));
  }
}

Plan confirmed_plan(const std::vector<std::pair<std::string_view, ConfirmWords>>& directives,
                    std::string name = "/duty") {
  PlanLines lines;
  for (const auto& [directive, words] : directives) {
    const Result<void> read = read_plan_line(directive, words, {"/etc/a.conf", 7}, lines);
    EXPECT_TRUE(read) << read.error().message;
  }
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, std::move(name));
}

std::string confirmed_document(const Plan& plan, const Step& step) {
  const AnswerUrls urls{
      .action = "https://h/a", .confirm = "https://h/confirm", .action_fragment = "rc=2"};
  const Result<std::string> document = render_step(plan, urls, step, false, {});
  return document ? *document : document.error().message;
}

constexpr Step kFirstDial{Step::Kind::kDial, 0};
constexpr Step kPrompted{Step::Kind::kConfirm};

TEST(PlivoConfirm, IsAskedForByEachDialThatHasNoSoundOfItsOwn) {
  const Plan plan = confirmed_plan({{"PlivoConfirm", {"1", "timeout=15"}},
                                    {"PlivoDial", {"+14155550111"}},
                                    {"PlivoDial", {"+14155550112", "confirm=off"}},
                                    {"PlivoDial", {"+14155550113", "confirmSound=https://h/own"}},
                                    {"PlivoDial", {"+14155550114", "confirmTimeout=7"}},
                                    {"PlivoOn", {"busy", "dial=+14155550115"}}});
  const std::string asks = "confirmSound=\"https://h/confirm?number=%2B00#rc=2\" confirmKey=\"1\"";
  EXPECT_THAT(confirmed_document(plan, kFirstDial),
              HasSubstr(asks + " confirmTimeout=\"15\"><Number>+14155550111"));
  EXPECT_THAT(confirmed_document(plan, {Step::Kind::kDial, 1}), Not(HasSubstr("confirm")));
  EXPECT_THAT(confirmed_document(plan, {Step::Kind::kDial, 2}),
              HasSubstr("POST\" confirmSound=\"https://h/own\"><Number>"));
  EXPECT_THAT(confirmed_document(plan, {Step::Kind::kDial, 3}),
              HasSubstr(asks + " confirmTimeout=\"7\"><Number>"));
  EXPECT_THAT(confirmed_document(plan, {Step::Kind::kDial, kMaxStages}), HasSubstr(asks));
}

TEST(PlivoConfirm, KnowsItsPlanByTheNumberInTheUrl) {
  const Plan plan =
      confirmed_plan({{"PlivoConfirm", {"none"}}, {"PlivoDial", {"+14155550111"}}}, "+14155550199");
  EXPECT_THAT(confirmed_document(plan, kFirstDial),
              HasSubstr("confirmSound=\"https://h/confirm?number=%2B14155550199#rc=2\"><Number>"));
}

TEST(PlivoConfirm, IsSaidByTheVoiceOfThePlanUnlessItHasItsOwn) {
  const auto said = [](const ConfirmWords& confirm) {
    return confirmed_document(confirmed_plan({{"PlivoVoice", {"voice=Polly.Amy", "language=en-GB"}},
                                              {"PlivoConfirm", confirm}}),
                              kPrompted);
  };
  const std::string by_amy = "<Response><Speak voice=\"Polly.Amy\" language=\"en-GB\">";
  EXPECT_THAT(said({"1"}), HasSubstr(by_amy + "You have a call. Press 1 to take it.</Speak></R"));
  EXPECT_THAT(said({"#"}), HasSubstr("Press pound to take it."));
  EXPECT_THAT(said({"*"}), HasSubstr("Press star to take it."));
  EXPECT_THAT(said({"none"}), HasSubstr(by_amy + "You have a call.</Speak>"));
  EXPECT_THAT(said({"1", "say=Hi", "voice=MAN"}),
              HasSubstr("<Response><Speak voice=\"MAN\">Hi</Speak></Response>"));
  EXPECT_THAT(said({"1", "play=https://h/x.mp3"}),
              HasSubstr("<Response><Play>https://h/x.mp3</Play></Response>"));
}

TEST(PlivoConfirm, BuiltInPromptIsInTheLanguageOfItsVoice) {
  const ConfirmWords german = {"voice=Polly.Vicki", "language=de-DE", "apology=Nein.",
                               "greeting=Ja."};
  const Plan bare = confirmed_plan({{"PlivoVoice", german}, {"PlivoConfirm", {"1"}}});
  ASSERT_FALSE(check_confirm(bare));
  EXPECT_THAT(check_confirm(bare).error().message,
              HasSubstr("the built-in prompt is English, and its voice speaks de-DE"));
  EXPECT_TRUE(check_confirm(
      confirmed_plan({{"PlivoVoice", german}, {"PlivoConfirm", {"1", "say=Ein Anruf."}}})));
  EXPECT_TRUE(check_confirm(confirmed_plan({{"PlivoConfirm", {"1"}}})));
  EXPECT_TRUE(check_confirm(Plan{}));
}

TEST(PlivoConfirm, IsOverruledByTheSectionAbove) {
  PlanLines below, above;
  ASSERT_TRUE(read_plan_line("PlivoConfirm", ConfirmWords{"1"}, {"/etc/a.conf", 7}, below));
  const PlanLayer base{&below, nullptr};
  const PlanLayer top{&above, &base};
  ASSERT_TRUE(plan_of(&top, "/duty").confirm);
  EXPECT_EQ(plan_of(&top, "/duty").confirm->position.line, 7);
  ASSERT_TRUE(read_plan_line("PlivoConfirm", ConfirmWords{"Off"}, {"/etc/a.conf", 9}, above));
  EXPECT_FALSE(plan_of(&top, "/duty").confirm);
}

TEST(StepFor, AConfirmSoundIsThePromptWhereThePlanHasOne) {
  Webhook webhook;
  webhook.kind = EventKind::kDialConfirm;
  EXPECT_EQ(step_for(Plan{}, webhook), Step{Step::Kind::kEnd});
  EXPECT_EQ(step_for(confirmed_plan({{"PlivoConfirm", {"1"}}}), webhook), kPrompted);
}

TEST(PreparedAnswers, HaveTheConfirmSound) {
  const Plan plan = confirmed_plan({{"PlivoConfirm", {"1"}}, {"PlivoDial", {"+14155550111"}}});
  const AnswerUrls urls{.action = "https://h/a", .confirm = "https://h/confirm"};
  const auto prepared = PreparedAnswers::prepare(plan, urls);
  ASSERT_TRUE(prepared) << prepared.error().message;
  EXPECT_EQ(prepared_text(*prepared, kPrompted), *render_step(plan, urls, kPrompted, false, {}));
}

}  // namespace
}  // namespace plivo_dial
