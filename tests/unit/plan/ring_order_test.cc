// SPDX-License-Identifier: Apache-2.0
// ring= of PlivoDial.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/plan/answer.h"
#include "lib/plan/directive_arguments.h"
#include "lib/plan/plan_layer.h"
#include "lib/plan/ring_order.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using RingWords = std::vector<std::string_view>;

Plan rung_plan(const std::vector<RingWords>& dials) {
  PlanLines lines;
  for (const RingWords& words : dials) {
    const Result<void> read = read_plan_line("PlivoDial", words, {"/etc/a.conf", 7}, lines);
    EXPECT_TRUE(read) << read.error().message;
  }
  const PlanLayer layer{&lines, nullptr};
  return plan_of(&layer, "/office");
}

// The last two digits of who rings at each stage: "11 12".
std::vector<std::string> rung(const Plan& plan) {
  std::vector<std::string> out;
  for (const Stage& stage : plan.stages) {
    std::string& text = out.emplace_back();
    for (const Target& target : stage.targets) {
      text += (text.empty() ? "" : " ") + target.address.substr(10);
    }
  }
  return out;
}

TEST(Ring, IsWrittenOutAsStages) {
  const auto stages = [](std::string_view ring) {
    return rung(rung_plan(
        {{"+14155550111", "+14155550112", "+14155550113", ring, "timeout=9"}, {"+14155550114"}}));
  };
  EXPECT_THAT(stages("ring=all"), ElementsAre("11 12 13", "14"));
  EXPECT_THAT(stages("ring=order"), ElementsAre("11", "12", "13", "14"));
  EXPECT_THAT(stages("ring=memory"), ElementsAre("11", "11 12", "11 12 13", "14"));
  EXPECT_THAT(stages("ring=random"), ElementsAre("11 12 13", "11 12 13", "11 12 13", "14"));
  const Plan order = rung_plan({{"+14155550111", "+14155550112", "timeout=9", "ring=order"}});
  for (const Stage& stage : order.stages) {
    EXPECT_EQ(stage.attributes, (Attributes{{"timeout", "9"}}));
    EXPECT_EQ(stage.position.line, 7);
  }
  EXPECT_EQ(longest_ringing(order), 18);
}

TEST(Ring, OfOneTargetIsThatTarget) {
  const Plan plan = rung_plan({{"+14155550111", "ring=random"}});
  EXPECT_EQ(plan, rung_plan({{"+14155550111"}}));
  EXPECT_FALSE(depends_on_request(plan));
}

TEST(Ring, RefusesAnotherWordAndTooManyStages) {
  const auto refusal = [](const RingWords& words) {
    PlanLines lines;
    for (std::size_t i = 0; i + 1 < kMaxStages; ++i) {
      EXPECT_TRUE(read_plan_line("PlivoDial", RingWords{"+14155550111"}, {"a", 1}, lines));
    }
    const Result<void> read = read_plan_line("PlivoDial", words, {"a", 2}, lines);
    EXPECT_EQ(lines.stages->size(), kMaxStages - (read ? 0 : 1));
    return read ? "accepted" : read.error().message;
  };
  EXPECT_THAT(refusal({"+14155550111", "ring=randm"}), HasSubstr("did you mean random?"));
  EXPECT_THAT(refusal({"+14155550111", "ring=memory", "ring=order"}), HasSubstr("given twice"));
  EXPECT_THAT(refusal({"+14155550111", "ring=loud"}), HasSubstr("all, order, memory"));
  EXPECT_THAT(refusal({"+14155550111", "+14155550112", "ring=order"}),
              HasSubstr("at most 100 stages"));
  EXPECT_EQ(refusal({"+14155550111", "ring=order"}), "accepted");
}

TEST(DrawnTarget, IsEachOnceAndTheSameEachTime) {
  std::map<std::size_t, int> firsts;
  for (int call = 0; call < 3000; ++call) {
    const std::string id = "3c0f9d2e-1b7a-4c55-8f10-" + std::to_string(call);
    std::set<std::size_t> all;
    for (std::size_t place = 0; place < 3; ++place) {
      const std::size_t drawn = drawn_target(id, 0, 3, place);
      EXPECT_EQ(drawn, drawn_target(id, 0, 3, place));
      all.insert(drawn);
    }
    EXPECT_EQ(all.size(), 3u);
    ++firsts[drawn_target(id, 0, 3, 0)];
  }
  for (const auto& [target, times] : firsts) EXPECT_NEAR(times, 1000, 150) << target;
  std::set<std::size_t> at_other_lines;
  for (std::size_t first = 0; first < 20; ++first) {
    at_other_lines.insert(drawn_target("a-call", first, 3, 0));
  }
  EXPECT_EQ(at_other_lines.size(), 3u) << "two lines of a plan draw the same";
}

// The order is part of what the documents promise: nodes of two versions serve one call.
TEST(DrawnTarget, StaysAsItIs) {
  const auto order = [](std::string_view call) {
    std::string text;
    for (std::size_t place = 0; place < 5; ++place) {
      text += std::to_string(drawn_target(call, 0, 5, place));
    }
    return text;
  };
  EXPECT_EQ(order("3c0f9d2e-1b7a-4c55-8f10-6a2d4e8b9c01"), "21034");
  EXPECT_EQ(order(""), "30412");
}

TEST(Ring, AtRandomDialsOneAfterTheOther) {
  const Plan plan = rung_plan(
      {{"+14155550110"}, {"+14155550111", "+14155550112", "+14155550113", "ring=random"}});
  ASSERT_TRUE(depends_on_request(plan));
  const AnswerUrls urls{.action = "https://h/action"};
  std::set<std::string> documents;
  for (std::size_t stage = 1; stage < 4; ++stage) {
    const CallFacts facts{"", "", "", "", "a-call"};
    const auto document = render_step(plan, urls, {Step::Kind::kDial, stage}, false, facts);
    ASSERT_TRUE(document);
    const std::size_t drawn = drawn_target("a-call", 1, 3, stage - 1);
    EXPECT_THAT(*document, HasSubstr("action?stage=" + std::to_string(stage + 1)));
    EXPECT_THAT(*document,
                HasSubstr("><Number>+1415555011" + std::to_string(drawn + 1) + "</Number></Dial>"));
    documents.insert(*document);
  }
  EXPECT_EQ(documents.size(), 3u);
}

}  // namespace
}  // namespace plivo_dial
