// SPDX-License-Identifier: Apache-2.0
// dialMusic=say=text: what a caller hears while a stage rings, in words of the administrator's.
#include "lib/plan/ringback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/plan/answer.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/plan_layer.h"
#include "lib/plan/prepared_answers.h"
#include "tests/unit/plan/prepared_text.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using MusicWords = std::vector<std::string_view>;

std::string refusal_of_music(const MusicWords& words) {
  const Result<Stage> stage = parse_stage(words);
  return stage ? "accepted" : stage.error().message;
}

Plan plan_with_music(const std::vector<std::pair<std::string_view, MusicWords>>& directives,
                     std::string name = "/front") {
  PlanLines lines;
  for (const auto& [directive, words] : directives) {
    const Result<void> read = read_plan_line(directive, words, {"/etc/a.conf", 7}, lines);
    EXPECT_TRUE(read) << read.error().message;
  }
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, std::move(name));
}

AnswerUrls music_urls() {
  AnswerUrls urls;
  urls.action = "https://h/a";
  urls.action_fragment = "rc=2";
  urls.music = "https://h/music";
  return urls;
}

std::string music_document(const Plan& plan, const Step& step) {
  const Result<std::string> document = render_step(plan, music_urls(), step, false, {});
  return document ? *document : document.error().message;
}

Step music_step(std::size_t number) {
  return {Step::Kind::kMusic, number};
}

Webhook music_webhook(std::optional<int> stage) {
  Webhook webhook;
  webhook.endpoint = Endpoint::kMusic;
  webhook.kind = EventKind::kDialMusic;
  webhook.stage = stage;
  return webhook;
}

TEST(Ringback, IsASentenceBehindSay) {
  EXPECT_EQ(sentence_in("say=Please hold"), "Please hold");
  EXPECT_EQ(sentence_in("say="), "");
  EXPECT_EQ(sentence_in("real"), std::nullopt);
  EXPECT_EQ(sentence_in("https://h/say=x"), std::nullopt);
}

TEST(Ringback, RefusesWhatCanNotBeSaidOrPlayed) {
  const struct {
    MusicWords words;
    const char* message;
  } rows[] = {
      {{"+14155550111", "dialMusic=say=Please hold"}, "accepted"},
      {{"+14155550111", "dialMusic=real"}, "accepted"},
      {{"+14155550111", "dialMusic=https://h/x"}, "accepted"},
      {{"+14155550111", "dialMusic=say="}, "dialMusic=say=: the text to be spoken is empty"},
      {{"+14155550111", "dialMusic=say= \t"}, "the text to be spoken is empty"},
      {{"+14155550111", "dialMusic=say=\xFF"}, "is not valid UTF-8"},
      {{"+14155550111", "dialMusic=none"}, "nor the word real, nor say= and a sentence"},
      {{"+14155550111", "dialMusic=Please hold"}, "nor the word real, nor say= and a sentence"},
      {{"+14155550111", "dialMusic=Say=Hold"}, "nor say= and a sentence"},
      {{"+14155550111", "dialMusic=say=Call of {{From}}"}, "can stand in callerName and"},
      {{"+14155550111", "dialMusic=say=One", "dialMusic=say=Two"}, "\"dialMusic\" is given twice"},
      {{"+14155550111", "dialMusic=real", "dialMusic=say=Two"}, "\"dialMusic\" is given twice"},
      {{"+14155550111", "dialMusic=say=One", "dialMusic=nonsense"}, "given twice; write it once"},
      {{"+14155550111", "dialMusic=say=Please", "hold"}, "\"dialMusic=say=Please hold\""},
  };
  for (const auto& [words, message] : rows) {
    EXPECT_THAT(refusal_of_music(words), HasSubstr(message)) << words.back();
  }
  const Result<Attributes> defaults = parse_dial_defaults(MusicWords{"dialMusic=say="});
  ASSERT_FALSE(defaults);
  EXPECT_THAT(defaults.error().message, HasSubstr("the text to be spoken is empty"));
}

