// SPDX-License-Identifier: Apache-2.0
// <PlivoMenu>: the question, its keys, and where each leads.
#include "lib/plan/menu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/plan/answer.h"
#include "lib/plan/plan_layer.h"
#include "tests/unit/plan/next_of.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using testing::Not;
using MenuWords = std::vector<std::string_view>;
using Line = Menu::Line;

Menu menu_of(const MenuWords& words,
             const std::vector<std::pair<std::string_view, MenuWords>>& lines) {
  Result<Menu> menu = parse_menu(words);
  EXPECT_TRUE(menu) << menu.error().message;
  for (const auto& [directive, arguments] : lines) {
    const Result<void> read = read_menu_line(directive, arguments, {"/etc/a.conf", 7}, *menu);
    EXPECT_TRUE(read) << read.error().message;
  }
  return *menu;
}

std::string refusal_of_menu(const MenuWords& words) {
  const Result<Menu> menu = parse_menu(words);
  return menu ? "accepted" : menu.error().message;
}

std::string refusal_of_line(std::string_view directive, const MenuWords& words) {
  Menu menu = menu_of({"main"}, {{"PlivoKey", {"1,2", "hangup"}},
                                 {"PlivoKey", {"none", "hangup"}},
                                 {"PlivoKey", {"other", "hangup"}}});
  const Menu before = menu;
  const Result<void> read = read_menu_line(directive, words, {"/etc/a.conf", 9}, menu);
  EXPECT_TRUE(read || menu == before);
  return read ? "accepted" : read.error().message;
}

TEST(PlivoMenu, HasANameAndAPatience) {
  const Menu menu = menu_of({"Main_1-a", "timeout=7", "retries=3"}, {});
  EXPECT_EQ(menu.name, "Main_1-a");
  EXPECT_EQ(menu.timeout, "7");
  EXPECT_EQ(menu.retries, 3);
  EXPECT_EQ(parse_menu(MenuWords{"x"})->retries, 2);
  const struct {
    MenuWords words;
    const char* message;
  } rows[] = {
      {{}, "takes the name of a menu"},
      {{"two words"}, "is no name of a menu"},
      {{""}, "is no name of a menu"},
      {{"12345678901234567890123456789012345678901"}, "1 to 40 letters"},
      {{"main", "now"}, "\"now\" is not of the form"},
      {{"main", "wait=1"}, "neither timeout nor retries"},
      {{"main", "timeout=0"}, "0"},
      {{"main", "retries=0"}, "not from 1 to 9"},
      {{"main", "retries=10"}, "not from 1 to 9"},
      {{"main", "retries=x"}, "not from 1 to 9"},
  };
  for (const auto& [words, message] : rows) {
    EXPECT_THAT(refusal_of_menu(words), HasSubstr(message));
  }
}

TEST(PlivoMenu, HasAQuestionAndKeys) {
  const Menu menu = menu_of({"main"}, {{"plivospeak", {"Press 1.", "voice=MAN"}},
                                       {"PlivoPlay", {"https://h/x.mp3"}},
                                       {"plivokey", {"1,*,#", "dial=+14155550111"}},
                                       {"PlivoKey", {"none", "voicemail"}},
                                       {"PlivoKey", {"other", "say=Pardon?"}}});
  ASSERT_EQ(menu.prompts.size(), 2u);
  EXPECT_EQ(menu.prompts[0].content, "Press 1.");
  EXPECT_EQ(menu.prompts[1].kind, Prompt::Kind::kPlay);
  ASSERT_EQ(menu.lines.size(), 3u);
  EXPECT_EQ(menu.lines[0].keys, "1*#");
  EXPECT_EQ(menu.lines[0].step.dial.position.line, 7);
  EXPECT_EQ(menu.lines[1].kind, Line::Kind::kNone);
  EXPECT_EQ(menu.lines[2].kind, Line::Kind::kOther);
  EXPECT_TRUE(check_menu(menu));
  EXPECT_EQ(line_for(menu, "1"), 0u);
  EXPECT_EQ(line_for(menu, "#"), 0u);
  EXPECT_EQ(line_for(menu, "2"), 2u);
  EXPECT_EQ(line_for(menu, "11"), 2u);
  EXPECT_EQ(line_for(menu, ""), 1u);
  EXPECT_EQ(line_for(Menu{}, "1"), std::nullopt);
  EXPECT_EQ(line_for(Menu{}, ""), std::nullopt);
}

