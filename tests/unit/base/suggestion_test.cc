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
  constexpr std::array<std::string_view, 1> kWait = {"wait"};
  EXPECT_EQ(nearest_word("wit", kWait), "wait");
  EXPECT_EQ(nearest_word("wt", kWait), std::nullopt) << "two edits in a word of two letters";
}

TEST(NearestWord, ProposesTheFirstOfThoseThatAreEquallyNear) {
  constexpr std::array<std::string_view, 2> kModes = {"mode1", "mode2"};
  EXPECT_EQ(nearest_word("mode", kModes), "mode1");
  EXPECT_EQ(nearest_word("mode2", kModes), "mode2");
}

TEST(NearestWord, LooksAtNothingBesideTheWord) {
  constexpr std::array<std::string_view, 1> kXby = {"xby"};
  EXPECT_EQ(nearest_word(std::string_view("yb").substr(1), kXby), std::nullopt);
}

TEST(ProposalOrList, ListsAllWhereNoneIsNear) {
  EXPECT_EQ(proposal_or_list("timout", kWords), "; did you mean timeout?");
  EXPECT_EQ(proposal_or_list("x", kWords), "; there are: timeout, timeLimit, callerId, action");
}

TEST(Alternatives, AreASentence) {
  EXPECT_EQ(alternatives(kWords), "timeout, timeLimit, callerId or action");
  EXPECT_EQ(alternatives(std::span(kWords).first(1)), "timeout");
  EXPECT_EQ(alternatives({}), "");
}

}  // namespace
}  // namespace plivo_dial