TEST(Ringback, GoesToPlivoAsAUrlWithPlanAndStage) {
  const Plan plan =
      plan_with_music({{"PlivoDialDefault", {"dialMusic=say=Hold on"}},
                       {"PlivoDial", {"+14155550111"}},
                       {"PlivoDial", {"+14155550112", "dialMusic=say=A & B"}},
                       {"PlivoDial", {"+14155550113", "dialMusic=real"}},
                       {"PlivoDial", {"+14155550114", "dialMusic=https://h/own"}},
                       {"PlivoOn", {"busy", "dial=+14155550115", "dialMusic=say=C"}}});
  const auto dialled = [&](std::size_t index) {
    return music_document(plan, {Step::Kind::kDial, index});
  };
  EXPECT_THAT(dialled(0),
              HasSubstr("POST\" dialMusic=\"https://h/music?number=%2B00#rc=2\"><Number>"));
  EXPECT_THAT(dialled(1),
              HasSubstr(" dialMusic=\"https://h/music?number=%2B00&amp;stage=2#rc=2\">"));
  EXPECT_THAT(dialled(2), HasSubstr(" dialMusic=\"real\">"));
  EXPECT_THAT(dialled(3), HasSubstr(" dialMusic=\"https://h/own\">"));
  EXPECT_THAT(dialled(kMaxStages), HasSubstr("number=%2B00&amp;stage=101#rc=2\">"));
  EXPECT_THAT(dialled(1), Not(HasSubstr("say=")));
  EXPECT_THAT(ringback_numbers(plan), ElementsAre(0, 2, 101));
}

TEST(Ringback, KnowsItsPlanByNumberOrName) {
  const auto url_in = [](const std::string& name) {
    return music_document(
        plan_with_music({{"PlivoDial", {"+14155550111", "dialMusic=say=Hold"}}}, name),
        {Step::Kind::kDial, 0});
  };
  EXPECT_THAT(url_in("+14155550199"), HasSubstr("/music?number=%2B14155550199&amp;stage=1#"));
  EXPECT_THAT(url_in("sales"), HasSubstr("/music?plan=sales&amp;stage=1#"));
}

TEST(Ringback, IsSaidByTheVoiceOfThePlan) {
  const Plan plan = plan_with_music({{"PlivoVoice", {"voice=Polly.Amy", "language=en-GB"}},
                                     {"PlivoDialDefault", {"dialMusic=say=Hold on"}},
                                     {"PlivoDial", {"+14155550111", "dialMusic=say=A < B & \"C\""}},
                                     {"PlivoDial", {"+14155550112"}}});
  const std::string by_amy = "<Response><Speak voice=\"Polly.Amy\" language=\"en-GB\">";
  EXPECT_THAT(music_document(plan, music_step(0)),
              HasSubstr(by_amy + "Hold on</Speak></Response>"));
  EXPECT_THAT(music_document(plan, music_step(1)), HasSubstr(by_amy + "A &lt; B &amp; "));
  EXPECT_EQ(ringback_of(plan, plan.stages[1])->content, "Hold on");
  EXPECT_EQ(ringback_prompt(plan, 2), std::nullopt) << "it is not that line's own";
  EXPECT_EQ(ringback_prompt(plan, 3), std::nullopt);
  EXPECT_EQ(ringback_prompt(plan_with_music({{"PlivoDial", {"+14155550111"}}}), 0), std::nullopt);
}

TEST(Ringback, IsTheStepOfARequestForIt) {
  const Plan plan = plan_with_music({{"PlivoDial", {"+14155550111", "dialMusic=say=Hold"}}});
  EXPECT_EQ(step_for(plan, music_webhook(1)), music_step(1));
  for (const std::optional<int> stage :
       {std::optional(0), std::optional(2), std::optional<int>()}) {
    EXPECT_EQ(step_for(plan, music_webhook(stage)), Step{Step::Kind::kEnd});
  }
  EXPECT_EQ(what_follows(&plan, music_webhook(1), music_step(1)), std::nullopt);
}

TEST(Ringback, IsPrepared) {
  const Plan plan = plan_with_music({{"PlivoDialDefault", {"dialMusic=say=Hold on"}},
                                     {"PlivoDial", {"+14155550111", "dialMusic=say=Hold"}}});
  const auto prepared = PreparedAnswers::prepare(plan, music_urls());
  ASSERT_TRUE(prepared) << prepared.error().message;
  for (const std::size_t number : {0u, 1u}) {
    EXPECT_EQ(prepared_text(*prepared, music_step(number)),
              music_document(plan, music_step(number)));
  }
}

}  // namespace
}  // namespace plivo_dial
