// SPDX-License-Identifier: Apache-2.0
// Each walk through a plan, whatever is dialled, pressed and answered: it ends, and each document
// on the way is sound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "lib/document/check.h"
#include "lib/plan/answer.h"
#include "lib/plan/menu.h"
#include "lib/plan/plan_layer.h"

namespace plivo_dial {
namespace {

using WalkWords = std::vector<std::string_view>;
using Place = std::tuple<Step::Kind, std::size_t, int, int>;

Place place_of(const Step& step) {
  return {step.kind, step.stage, step.walk, step.tries};
}

constexpr DialStatus kReported[] = {
    DialStatus::kCompleted, DialStatus::kBusy,   DialStatus::kFailed, DialStatus::kTimeout,
    DialStatus::kNoAnswer,  DialStatus::kCancel, DialStatus::kUnknown};
constexpr std::string_view kPressed[] = {"", "0", "1", "2", "3", "7", "9", "*", "12"};

// All that can come behind a document: the reports that Plivo makes of it.
class Walker {
 public:
  explicit Walker(const Plan& plan) : plan_(plan) {}

  // The number of documents of the longest walk.
  int longest() { return longest_from(first_step(plan_), true); }

  std::size_t documents() const { return known_.size(); }

 private:
  int longest_from(const Step& step, bool begins) {
    const Place place = place_of(step);
    if (const auto known = known_.find(place); known != known_.end()) return known->second;
    if (!under_way_.insert(place).second) {
      ADD_FAILURE() << "a walk comes back to " << static_cast<int>(step.kind) << " " << step.stage;
      return 0;
    }
    expect_sound(step, begins);
    int longest = 0;
    for (const Step& next : steps_behind(step)) {
      longest = std::max(longest, longest_from(next, false));
    }
    under_way_.erase(place);
    return known_[place] = longest + 1;
  }

  void expect_sound(const Step& step, bool begins) {
    const AnswerUrls urls{.action = "https://h/action",
                          .callback = "https://h/callback",
                          .confirm = "https://h/confirm",
                          .recording = "https://h/recording"};
    const Result<std::string> document = render_step(plan_, urls, step, begins, {});
    ASSERT_TRUE(document) << document.error().message;
    if (!sound_.insert(*document).second) return;
    const auto checked = check_document(*document);
    EXPECT_TRUE(checked) << checked.error().message << "\n" << *document;
  }

  std::vector<Step> steps_behind(const Step& step) const {
    std::vector<Step> steps;
    if (step.kind == Step::Kind::kMenu) {
      steps = after_keys(step);
      // Plivo goes on in the document when nothing is pressed.
      add_after_dial(step_after_silence(plan_, step.stage, step.walk), steps);
    }
    add_after_dial(step, steps);
    return steps;
  }

  std::vector<Step> after_keys(const Step& step) const {
    std::vector<Step> steps;
    for (const std::string_view digits : kPressed) {
      Webhook webhook;
      webhook.kind = EventKind::kOther;
      webhook.endpoint = Endpoint::kAction;
      webhook.call_status = CallStatus::kInProgress;
      webhook.menu = plan_.menus[step.stage].name;
      webhook.walk = step.walk;
      webhook.tries = step.tries;
      webhook.digits = digits;
      steps.push_back(step_for(plan_, webhook));
    }
    return steps;
  }

  void add_after_dial(const Step& step, std::vector<Step>& steps) const {
    if (step.kind != Step::Kind::kDial || stage_at(plan_, step.stage) == nullptr) return;
    for (const DialStatus status : kReported) {
      steps.push_back(
          step_after_stage(plan_, step.stage + 1, status, CallStatus::kInProgress, step.walk));
    }
  }

