// SPDX-License-Identifier: Apache-2.0
#include "lib/plan/plan_layer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "lib/plan/answer.h"

namespace plivo_dial {
namespace {

using testing::HasSubstr;

constexpr const char* kFile = "/etc/a.conf";

class PlanLayerTest : public testing::Test {
 protected:
  // Reads one directive; what is wrong with it, or "".
  static std::string read(PlanLines& lines, std::string_view name,
                          std::vector<std::string_view> arguments, int line = 1) {
    const Result<void> read = read_plan_line(name, arguments, {kFile, line}, lines);
    return read ? "" : read.error().message;
  }
  const PlanLayer* layer(const PlanLines& lines, const PlanLayer* below = nullptr) {
    return &layers_.emplace_back(PlanLayer{&lines, below});
  }
  const PlanLayer* stack(const PlanLayer* top, const PlanLayer* base) {
    return stacked(top, base,
                   [this](std::size_t) { return static_cast<void*>(&layers_.emplace_back()); });
  }

  std::deque<PlanLayer> layers_;
};

TEST_F(PlanLayerTest, HasEachLineWithItsPlace) {
  PlanLines lines;
  EXPECT_EQ(read(lines, "PlivoSpeak", {"Connecting your call"}, 2), "");
  EXPECT_EQ(read(lines, "plivoplay", {"https://a.example.com/x.mp3"}, 3), "");
  EXPECT_EQ(read(lines, "PlivoWait", {"2"}, 4), "");
  EXPECT_EQ(read(lines, "PlivoDial", {"+14155550100", "timeout=20"}, 5), "");
  EXPECT_EQ(read(lines, "PlivoDial", {"+14155550122"}, 6), "");
  EXPECT_EQ(read(lines, "PlivoVoicemail", {"On"}, 7), "");
  EXPECT_EQ(read(lines, "PlivoCallerId", {"caller"}, 8), "");
  EXPECT_EQ(read(lines, "PlivoVoice", {"apology=Nobody is here"}, 9), "");
  const Plan plan = plan_of(layer(lines), "+14155550199");
  EXPECT_EQ(plan.name, "+14155550199");
  ASSERT_EQ(plan.prompts.size(), 3u);
  EXPECT_EQ(plan.prompts[1].kind, Prompt::Kind::kPlay);
  EXPECT_EQ(to_string(plan.prompts[2].position), "/etc/a.conf:4");
  ASSERT_EQ(plan.stages.size(), 2u);
  EXPECT_EQ(to_string(plan.stages[1].position), "/etc/a.conf:6");
  ASSERT_TRUE(plan.voicemail);
  EXPECT_EQ(to_string(plan.voicemail->position), "/etc/a.conf:7");
  EXPECT_EQ(plan.caller_id.kind, CallerId::Kind::kCaller);
  EXPECT_EQ(plan.voice.apology, "Nobody is here");
  EXPECT_EQ(to_string(plan.voice.position), "/etc/a.conf:9");
  EXPECT_THAT(lines.voice->fallback_document, HasSubstr("Nobody is here"));
}

TEST_F(PlanLayerTest, KeepsWhatItHasWhereALineIsWrong) {
  PlanLines lines;
  EXPECT_EQ(read(lines, "PlivoDial", {"+14155550100"}), "");
  EXPECT_THAT(read(lines, "PlivoDial", {"12"}), HasSubstr("12"));
  EXPECT_THAT(read(lines, "PlivoWait", {"soon"}), HasSubstr("soon"));
  EXPECT_THAT(read(lines, "PlivoVoicemail", {"Maybe"}), HasSubstr("Maybe"));
  EXPECT_THAT(read(lines, "PlivoElse", {"x"}), HasSubstr("no directive of a plan"));
  EXPECT_EQ(lines.stages->size(), 1u);
  EXPECT_FALSE(lines.prompts);
  EXPECT_FALSE(lines.voicemail);
}

TEST_F(PlanLayerTest, TakesAHundredStages) {
  PlanLines lines;
  for (std::size_t i = 0; i < kMaxStages; ++i) {
    ASSERT_EQ(read(lines, "PlivoDial", {"+14155550100"}), "");
  }
  EXPECT_THAT(read(lines, "PlivoDial", {"+14155550100"}), HasSubstr("at most 100 stages"));
}

// Lists take the place of those below, attributes are taken one by one.
TEST_F(PlanLayerTest, LiesOnTopOfOthers) {
  PlanLines server;
  PlanLines location;
  PlanLines number;
  EXPECT_EQ(read(server, "PlivoDialDefault", {"timeout=10", "timeLimit=600"}), "");
  EXPECT_EQ(read(server, "PlivoDialDefault", {"timeout=15"}), "");
  EXPECT_EQ(read(location, "PlivoSpeak", {"Hello"}), "");
  EXPECT_EQ(read(location, "PlivoDial", {"+14155550100"}), "");
  EXPECT_EQ(read(location, "PlivoVoicemail", {"On"}), "");
  EXPECT_EQ(read(location, "PlivoDialDefault", {"timeout=20"}), "");
  EXPECT_EQ(read(number, "PlivoDial", {"+14155550122"}), "");
  EXPECT_EQ(read(number, "PlivoVoicemail", {"Off"}), "");
  const PlanLayer* const below = stack(layer(location), layer(server));
  const Plan of_location = plan_of(below, "/");
  EXPECT_TRUE(of_location.voicemail);
  const Plan plan = plan_of(stack(layer(number), below), "+14155550199");
  EXPECT_EQ(plan.prompts.size(), 1u);
  ASSERT_EQ(plan.stages.size(), 1u);
  EXPECT_EQ(plan.stages[0].targets[0].address, "+14155550122");
  EXPECT_FALSE(plan.voicemail) << "Off is an answer, too";
  ASSERT_EQ(plan.dial_defaults.size(), 2u);
  EXPECT_EQ(*find_attribute(plan.dial_defaults, "timeout"), "20");
  EXPECT_EQ(*find_attribute(plan.dial_defaults, "timeLimit"), "600");
  EXPECT_EQ(*find_attribute(plan_of(layer(server), "").dial_defaults, "timeout"), "15")
      << "the later line of a section wins";
}

TEST_F(PlanLayerTest, MayBeMissing) {
  PlanLines lines;
  EXPECT_EQ(stack(nullptr, nullptr), nullptr);
  const PlanLayer* const one = layer(lines);
  EXPECT_EQ(stack(one, nullptr), one);
  EXPECT_EQ(stack(nullptr, one), one);
  EXPECT_EQ(plan_of(nullptr, "x").name, "x");
  EXPECT_FALSE(says_something(nullptr));
  EXPECT_FALSE(says_something(one));
}

TEST_F(PlanLayerTest, TellsWhetherItDoesSomething) {
  PlanLines off;
  EXPECT_EQ(read(off, "PlivoVoicemail", {"Off"}), "");
  EXPECT_TRUE(says_something(layer(off)));
  EXPECT_FALSE(does_something(layer(off)));
  PlanLines on;
  EXPECT_EQ(read(on, "PlivoVoicemail", {"On"}), "");
  EXPECT_TRUE(does_something(layer(on)));
  PlanLines prompt;
  EXPECT_EQ(read(prompt, "PlivoWait", {"1"}), "");
  EXPECT_TRUE(says_something(layer(prompt)) && does_something(layer(prompt)));
  PlanLines stage;
  EXPECT_EQ(read(stage, "PlivoDial", {"+14155550100"}), "");
  EXPECT_TRUE(says_something(layer(stage)) && does_something(layer(stage)));
  PlanLines caller_id;
  EXPECT_EQ(read(caller_id, "PlivoCallerId", {"called"}), "");
  EXPECT_FALSE(says_something(layer(caller_id)) || does_something(layer(caller_id)));
}

}  // namespace
}  // namespace plivo_dial