TEST(PlivoMenu, RefusesWhatHasNoMeaning) {
  const struct {
    std::string_view directive;
    MenuWords words;
    const char* message;
  } rows[] = {
      {"PlivoDial", {"+14155550111"}, "is not allowed in <PlivoMenu>"},
      {"PlivoSpeak", {""}, "the text to be spoken is empty"},
      {"PlivoKey", {"3"}, "write a key and where it leads"},
      {"PlivoKey", {"12", "hangup"}, "\"12\" is no key"},
      {"PlivoKey", {"3,", "hangup"}, "\"\" is no key"},
      {"PlivoKey", {"a", "hangup"}, "\"a\" is no key"},
      {"PlivoKey", {"3,3", "hangup"}, "\"3\" is given twice"},
      {"PlivoKey", {"2,3", "hangup"}, "\"2\" has a line already (/etc/a.conf:7)"},
      {"PlivoKey", {"none", "hangup"}, "\"none\" has a line already"},
      {"PlivoKey", {"other", "hangup"}, "\"other\" has a line already"},
      {"PlivoKey", {"3", "ring"}, "\"ring\" is no step"},
      {"PlivoKey", {"3", "menu"}, "needs a value: write menu="},
      {"PlivoKey", {"3", "menu=x", "y"}, "\"y\" has no meaning behind"},
  };
  for (const auto& [directive, words, message] : rows) {
    EXPECT_THAT(refusal_of_line(directive, words), HasSubstr(message));
  }
  Menu menu;
  EXPECT_THAT(read_menu_line("PlivoKey", MenuWords{"none", "menu=main"}, {}, menu).error().message,
              HasSubstr("retries= says how often"));
  EXPECT_THAT(check_menu(menu).error().message, HasSubstr("asks nothing"));
  menu = menu_of({"m"}, {{"PlivoSpeak", {"Hi"}}, {"PlivoKey", {"none", "hangup"}}});
  EXPECT_THAT(check_menu(menu).error().message, HasSubstr("has no key"));
}

// Two menus, a way back, and a stage behind.
Plan menu_plan() {
  PlanLines lines;
  const auto read = [&](std::string_view directive, const MenuWords& words) {
    const Result<void> done = read_plan_line(directive, words, {"/etc/a.conf", 7}, lines);
    EXPECT_TRUE(done) << done.error().message;
  };
  read("PlivoAnswer", {"menu=main"});
  read("PlivoDial", {"+14155550100"});
  read("PlivoVoicemail", {"On"});
  read("PlivoOn", {"busy", "menu=main"});
  EXPECT_TRUE(add_menu(menu_of({"main", "retries=3", "timeout=4"},
                               {{"PlivoSpeak", {"One or two."}},
                                {"PlivoKey", {"1", "dial=+14155550111", "timeout=20"}},
                                {"PlivoKey", {"2", "menu=sub"}},
                                {"PlivoKey", {"3", "next"}},
                                {"PlivoKey", {"4", "say=Bye"}}}),
                       lines));
  EXPECT_TRUE(add_menu(menu_of({"sub"}, {{"PlivoPlay", {"https://h/sub.mp3"}},
                                         {"PlivoKey", {"9", "menu=main"}},
                                         {"PlivoKey", {"0", "voicemail"}},
                                         {"PlivoKey", {"none", "hangup"}},
                                         {"PlivoKey", {"other", "menu=main"}}}),
                       lines));
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, "/office");
}

Webhook key_pressed(std::string_view menu, std::string_view digits, int walk = 1, int tries = 0) {
  Webhook webhook;
  webhook.kind = EventKind::kOther;
  webhook.endpoint = Endpoint::kAction;
  webhook.call_status = CallStatus::kInProgress;
  webhook.menu = menu;
  webhook.digits = digits;
  webhook.walk = walk;
  webhook.tries = tries;
  return webhook;
}