  const Plan& plan_;
  std::map<Place, int> known_;
  std::set<Place> under_way_;
  std::set<std::string> sound_;
};

// Three menus below each other, each with a way back.
void add_walked_menus(PlanLines& lines) {
  const auto add = [&](std::string_view name, const std::vector<WalkWords>& keys) {
    Menu menu = *parse_menu(WalkWords{name, "retries=3"});
    ASSERT_TRUE(read_menu_line("PlivoSpeak", WalkWords{"Press a key."}, {"a", 1}, menu));
    for (const WalkWords& words : keys) {
      const Result<void> read = read_menu_line("PlivoKey", words, {"a", 1}, menu);
      ASSERT_TRUE(read) << read.error().message;
    }
    ASSERT_TRUE(add_menu(std::move(menu), lines));
  };
  add("main", {{"1", "menu=second"}, {"2", "dial=+14155550121"}, {"0", "next"}});
  add("second", {{"1", "menu=third"}, {"9,*", "menu=main"}, {"2", "say=Bye"}, {"none", "next"}});
  add("third", {{"9", "menu=main"},
                {"1", "menu=second"},
                {"other", "menu=third"},
                {"2", "dial=+14155550122"},
                {"none", "dial=+14155550123"}});
}

Plan walked_plan(int stages, bool voicemail, bool menus, std::string_view any,
                 std::string_view busy) {
  PlanLines lines;
  const auto read = [&](std::string_view directive, const WalkWords& words) {
    const Result<void> done = read_plan_line(directive, words, {"a", 1}, lines);
    EXPECT_TRUE(done) << done.error().message;
  };
  const std::string numbers[] = {"+14155550111", "+14155550112", "+14155550113", "+14155550114"};
  for (int i = 0; i < stages; ++i) read("PlivoDial", {numbers[i]});
  if (voicemail) read("PlivoVoicemail", {"On"});
  if (menus) {
    read("PlivoAnswer", {"menu=main"});
    add_walked_menus(lines);
  }
  if (!any.empty()) read("PlivoOn", {"any", any});
  const std::string_view statuses = busy.starts_with("menu") ? "busy" : "busy,completed";
  if (!busy.empty()) read("PlivoOn", {statuses, busy});
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, "+14155550199");
}

TEST(Walk, OfEachPlanEndsInSoundDocuments) {
  constexpr std::string_view kAny[] = {"",
                                       "hangup",
                                       "next",
                                       "voicemail",
                                       "say=Bye",
                                       "dial=+14155550131",
                                       "redirect=https://h/x",
                                       "menu=main",
                                       "sms=+14155550155"};
  constexpr std::string_view kBusy[] = {"", "hangup", "say=Bye", "dial=+14155550132", "menu=third"};
  std::size_t plans = 0;
  for (int stages = 0; stages <= 4; ++stages) {
    for (const bool voicemail : {false, true}) {
      for (const bool menus : {false, true}) {
        for (const std::string_view any : kAny) {
          for (const std::string_view busy : kBusy) {
            const bool leads_to_menu = any.starts_with("menu") || busy.starts_with("menu");
            if ((leads_to_menu && !menus) || (any == "voicemail" && !voicemail)) continue;
            const Plan plan = walked_plan(stages, voicemail, menus, any, busy);
            SCOPED_TRACE(plan.name + " " + std::to_string(stages) + " " + std::string(any) + " " +
                         std::string(busy));
            Walker walker(plan);
            // The menus' documents, the stages behind them, one dial of PlivoOn, and the end.
            EXPECT_LE(walker.longest(), (menus ? kMaxWalk : 0) + stages + 3);
            EXPECT_GT(walker.documents(), 0u);
            ++plans;
          }
        }
      }
    }
  }
  EXPECT_GT(plans, 500u);
}

TEST(Walk, ThroughMenusAloneEndsWithinThirtyDocuments) {
  const Plan plan = walked_plan(1, true, true, "menu=main", "menu=third");
  EXPECT_LE(Walker(plan).longest(), 30);
}

}  // namespace
}  // namespace plivo_dial
