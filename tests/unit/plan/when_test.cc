// when=: lines of a plan that hold by the hours of a schedule.
// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/when.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
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
using testing::Not;

class OpenOnly final : public Hours {
 public:
  explicit OpenOnly(std::set<std::string, std::less<>> names) : names_(std::move(names)) {}
  bool is_open(std::string_view schedule) const override { return names_.contains(schedule); }

 private:
  std::set<std::string, std::less<>> names_;
};

Plan plan_of_lines(
    const std::vector<std::pair<std::string_view, std::vector<std::string_view>>>& lines) {
  PlanLines read;
  for (const auto& [name, arguments] : lines) {
    const Result<void> line = read_plan_line(name, arguments, {}, read);
    EXPECT_TRUE(line.ok()) << name << ": " << line.error().message;
  }
  const PlanLayer layer{&read, nullptr};
  return plan_of(&layer, "/dialstatus");
}

// The office by day, the mobile by night, the last one always.
Plan day_and_night() {
  return plan_of_lines({{"PlivoDial", {"+14155550101", "when=office"}},
                        {"PlivoDial", {"+14155550102", "when=!office"}},
                        {"PlivoDial", {"+14155550103"}}});
}

Step dial_of(std::size_t stage) {
  return {Step::Kind::kDial, stage};
}

Step after(const Plan& plan, std::size_t ended, const Hours* hours) {
  return step_after_stage(plan, ended, DialStatus::kBusy, CallStatus::kInProgress, 0, hours);
}

const OpenOnly kOpen({"office"});
const OpenOnly kClosed({});

TEST(When, IsANameAndMayBeTurnedRound) {
  EXPECT_EQ(*parse_when("office"), (When{"office", true}));
  EXPECT_EQ(*parse_when("!office"), (When{"office", false}));
  EXPECT_EQ(to_string(*parse_when("!office")), "!office");
  EXPECT_EQ(to_string(*parse_when("office")), "office");
  for (const char* bad : {"", "!", "two words", "!!office", "a/b"}) {
    const Result<When> when = parse_when(bad);
    ASSERT_FALSE(when.ok()) << bad;
    EXPECT_THAT(when.error().message, HasSubstr("when=!office while it is closed"));
  }
}

TEST(When, HoldsAsTheScheduleStands) {
  EXPECT_TRUE(holds({}, &kClosed));
  EXPECT_TRUE(holds({"office", true}, &kOpen));
  EXPECT_FALSE(holds({"office", true}, &kClosed));
  EXPECT_FALSE(holds({"office", false}, &kOpen));
  EXPECT_TRUE(holds({"office", false}, &kClosed));
  EXPECT_TRUE(holds({"office", true}, nullptr));
  EXPECT_TRUE(holds({"office", false}, nullptr));
}

TEST(When, StagesOutsideTheirHoursAreLeftOut) {
  const Plan plan = day_and_night();
  EXPECT_EQ(first_step(plan, &kOpen), dial_of(0));
  EXPECT_EQ(first_step(plan, &kClosed), dial_of(1));
  EXPECT_EQ(after(plan, 1, &kOpen), dial_of(2));
  EXPECT_EQ(after(plan, 1, &kClosed), dial_of(1));
  EXPECT_EQ(after(plan, 2, &kClosed), dial_of(2));
  EXPECT_EQ(after(plan, 3, &kOpen), Step{Step::Kind::kNotReached});
}

TEST(When, OutsideTheHoursOfAllStagesNobodyIsReached) {
  Plan plan = plan_of_lines({{"PlivoDial", {"+14155550101", "when=office"}}});
  EXPECT_EQ(first_step(plan, &kOpen), dial_of(0));
  EXPECT_EQ(first_step(plan, &kClosed), Step{Step::Kind::kNotReached});
  plan.voicemail.emplace();
  EXPECT_EQ(first_step(plan, &kClosed), Step{Step::Kind::kNotReached});
}

TEST(When, EachTargetOfARingOrderHasTheHoursOfItsLine) {
  const Plan plan =
      plan_of_lines({{"PlivoDial", {"+14155550101", "+14155550102", "ring=order", "when=office"}},
                     {"PlivoDial", {"+14155550103"}}});
  ASSERT_EQ(plan.stages.size(), 3u);
  EXPECT_EQ(first_step(plan, &kClosed), dial_of(2));
  EXPECT_EQ(after(plan, 1, &kClosed), dial_of(2));
  EXPECT_EQ(after(plan, 1, &kOpen), dial_of(1));
}

TEST(When, TheBeginningHoldsInItsHoursAndElseTheStages) {
  const Plan plan = plan_of_lines(
      {{"PlivoAnswer", {"say=We are closed", "when=!office"}}, {"PlivoDial", {"+14155550101"}}});
  EXPECT_EQ(first_step(plan, &kOpen), dial_of(0));
  EXPECT_EQ(first_step(plan, &kClosed), (Step{Step::Kind::kFollowUp, kBeginLine}));
}

