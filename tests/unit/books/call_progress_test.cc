// SPDX-License-Identifier: Apache-2.0
#include "lib/books/call_progress.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace plivo_dial {
namespace {

using Kind = CallStep::Kind;

CallStep step(Kind kind, std::int64_t stage = 0, const std::string& leg = "", bool talked = true) {
  return {kind, stage, leg, talked};
}

const CallStep kRing = step(Kind::kRing);
const CallStep kAnswer = step(Kind::kAnswer);
const CallStep kAnswered = step(Kind::kLegAnswered, 1, "b");
const CallStep kConnected = step(Kind::kLegConnected, 1, "b");
const CallStep kDigits = step(Kind::kLegDigits, 1, "b");
const CallStep kCallEnded = step(Kind::kLegEnded, 1, "b");
const CallStep kResult = step(Kind::kResult, 1);
const CallStep kHangup = step(Kind::kHangup);

CallProgress after(std::initializer_list<CallStep> steps) {
  CallProgress progress;
  for (const CallStep& one : steps) progress.add(one);
  return progress;
}

TEST(CallProgress, NothingWaitsOrIsLateInTheNaturalOrder) {
  CallProgress progress;
  for (const CallStep& one :
       {kRing, kAnswer, kAnswered, kConnected, kDigits, kDigits, kCallEnded, kResult, kHangup}) {
    EXPECT_FALSE(progress.is_ahead(one)) << static_cast<int>(one.kind);
    EXPECT_FALSE(progress.is_late(one)) << static_cast<int>(one.kind);
    progress.add(one);
  }
}

TEST(CallProgress, StagesFollowEachOther) {
  CallProgress progress = after({kAnswer, step(Kind::kLegEnded, 1, "b", false), kResult});
  for (const CallStep& one : {step(Kind::kLegAnswered, 2, "c"), step(Kind::kLegConnected, 2, "c"),
                              step(Kind::kLegEnded, 2, "c"), step(Kind::kResult, 2), kHangup}) {
    EXPECT_FALSE(progress.is_ahead(one)) << static_cast<int>(one.kind);
    EXPECT_FALSE(progress.is_late(one)) << static_cast<int>(one.kind);
    progress.add(one);
  }
}

TEST(CallProgress, WaitsForWhatOughtToComeBefore) {
  EXPECT_TRUE(after({}).is_ahead(kAnswered)) << "the answer";
  EXPECT_TRUE(after({}).is_ahead(kHangup));
  EXPECT_TRUE(after({kAnswer}).is_ahead(kConnected));
  EXPECT_TRUE(after({kAnswer}).is_ahead(kDigits));
  EXPECT_TRUE(after({kAnswer}).is_ahead(kCallEnded));
  EXPECT_TRUE(after({kAnswer, kAnswered}).is_ahead(kCallEnded)) << "dial.connected";
  EXPECT_TRUE(after({kAnswer}).is_ahead(kResult));
  EXPECT_TRUE(after({kAnswer, kAnswered}).is_ahead(kResult));
  EXPECT_TRUE(after({kAnswer, kAnswered, kConnected}).is_ahead(kHangup));
  EXPECT_TRUE(after({kAnswer, kAnswered, kConnected, kCallEnded}).is_ahead(kHangup));
  EXPECT_TRUE(
      after({kAnswer, kCallEnded, kResult, step(Kind::kLegAnswered, 2, "c")}).is_ahead(kHangup))
      << "the result of stage 2";
  EXPECT_TRUE(after({kAnswer, kCallEnded, step(Kind::kLegAnswered, 1, "c")}).is_ahead(kResult))
      << "the end of the other leg";
}

TEST(CallProgress, WaitsForNothingThatMayNeverCome) {
  EXPECT_FALSE(after({}).is_ahead(kRing));
  EXPECT_FALSE(after({}).is_ahead(kAnswer));
  EXPECT_FALSE(after({kAnswer}).is_ahead(kAnswered));
  EXPECT_FALSE(after({kAnswer}).is_ahead(step(Kind::kLegEnded, 1, "b", false)))
      << "a leg that nobody answered";
  EXPECT_FALSE(after({kAnswered}).is_ahead(kConnected)) << "calls that others answer";
  EXPECT_FALSE(after({kAnswer, kResult}).is_ahead(kResult)) << "it has waited for the first";
  EXPECT_FALSE(after({kAnswer, kHangup}).is_ahead(kResult)) << "too late for that";
  EXPECT_FALSE(after({kAnswer}).is_ahead(CallStep()));
}

TEST(CallProgress, KnowsWhatComesLate) {
  EXPECT_TRUE(after({kAnswer}).is_late(kRing));
  EXPECT_TRUE(after({kAnswered}).is_late(kAnswer));
  EXPECT_TRUE(after({kAnswer, kConnected}).is_late(kAnswered));
  EXPECT_TRUE(after({kAnswer, kCallEnded}).is_late(kAnswered));
  EXPECT_TRUE(after({kAnswer, kCallEnded}).is_late(kConnected));
  EXPECT_TRUE(after({kAnswer, kCallEnded}).is_late(kDigits));
  EXPECT_TRUE(after({kAnswer, kResult}).is_late(kCallEnded));
  for (const CallStep& one :
       {kRing, kAnswer, kAnswered, kConnected, kDigits, kCallEnded, kResult}) {
    EXPECT_TRUE(after({kHangup}).is_late(one)) << static_cast<int>(one.kind);
  }
}

TEST(CallProgress, OtherLegsAndStagesAreNoReasonToBeLate) {
  EXPECT_FALSE(after({kAnswer, kCallEnded}).is_late(step(Kind::kLegAnswered, 1, "c")));
  EXPECT_FALSE(after({kAnswer, kResult}).is_late(step(Kind::kLegAnswered, 2, "c")));
  EXPECT_FALSE(after({kAnswer, step(Kind::kResult)}).is_late(step(Kind::kLegAnswered, 0, "c")))
      << "without a stage nobody knows";
  EXPECT_FALSE(after({kHangup}).is_late(kHangup));
  EXPECT_FALSE(after({kHangup}).is_late(CallStep()));
}

TEST(CallProgress, SecondAnswerBeginsAfresh) {
  const CallProgress progress =
      after({kAnswer, kAnswered, kConnected, kCallEnded, kResult, kAnswer});
  EXPECT_FALSE(progress.is_late(kAnswer));
  EXPECT_FALSE(progress.is_late(step(Kind::kLegAnswered, 1, "c")));
  EXPECT_TRUE(progress.is_ahead(kResult));
}

TEST(CallStep, IsReadFromTheEvent) {
  Event event;
  event.call = "a";
  event.event = "dial.ended";
  event.endpoint = "callback";
  event.stage = 2;
  event.b_leg = "b";
  EXPECT_EQ(step_of(event), step(Kind::kLegEnded, 2, "b", true)) << "duration is not known";
  event.duration = 37;
  EXPECT_EQ(step_of(event), step(Kind::kLegEnded, 2, "b", true));
  event.duration = 0;
  EXPECT_EQ(step_of(event), step(Kind::kLegEnded, 2, "b", false));
  event.event = "dial.result";
  EXPECT_EQ(step_of(event), step(Kind::kResult, 2));
  event.event = "call.hangup";
  EXPECT_EQ(step_of(event), kHangup);
  event.event = "recording";
  EXPECT_EQ(step_of(event), CallStep());
  event.event = "dial.result";
  event.endpoint = "event";
  EXPECT_EQ(step_of(event), CallStep()) << "a flow reports in its own words";
  event.endpoint = "action";
  event.call.reset();
  EXPECT_EQ(step_of(event), CallStep());
}

TEST(CallStep, PlacesSortACall) {
  const std::vector<CallStep> call = {kRing,
                                      kAnswer,
                                      kAnswered,
                                      kCallEnded,
                                      kResult,
                                      step(Kind::kLegAnswered, 2, "c"),
                                      step(Kind::kResult, 2),
                                      kHangup};
  for (std::size_t i = 1; i < call.size(); ++i) {
    EXPECT_LT(place_of(call[i - 1]), place_of(call[i])) << i;
  }
}

}  // namespace
}  // namespace plivo_dial
