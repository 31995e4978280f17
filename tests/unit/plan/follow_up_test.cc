// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/follow_up.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lib/plan/answer.h"
#include "lib/plan/next_step.h"
#include "lib/plan/plan_layer.h"
#include "lib/plan/prepared_answers.h"
#include "tests/unit/plan/next_of.h"
#include "tests/unit/plan/prepared_text.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string_view>;
using Kind = FollowUp::Kind;

FollowUp parsed(const Words& words) {
  const Result<FollowUp> line = parse_follow_up(words);
  EXPECT_TRUE(line) << line.error().message;
  return line.value();
}

std::string refusal(const Words& words) {
  const Result<FollowUp> line = parse_follow_up(words);
  return line ? "taken: " + describe(*line) : line.error().message;
}

TEST(PlivoOn, HasStatusesAndAStep) {
  const FollowUp line = parsed({"busy,no-answer", "voicemail"});
  EXPECT_EQ(line.kind, Kind::kVoicemail);
  EXPECT_EQ(line.statuses, (std::vector{DialStatus::kBusy, DialStatus::kNoAnswer}));
  EXPECT_TRUE(parsed({"any", "hangup"}).statuses.empty());
  EXPECT_EQ(parsed({"failed", "next"}).kind, Kind::kNext);
  EXPECT_EQ(parsed({"cancel", "hangup"}).kind, Kind::kHangUp);
  EXPECT_EQ(parsed({"completed", "redirect=https://h/x"}).url, "https://h/x");

  const FollowUp says = parsed({"any", "say=Call again", "voice=MAN", "loop=2"});
  EXPECT_EQ(says.kind, Kind::kPrompt);
  EXPECT_EQ(says.prompt.kind, Prompt::Kind::kSpeak);
  EXPECT_EQ(says.prompt.content, "Call again");
  EXPECT_EQ(says.prompt.attributes, (Attributes{{"voice", "MAN"}, {"loop", "2"}}));
  EXPECT_EQ(parsed({"any", "say=voice=MAN"}).prompt.content, "voice=MAN");
  EXPECT_EQ(parsed({"any", "play=https://h/x.mp3"}).prompt.kind, Prompt::Kind::kPlay);

  const FollowUp dials = parsed({"failed", "dial=+14155550113", "timeout=20"});
  EXPECT_EQ(dials.kind, Kind::kDial);
  EXPECT_EQ(dials.dial.targets.at(0).address, "+14155550113");
  EXPECT_EQ(dials.dial.attributes, (Attributes{{"timeout", "20"}}));
}

TEST(PlivoOn, IsShownAsItIsWritten) {
  for (const Words& words :
       {Words{"busy,failed", "voicemail"}, Words{"any", "hangup"}, Words{"timeout", "next"},
        Words{"any", "play=https://h/x.mp3"}, Words{"failed", "dial=+14155550113"},
        Words{"completed", "redirect=https://h/x"}}) {
    EXPECT_EQ(describe(parsed(words)), std::string(words[0]) + " " + std::string(words[1]));
  }
  EXPECT_EQ(describe(parsed({"any", "say=Bye", "loop=2"})), "any \"say=Bye\" loop=2");
  EXPECT_EQ(
      describe(parsed({"any", "dial=+14155550113 sendDigits=12", "+14155550114", "timeout=9"})),
      "any dial=+14155550113 +14155550114 timeout=9")
      << "attributes of targets may be passwords";
}