TEST(When, WhatFollowsIsWhatIsDialled) {
  const Plan plan = plan_of_lines({{"PlivoDial", {"+14155550101", "redirect=false"}},
                                   {"PlivoDial", {"+14155550102", "when=office"}}});
  Webhook webhook;
  webhook.kind = EventKind::kDialResult;
  webhook.endpoint = Endpoint::kAction;
  webhook.dial_status = DialStatus::kBusy;
  webhook.call_status = CallStatus::kInProgress;
  webhook.stage = 1;
  EXPECT_EQ(next_of(&plan, webhook, &kOpen), Next::kStage);
  EXPECT_EQ(next_of(&plan, webhook, &kClosed), Next::kEnd);
}

std::string answer_at(const Plan& plan, const Hours& hours) {
  CallFacts facts{"", ""};
  facts.hours = &hours;
  return *render_step(plan, {}, first_step(plan, &hours), true, facts);
}

TEST(When, OneDocumentHasTheStagesThatRingNow) {
  const Plan plan = plan_of_lines({{"PlivoDial", {"+14155550101", "redirect=false"}},
                                   {"PlivoDial", {"+14155550102", "when=office"}},
                                   {"PlivoDial", {"+14155550103", "when=!office"}}});
  EXPECT_TRUE(depends_on_request(plan));
  EXPECT_THAT(answer_at(plan, kOpen), HasSubstr("14155550102"));
  EXPECT_THAT(answer_at(plan, kOpen), Not(HasSubstr("14155550103")));
  EXPECT_THAT(answer_at(plan, kClosed), HasSubstr("14155550103"));
  EXPECT_THAT(answer_at(plan, kClosed), Not(HasSubstr("14155550102")));
}

// Whatever schedules say, the prepared answer is the one that would be rendered.
TEST(When, AllBeginningsArePrepared) {
  for (const bool records : {false, true}) {
    Plan plan = day_and_night();
    plan.prompts = {{Prompt::Kind::kSpeak, "Welcome.", {}}};
    if (records) plan.recording.emplace().notice.emplace();
    ASSERT_FALSE(depends_on_request(plan));
    const Result<PreparedAnswers> answers = PreparedAnswers::prepare(plan, {});
    ASSERT_TRUE(answers.ok()) << answers.error().message;
    for (const OpenOnly& hours : {kOpen, kClosed}) {
      EXPECT_EQ(prepared_text(*answers, first_step(plan, &hours), true), answer_at(plan, hours))
          << records;
    }
  }
}

TEST(When, TheNoticeOfARecordingComesBeforeTheFirstStageThatRings) {
  Plan plan = day_and_night();
  plan.recording.emplace().notice.emplace();
  EXPECT_THAT(answer_at(plan, kOpen), HasSubstr(kRecordNotice));
  EXPECT_THAT(answer_at(plan, kClosed), HasSubstr(kRecordNotice));
  CallFacts facts{"", ""};
  facts.hours = &kOpen;
  EXPECT_THAT(*render_step(plan, {}, dial_of(2), false, facts), Not(HasSubstr(kRecordNotice)));
}

TEST(PlivoAnswer, StandsOnceInASection) {
  PlanLines lines;
  const std::string_view menu[] = {"menu=main"};
  const std::string_view file[] = {"/etc/own.xml"};
  ASSERT_TRUE(read_plan_line("PlivoAnswer", menu, {"/a.conf", 7}, lines));
  EXPECT_THAT(read_plan_line("PlivoXML", file, {"/a.conf", 8}, lines).error().message,
              HasSubstr("there is one at /a.conf:7; leave one of them out"));
  EXPECT_EQ(lines.begin->menu, "main");
}

TEST(When, IsRefusedWhereItHasNoMeaning) {
  PlanLines lines;
  const std::string_view dial_of_line[] = {"busy", "dial=+14155550111", "when=office"};
  EXPECT_THAT(read_plan_line("PlivoOn", dial_of_line, {}, lines).error().message,
              HasSubstr("when= is for lines of PlivoDial and PlivoAnswer"));
  const std::string_view twice[] = {"+14155550111", "when=office", "when=night"};
  EXPECT_THAT(read_plan_line("PlivoDial", twice, {}, lines).error().message,
              HasSubstr("when= is given twice"));
  const std::string_view alone[] = {"when=office"};
  EXPECT_THAT(read_plan_line("PlivoAnswer", alone, {}, lines).error().message,
              HasSubstr("write what follows"));
}

TEST(When, RingsForTheLongerOfDayAndNight) {
  const Plan plan = plan_of_lines({{"PlivoDial", {"+14155550101", "when=office", "timeout=20"}},
                                   {"PlivoDial", {"+14155550102", "when=!office", "timeout=30"}},
                                   {"PlivoDial", {"+14155550103", "timeout=5"}}});
  EXPECT_EQ(longest_ringing(plan), 35);
}

TEST(When, SchedulesAreThoseThatThePlanNames) {
  const Plan plan = plan_of_lines({{"PlivoAnswer", {"menu=main", "when=menus"}},
                                   {"PlivoDial", {"+14155550101", "when=office"}},
                                   {"PlivoDial", {"+14155550102", "when=!office"}}});
  const auto schedules = schedules_of(plan);
  ASSERT_EQ(schedules.size(), 2u);
  EXPECT_EQ(schedules[0].first, "menus");
  EXPECT_EQ(schedules[1].first, "office");
}

}  // namespace
}  // namespace plivo_dial