std::string menu_document(const Plan& plan, const Step& step, bool with_prompts = false) {
  const AnswerUrls urls{.action = "https://h/action",
                        .callback = "https://h/callback",
                        .recording = "https://h/recording",
                        .action_fragment = "rc=2"};
  const Result<std::string> document = render_step(plan, urls, step, with_prompts, {});
  return document ? *document : document.error().message;
}

TEST(PlivoMenu, IsPutAtTheBeginWhereTheKeyComesToUs) {
  const Plan plan = menu_plan();
  const Step first = first_step(plan);
  EXPECT_EQ(first, (Step{Step::Kind::kMenu, 0, 1}));
  const std::string document = menu_document(plan, first, true);
  EXPECT_THAT(
      document,
      HasSubstr("<Response><GetDigits action=\"https://h/action?menu=main&amp;walk=1#rc=2\" "
                "method=\"POST\" numDigits=\"1\" finishOnKey=\"none\" retries=\"3\" "
                "timeout=\"4\"><Speak>One or two.</Speak></GetDigits><Dial "));
  EXPECT_THAT(document,
              HasSubstr("walk=2#rc=2\" method=\"POST\" callbackUrl=\"https://h/callback?walk=2\">"
                        "<Number>+14155550100</Number></Dial></Response>"))
      << "silence goes on with the plan";
}

TEST(StepAfterKey, IsWhatTheLineOfTheKeySays) {
  const Plan plan = menu_plan();
  const auto step = [&](std::string_view menu, std::string_view digits, int walk = 1) {
    return step_for(plan, key_pressed(menu, digits, walk));
  };
  EXPECT_EQ(step("main", "1"), (Step{Step::Kind::kDial, kMaxStages + kMenuLines, 2}));
  EXPECT_EQ(step("main", "2"), (Step{Step::Kind::kMenu, 1, 2}));
  EXPECT_EQ(step("main", "3"), (Step{Step::Kind::kDial, 0, 2}));
  EXPECT_EQ(step("main", "4"), (Step{Step::Kind::kFollowUp, kMenuLines + 3, 2}));
  EXPECT_EQ(step("sub", "9", 5), (Step{Step::Kind::kMenu, 0, 6}));
  EXPECT_EQ(step("sub", "0"), Step{Step::Kind::kNotReached});
  EXPECT_EQ(step("sub", "7", 2), (Step{Step::Kind::kMenu, 0, 3})) << "other";
  EXPECT_EQ(step("sub", ""), Step{Step::Kind::kHangUp}) << "none";
  EXPECT_EQ(step("main", ""), (Step{Step::Kind::kDial, 0, 2}));
  EXPECT_EQ(step("gone", "1"), Step{Step::Kind::kNotReached});
  Webhook over = key_pressed("main", "1");
  over.call_status = CallStatus::kCompleted;
  EXPECT_EQ(step_for(plan, over), Step{Step::Kind::kHangUp});
  EXPECT_THAT(menu_document(plan, step("main", "1")),
              HasSubstr("<Dial action=\"https://h/action?stage=201&amp;walk=2#rc=2\""));
  EXPECT_THAT(menu_document(plan, step("main", "4")), HasSubstr("<Speak>Bye</Speak><Hangup/>"));
}

TEST(StepAfterKey, AWrongKeyPutsTheQuestionAgainAsOftenAsSilence) {
  const Plan plan = menu_plan();
  EXPECT_EQ(step_for(plan, key_pressed("main", "7", 1, 0)), (Step{Step::Kind::kMenu, 0, 2, 1}));
  EXPECT_EQ(step_for(plan, key_pressed("main", "7", 2, 1)), (Step{Step::Kind::kMenu, 0, 3, 2}));
  EXPECT_EQ(step_for(plan, key_pressed("main", "7", 3, 2)), (Step{Step::Kind::kDial, 0, 4}));
  EXPECT_THAT(menu_document(plan, {Step::Kind::kMenu, 0, 2, 1}),
              HasSubstr("action?menu=main&amp;walk=2&amp;tries=1#rc=2"));
}

