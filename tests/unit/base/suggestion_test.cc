// SPDX-License-Identifier: Apache-2.0
#include "lib/base/suggestion.h"

#include <gtest/gtest.h>

#include <array>
#include <span>

namespace plivo_dial {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"timeout", "timeLimit", "callerId", "action"};

TEST(NearestWord, FindsMisspeltWord) {
  EXPECT_EQ(nearest_word("timout", kWords), "timeout");
  EXPECT_EQ(nearest_word("CallerID", kWords), "callerId");
  EXPECT_EQ(nearest_word("timelimt", kWords), "timeLimit");
}

TEST(NearestWord, CountsSwapAsOneEdit) {
  EXPECT_EQ(nearest_word("acitno", kWords), "action");
}

TEST(NearestWord, ProposesNothingForOtherWords) {
  EXPECT_EQ(nearest_word("voicemail", kWords), std::nullopt);
  EXPECT_EQ(nearest_word("", kWords), std::nullopt);
}

TEST(Alternatives, AreASentence) {
  EXPECT_EQ(alternatives(kWords), "timeout, timeLimit, callerId or action");
  EXPECT_EQ(alternatives(std::span(kWords).first(1)), "timeout");
  EXPECT_EQ(alternatives({}), "");
}

}  // namespace
}  // namespace plivo_dial