TEST(PlivoOn, RefusesWhatHasNoMeaning) {
  const struct {
    Words words;
    const char* message;
  } rows[] = {
      {{"busy"}, "write the statuses and what follows them"},
      {{"buzy", "hangup"}, "\"buzy\" is no status of a dial; did you mean busy?"},
      {{"answered", "hangup"}, "\"answered\" is no status of a dial"},
      {{"busy,", "failed", "hangup"}, "separated by commas without blanks: busy,failed"},
      {{",busy", "hangup"}, "separated by commas without blanks"},
      {{"busy,any", "hangup"}, "any stands alone"},
      {{"busy,busy", "hangup"}, "\"busy\" is given twice"},
      {{"busy", "voicmail"}, "\"voicmail\" is no step; did you mean voicemail?"},
      {{"busy", "dail=+14155550100"}, "\"dail\" is no step; did you mean dial?"},
      {{"busy", "say"}, "\"say\" needs a value: write say="},
      {{"busy", "say="}, "the text to be spoken is empty"},
      {{"busy", "say=Call", "again"}, "around the whole argument: \"say=Call again\""},
      {{"busy", "say=Call", "voice=MAN", "again"}, "argument: \"voice=MAN again\""},
      {{"busy", "dial=+14155550100", "please"}, "argument: \"dial=+14155550100 please\""},
      {{"busy", "play=x.mp3"}, "x.mp3"},
      {{"busy", "redirect=/x"}, "/x"},
      {{"busy", "redirect=https://h/x", "method=GET"}, "\"method=GET\" has no meaning behind"},
      {{"busy", "hangup", "now"}, "\"now\" has no meaning behind hangup"},
      {{"busy", "dial=4155550100"}, "country code"},
      {{"busy", "dial=+14155550100", "redirect=false"}, "redirect=false would end the call"},
      {{"busy", "dial=+14155550100", "ring=order"}, "ring= orders the targets of PlivoDial"},
      {{"completed", "sms=+14155550100"}, "leave completed out"},
      {{"completed", "menu=survey"}, "whoever was spoken to is sent to neither"},
      {{"any", "sms=4155550100"}, "country code"},
      {{"any", "sms=+14155550100", "text="}, "the text of the message is empty"},
      {{"any", "sms=+14155550100", "text={{From"}, "is no place for a parameter"},
      {{"any", "sms=+14155550100", "src=office"}, "office"},
      {{"any", "sms=+14155550100", "from=+14155550100"}, "\"from\" is neither text nor src"},
      {{"any", "sms=+14155550100", "now"}, "\"now\" is not of the form"},
      {{"completed", "voicemail"}, "whoever was spoken to is not sent to voicemail"},
      {{"busy,completed", "voicemail"}, "leave completed out"},
      {{"completed", "next"}, "nor to voicemail"},
      {{"cancel", "say=Bye"}, "the caller has hung up"},
  };
  for (const auto& [words, message] : rows) EXPECT_THAT(refusal(words), HasSubstr(message));
}

PlanLines lines_of(const std::vector<std::pair<std::string_view, Words>>& directives) {
  PlanLines lines;
  for (const auto& [name, words] : directives) {
    const Result<void> read = read_plan_line(name, words, {"/etc/a.conf", 7}, lines);
    EXPECT_TRUE(read) << read.error().message;
  }
  return lines;
}

Plan plan_with(const std::vector<std::pair<std::string_view, Words>>& directives) {
  const PlanLines lines = lines_of(directives);
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, "+14155550199");
}

TEST(PlivoOn, StandsOnceForAStatus) {
  PlanLines lines =
      lines_of({{"PlivoOn", {"busy,failed", "hangup"}}, {"PlivoOn", {"any", "next"}}});
  const auto again = [&](const Words& words) {
    return read_plan_line("PlivoOn", words, {"/etc/a.conf", 9}, lines);
  };
  EXPECT_THAT(again({"timeout,failed", "next"}).error().message,
              HasSubstr("\"failed\" has a line already (/etc/a.conf:7)"));
  EXPECT_THAT(again({"any", "hangup"}).error().message, HasSubstr("\"any\" has a line already"));
  EXPECT_TRUE(again({"timeout", "next"}));
  EXPECT_EQ(lines.follow_ups->size(), 3u);
}

TEST(PlivoOn, NeedsWhatItLeadsTo) {
  const Plan bare = plan_with({{"PlivoDial", {"+14155550100"}}});
  EXPECT_THAT(check_fits(bare, parsed({"busy", "voicemail"})).error().message,
              HasSubstr("add PlivoVoicemail On"));
  EXPECT_TRUE(check_fits(bare, parsed({"busy", "say=Bye"})));
  Plan ignored = bare;
  ignored.dial_defaults = {{"redirect", "false"}};
  EXPECT_THAT(check_fits(ignored, parsed({"busy", "dial=+14155550102"})).error().message,
              HasSubstr("add redirect=true"));
  EXPECT_TRUE(check_fits(ignored, parsed({"busy", "dial=+14155550102", "redirect=true"})));
  const Plan with = plan_with({{"PlivoDial", {"+14155550100"}}, {"PlivoVoicemail", {"On"}}});
  EXPECT_TRUE(check_fits(with, parsed({"busy", "voicemail"})));
}

Plan office() {
  return plan_with({{"PlivoDial", {"+14155550100", "timeout=20"}},
                    {"PlivoDial", {"+14155550101"}},
                    {"PlivoVoicemail", {"On"}},
                    {"PlivoOn", {"completed", "say=Thank you"}},
                    {"PlivoOn", {"busy", "voicemail"}},
                    {"PlivoOn", {"failed", "dial=+14155550102", "timeout=30"}},
                    {"PlivoOn", {"timeout", "redirect=https://h/x"}},
                    {"PlivoOn", {"any", "next"}}});
}