TEST(StepAfterKey, EveryWalkEnds) {
  const Plan plan = menu_plan();
  EXPECT_EQ(step_for(plan, key_pressed("main", "2", kMaxWalk)), Step{Step::Kind::kNotReached});
  EXPECT_EQ(step_for(plan, key_pressed("main", "7", kMaxWalk)),
            (Step{Step::Kind::kDial, 0, kMaxWalk + 1}));
  EXPECT_EQ(step_for(plan, key_pressed("main", "1", kMaxWalk + 1)), Step{Step::Kind::kNotReached});
  for (const std::string keys : {"12", "2", "7", "29"}) {
    Step step = first_step(plan);
    int documents = 1;
    for (std::size_t i = 0; step.kind == Step::Kind::kMenu; ++i, ++documents) {
      ASSERT_LE(documents, 30) << keys;
      const std::string key(1, keys[i % keys.size()]);
      step = step_for(plan, key_pressed(plan.menus[step.stage].name, key, step.walk, step.tries));
    }
  }
}

// Lines of PlivoOn hold for the dials of a menu, too, and carry the walk on.
TEST(StepAfterStage, OfAMenuFollowsPlivoOn) {
  const Plan plan = menu_plan();
  Webhook webhook;
  webhook.kind = EventKind::kDialResult;
  webhook.endpoint = Endpoint::kAction;
  webhook.call_status = CallStatus::kInProgress;
  webhook.stage = static_cast<int>(kMaxStages + kMenuLines + 1);
  webhook.walk = 4;
  const auto step = [&](DialStatus status) {
    webhook.dial_status = status;
    return step_for(plan, webhook);
  };
  EXPECT_EQ(step(DialStatus::kBusy), (Step{Step::Kind::kMenu, 0, 5}));
  EXPECT_EQ(step(DialStatus::kNoAnswer), Step{Step::Kind::kNotReached});
  EXPECT_EQ(step(DialStatus::kCompleted), Step{Step::Kind::kHangUp});
  webhook.walk = kMaxWalk;
  EXPECT_EQ(step(DialStatus::kBusy), Step{Step::Kind::kNotReached});
}

TEST(WhatFollows, SaysWhenAQuestionIsPut) {
  const Plan plan = menu_plan();
  Webhook answer;
  answer.kind = EventKind::kCallAnswer;
  EXPECT_EQ(next_of(&plan, answer), Next::kMenu);
  EXPECT_EQ(to_string(Next::kMenu), "menu");
  EXPECT_EQ(next_of(&plan, key_pressed("main", "1")), Next::kStage);
  EXPECT_EQ(next_of(&plan, key_pressed("main", "4")), Next::kSentence);
  EXPECT_EQ(next_of(&plan, key_pressed("sub", "0")), Next::kVoicemail);
  Webhook other = key_pressed("main", "1");
  other.menu.reset();
  EXPECT_EQ(next_of(&plan, other), std::nullopt);
}

TEST(ReadWebhook, TakesThePlaceInAMenuFromTheUrl) {
  const auto read = [](std::string_view query, std::string_view body) {
    const RequestParameters parameters{Form::decode(query).value(), Form::decode(body).value()};
    const Webhook webhook = read_webhook(Endpoint::kAction, parameters);
    return std::string(webhook.menu.value_or("-")) + " " + std::to_string(webhook.walk) + " " +
           std::to_string(webhook.tries) + " " + std::string(webhook.digits);
  };
  EXPECT_EQ(read("menu=main&walk=3&tries=1", "CallUUID=a&Digits=7"), "main 3 1 7");
  EXPECT_EQ(read("menu=main", "CallUUID=a"), "main 0 0 ");
  EXPECT_EQ(read("walk=12&tries=2", "Digits=7"), "- 12 0 ");
  EXPECT_EQ(read("menu=main&walk=-1&tries=123", ""), "main 99 99 ");
}

TEST(PlivoMenu, IsTakenFromTheSectionsAroundUnlessOneOfThatNameIsNearer) {
  PlanLines below, above;
  const auto with_key = [](std::string_view name, std::string_view key) {
    return menu_of({name}, {{"PlivoSpeak", {"Hi"}}, {"PlivoKey", {key, "hangup"}}});
  };
  ASSERT_TRUE(add_menu(with_key("main", "1"), below));
  ASSERT_TRUE(add_menu(with_key("sub", "2"), below));
  ASSERT_TRUE(read_plan_line("PlivoOn", MenuWords{"busy", "menu=main"}, {"a", 1}, above));
  ASSERT_TRUE(read_plan_line("PlivoOn", MenuWords{"any", "menu=sub"}, {"a", 1}, above));
  ASSERT_TRUE(add_menu(with_key("main", "3"), above));
  EXPECT_THAT(add_menu(with_key("main", "4"), above).error().message,
              HasSubstr("has a section already"));
  const PlanLayer base{&below, nullptr};
  const PlanLayer top{&above, &base};
  const Plan plan = plan_of(&top, "/x");
  ASSERT_EQ(plan.menus.size(), 2u);
  EXPECT_EQ(plan.menus[0].lines[0].keys, "3");
  EXPECT_EQ(plan.menus[1].name, "sub");
  EXPECT_EQ(first_line_of(plan, 1), kMenuLines + 1);
  EXPECT_EQ(line_at(plan, kMenuLines + 1), &plan.menus[1].lines[0].step);
  EXPECT_EQ(line_at(plan, kMenuLines + 2), nullptr);
  EXPECT_EQ(line_at(plan, kBeginLine), nullptr);
  EXPECT_EQ(line_at(plan, 0), plan.follow_ups.data());
}

// Those of a section around are for whoever leads to them.
TEST(PlivoMenu, IsOfThePlanOnlyWhereSomethingLeadsToIt) {
  PlanLines lines;
  ASSERT_TRUE(read_plan_line("PlivoOn", MenuWords{"busy", "menu=sub"}, {"a", 1}, lines));
  const auto add = [&](std::string_view name, std::string_view step) {
    EXPECT_TRUE(
        add_menu(menu_of({name}, {{"PlivoSpeak", {"Hi"}}, {"PlivoKey", {"1", step}}}), lines));
  };
  add("unused", "menu=nowhere");
  add("sub", "menu=leaf");
  add("leaf", "menu=sub");
  const PlanLayer layer{&lines, nullptr};
  const Plan plan = plan_of(&layer, "/x");
  ASSERT_EQ(plan.menus.size(), 2u);
  EXPECT_EQ(plan.menus[0].name, "sub");
  EXPECT_EQ(plan.menus[1].name, "leaf");
}

// A caller who has been asked hears at least a sentence.
TEST(StepAfterKey, NextWithoutStagesIsTheSentence) {
  PlanLines lines;
  ASSERT_TRUE(read_plan_line("PlivoAnswer", MenuWords{"menu=main"}, {"a", 1}, lines));
  ASSERT_TRUE(
      add_menu(menu_of({"main"}, {{"PlivoSpeak", {"Hi"}}, {"PlivoKey", {"0", "next"}}}), lines));
  const PlanLayer layer{&lines, nullptr};
  const Plan plan = plan_of(&layer, "/x");
  EXPECT_EQ(step_for(plan, key_pressed("main", "0")).kind, Step::Kind::kNotReached);
}

// Also behind the dial of a document of the administrator's own.
TEST(StepAfterStage, OfWhatBeginsIsTheFirstStage) {
  const Plan plan = menu_plan();
  const auto after = [&](std::size_t stage, DialStatus status) {
    return step_after_stage(plan, stage, status, CallStatus::kInProgress);
  };
  EXPECT_EQ(after(200, DialStatus::kNoAnswer), (Step{Step::Kind::kDial, 0}));
  EXPECT_EQ(after(200, DialStatus::kBusy), (Step{Step::Kind::kMenu, 0, 1}));
  EXPECT_EQ(after(200, DialStatus::kCompleted), Step{Step::Kind::kHangUp});
  EXPECT_EQ(after(199, DialStatus::kNoAnswer), Step{Step::Kind::kNotReached});
}

}  // namespace
}  // namespace plivo_dial