TEST(StepAfterStage, IsWhatALineOfPlivoOnSays) {
  const Plan plan = office();
  const auto after = [&](std::size_t stage, DialStatus status) {
    return step_after_stage(plan, stage, status, CallStatus::kInProgress);
  };
  using Step = plivo_dial::Step;
  for (const std::size_t stage : {1u, 2u}) {
    EXPECT_EQ(after(stage, DialStatus::kCompleted), (Step{Step::Kind::kFollowUp, 0}));
    EXPECT_EQ(after(stage, DialStatus::kBusy), (Step{Step::Kind::kNotReached, 0}));
    EXPECT_EQ(after(stage, DialStatus::kFailed), (Step{Step::Kind::kDial, kMaxStages + 2}));
    EXPECT_EQ(after(stage, DialStatus::kTimeout), (Step{Step::Kind::kFollowUp, 3}));
    EXPECT_EQ(after(stage, DialStatus::kCancel), (Step{Step::Kind::kHangUp, 0}));
  }
  EXPECT_EQ(after(1, DialStatus::kNoAnswer), (Step{Step::Kind::kDial, 1}));
  EXPECT_EQ(after(2, DialStatus::kUnknown), (Step{Step::Kind::kNotReached, 0}));
  EXPECT_EQ(step_after_stage(plan, 1, DialStatus::kTimeout, CallStatus::kCompleted),
            (Step{Step::Kind::kHangUp, 0}));
}

TEST(StepAfterStage, IsNoFurtherDialBehindThatOfALine) {
  const Plan plan = office();
  const std::size_t ended = kMaxStages + 2 + 1;  // as in the URL
  using Step = plivo_dial::Step;
  for (const DialStatus status : {DialStatus::kBusy, DialStatus::kFailed, DialStatus::kTimeout,
                                  DialStatus::kNoAnswer, DialStatus::kUnknown}) {
    EXPECT_EQ(step_after_stage(plan, ended, status, CallStatus::kInProgress),
              (Step{Step::Kind::kNotReached, 0}));
  }
  EXPECT_EQ(step_after_stage(plan, ended, DialStatus::kCompleted, CallStatus::kInProgress),
            (Step{Step::Kind::kHangUp, 0}));
}

// The URL may have lost its number on the way, or have another's.
TEST(StepFor, AStageThatIsNoneOfThePlansIsNoDialOfALine) {
  const Plan plan = plan_with({{"PlivoDial", {"+14155550100"}},
                               {"PlivoOn", {"failed", "dial=+14155550102"}},
                               {"PlivoOn", {"busy", "hangup"}}});
  Webhook webhook;
  webhook.kind = EventKind::kDialResult;
  webhook.endpoint = Endpoint::kAction;
  webhook.dial_status = DialStatus::kFailed;
  for (const std::optional<int> stage : {std::optional<int>(), std::optional<int>(2),
                                         std::optional<int>(102), std::optional<int>(999)}) {
    webhook.stage = stage;
    EXPECT_EQ(step_for(plan, webhook), (plivo_dial::Step{plivo_dial::Step::Kind::kNotReached, 0}));
  }
}

TEST(StepAfterStage, IsTheEndBehindTheDialOfALineForCompleted) {
  const Plan plan = plan_with({{"PlivoDial", {"+14155550100"}},
                               {"PlivoVoicemail", {"On"}},
                               {"PlivoOn", {"busy", "dial=+14155550101"}},
                               {"PlivoOn", {"completed", "dial=+14155550102"}}});
  const auto after = [&](std::size_t stage) {
    return step_after_stage(plan, stage, DialStatus::kBusy, CallStatus::kInProgress).kind;
  };
  EXPECT_EQ(after(kMaxStages + 1), plivo_dial::Step::Kind::kNotReached);
  EXPECT_EQ(after(kMaxStages + 2), plivo_dial::Step::Kind::kHangUp);
}

// One who was spoken to is never offered voicemail, and any holds for no completed dial.
TEST(StepAfterStage, IsTheEndOfACompletedCallWithoutALineForIt) {
  const Plan plan = plan_with({{"PlivoDial", {"+14155550100"}},
                               {"PlivoVoicemail", {"On"}},
                               {"PlivoOn", {"any", "voicemail"}}});
  EXPECT_EQ(step_after_stage(plan, 1, DialStatus::kCompleted, CallStatus::kInProgress),
            (Step{Step::Kind::kHangUp, 0}));
  EXPECT_EQ(step_after_stage(plan, 1, DialStatus::kBusy, CallStatus::kInProgress),
            (Step{Step::Kind::kNotReached, 0}));
}

TEST(PreparedAnswers, HaveTheDocumentsOfPlivoOn) {
  const Plan plan = office();
  const AnswerUrls urls{
      "https://h/action", "https://h/callback", "https://h/confirm", "https://h/recording", "", ""};
  const auto answers = PreparedAnswers::prepare(plan, urls);
  ASSERT_TRUE(answers) << answers.error().message;
  EXPECT_THAT(prepared_text(*answers, {Step::Kind::kFollowUp, 0}),
              HasSubstr("<Response><Speak>Thank you</Speak><Hangup/></Response>"));
  EXPECT_THAT(prepared_text(*answers, {Step::Kind::kFollowUp, 3}),
              HasSubstr("<Response><Redirect method=\"POST\">https://h/x</Redirect></Response>"));
  const std::string dial(prepared_text(*answers, {Step::Kind::kDial, kMaxStages + 2}));
  EXPECT_THAT(dial, HasSubstr("action=\"https://h/action?stage=103\""));
  EXPECT_THAT(dial, HasSubstr("timeout=\"30\""));
  EXPECT_THAT(dial, HasSubstr("<Number>+14155550102</Number></Dial></Response>"));
  EXPECT_EQ(longest_ringing(plan), 20 + 120 + 30);
}

TEST(WhatFollows, SaysWhatALineOfPlivoOnDoes) {
  const Plan plan = office();
  Webhook webhook;
  webhook.kind = EventKind::kDialResult;
  webhook.endpoint = Endpoint::kAction;
  webhook.stage = 1;
  const auto next = [&](DialStatus status) {
    webhook.dial_status = status;
    return next_of(&plan, webhook);
  };
  EXPECT_EQ(next(DialStatus::kCompleted), Next::kSentence);
  EXPECT_EQ(next(DialStatus::kBusy), Next::kVoicemail);
  EXPECT_EQ(next(DialStatus::kFailed), Next::kStage);
  EXPECT_EQ(next(DialStatus::kTimeout), Next::kRedirect);
  EXPECT_EQ(to_string(Next::kRedirect), "redirect");
}

// Of a call that nobody took, in front of what the caller gets.
TEST(PlivoOn, SendsAMessageWhenNoStageIsLeft) {
  const auto plan_of_message = [](const Words& line) {
    return plan_with(
        {{"PlivoDial", {"+14155550100"}}, {"PlivoDial", {"+14155550101"}}, {"PlivoOn", line}});
  };
  const Plan plan = plan_of_message({"any", "sms=+14155550155"});
  EXPECT_EQ(prepared_text(*PreparedAnswers::prepare(plan, {}), {Step::Kind::kFollowUp, 0}),
            "not prepared");
  const auto step = [&](std::size_t stage) {
    return step_after_stage(plan, stage, DialStatus::kBusy, CallStatus::kInProgress);
  };
  EXPECT_EQ(step(1), (Step{Step::Kind::kDial, 1})) << "somebody may still take it";
  const Step sent = step(2);
  EXPECT_EQ(sent.kind, Step::Kind::kFollowUp);
  const RequestParameters parameters{Form::decode("").value(),
                                     Form::decode("From=14155550111&To=14155550199").value()};
  const auto document = [&](const Plan& of, std::string_view called) {
    const CallFacts facts{"14155550111", called, "", called, "", &parameters};
    return *render_step(of, {}, sent, false, facts);
  };
  EXPECT_THAT(document(plan, "14155550199"),
              HasSubstr("<Response><Message src=\"14155550199\" dst=\"14155550155\" type=\"sms\">"
                        "Missed call from 14155550111 to 14155550199</Message><Speak>Sorry"));
  EXPECT_THAT(document(plan, "sip:office@h"), HasSubstr("<Response><Speak>Sorry"));
  EXPECT_THAT(document(plan_of_message({"busy", "sms=+14155550155", "src=+14155550198",
                                        "text=Call {{From}} back"}),
                       "sip:office@h"),
              HasSubstr("src=\"14155550198\" dst=\"14155550155\" type=\"sms\">"
                        "Call 14155550111 back</Message>"));
  EXPECT_THAT(
      document(plan_of_message({"any", "sms=+14155550155", "text={{Unknown}}"}), "14155550199"),
      HasSubstr(">Missed call from 14155550111 to 14155550199</Message>"));
  EXPECT_EQ(describe(parsed({"any", "sms=+14155550155"})),
            "any sms=+14155550155 \"text=Missed call from {{From}} to {{To}}\"");
}

}  // namespace
}  // namespace plivo_dial
