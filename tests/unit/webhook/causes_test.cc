// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "lib/webhook/hangup_causes.h"
#include "lib/webhook/textual_causes.h"
#include "lib/webhook/vocabulary.h"

namespace plivo_dial {
namespace {

using ::testing::HasSubstr;

TEST(HangupCauses, AreWholeSortedAndUnique) {
  std::vector<int> codes;
  for (const HangupCause& cause : hangup_causes()) codes.push_back(cause.code);
  EXPECT_EQ(codes, (std::vector<int>{0,    1000, 1010, 1020, 2000, 2010, 2020, 2030, 2040, 2050,
                                     2060, 2070, 3000, 3010, 3020, 3030, 3040, 3050, 3070, 3080,
                                     3090, 3100, 3110, 3120, 3130, 3140, 4000, 4010, 4020, 4030,
                                     4210, 4240, 4250, 5000, 5010, 5020, 5030, 6000, 6010, 6020,
                                     6030, 7011, 7012, 7013, 7014, 7022, 7023, 7024, 7032, 7033,
                                     7034, 8011, 8012, 8013, 8014, 9000, 9100, 9110}));
}

TEST(HangupCauses, EachSaysWhatItMeansAndWhatToDo) {
  std::set<std::string_view> names;
  for (const HangupCause& cause : hangup_causes()) {
    SCOPED_TRACE(cause.code);
    EXPECT_TRUE(names.insert(cause.name).second) << cause.name;
    EXPECT_TRUE(cause.meaning.ends_with('.')) << cause.meaning;
    const bool operator_acts = cause.side == CauseSide::kOperator;
    EXPECT_TRUE(!operator_acts || !cause.remedy.empty());
    EXPECT_TRUE(cause.remedy.empty() || cause.remedy.ends_with('.')) << cause.remedy;
  }
}

TEST(HangupCauses, SideTellsWhoActs) {
  constexpr struct {
    int code;
    const char* name;
    CauseSide side;
  } kRows[] = {
      {1010, "Canceled (Out Of Credits)", CauseSide::kOperator},
      {2020, "Endpoint Not Registered", CauseSide::kOperator},
      {3010, "Busy Line", CauseSide::kCallee},
      {3030, "Unknown Caller ID", CauseSide::kOperator},
      {3090, "Network congestion from carrier", CauseSide::kCarrier},
      {4000, "Normal Hangup", CauseSide::kNormal},
      {4010, "End Of XML Instructions", CauseSide::kNormal},
      {5010, "Internal Error", CauseSide::kPlivo},
      {6010, "Ring Timeout Reached", CauseSide::kCallee},
      {7011, "Error Reaching Answer URL", CauseSide::kOperator},
      {8012, "Invalid Action XML", CauseSide::kOperator},
      {9000, "Lost Race", CauseSide::kNormal},
      {9110, "Confirm Key Challenge Failed", CauseSide::kCallee},
  };
  for (const auto& row : kRows) {
    const HangupCause* cause = find_hangup_cause(row.code);
    ASSERT_NE(cause, nullptr) << row.code;
    EXPECT_EQ(cause->code, row.code);
    EXPECT_EQ(cause->name, row.name);
    EXPECT_EQ(to_string(cause->side), to_string(row.side)) << row.code;
  }
  EXPECT_THAT(std::string(find_hangup_cause(1010)->remedy), HasSubstr("Recharge"));
}

// Where people act on the words, they must lead to the right place.
TEST(HangupCauses, ExplainWhatPlivoDocuments) {
  constexpr struct {
    int code;
    const char* meaning;
    const char* remedy;
  } kRows[] = {
      {1020, "same destination", "second target"},
      {2030, "country", "US and India"},
      {2040, "costs more than usual", "Geo Permissions"},
      {2070, "India", "server in India"},
      {3000, "not available", "reachable"},
      {3110, "can't or won't", ""},
      {4210, "SIP address", "login"},
      {5030, "at once", "raise the limit"},
      {6010, "whole time", "120 seconds"},
      {7011, "status other than 2xx", "firewall"},
      {8011, "answered 200", "another application"},
  };
  for (const auto& row : kRows) {
    const HangupCause* cause = find_hangup_cause(row.code);
    ASSERT_NE(cause, nullptr) << row.code;
    EXPECT_THAT(std::string(cause->meaning), HasSubstr(row.meaning));
    EXPECT_THAT(std::string(cause->remedy), HasSubstr(row.remedy));
  }
}

TEST(TextualCauses, HaveTheRemedyOfTheNumberThatSaysTheSame) {
  for (const TextualCause& cause : textual_causes()) {
    if (cause.code != -1) {
      EXPECT_NE(find_hangup_cause(cause.code), nullptr) << cause.name;
    }
  }
  EXPECT_EQ(remedy_of(*find_textual_cause("sip_auth_failed")), find_hangup_cause(4240)->remedy);
  EXPECT_EQ(remedy_of(*find_textual_cause("NORMAL_CLEARING")), "");
}

TEST(FindHangupCause, KnowsNoOtherCode) {
  for (const int code : {-1, 1, 999, 3060, 4001, 9111, 1 << 30}) {
    EXPECT_EQ(find_hangup_cause(code), nullptr) << code;
  }
}

TEST(TextualCauses, AreUniqueAndHaveMeanings) {
  std::set<std::string_view> names;
  for (const TextualCause& cause : textual_causes()) {
    EXPECT_TRUE(names.insert(cause.name).second) << cause.name;
    EXPECT_TRUE(cause.meaning.ends_with('.')) << cause.name;
    EXPECT_EQ(find_textual_cause(cause.name), &cause);
  }
}

TEST(FindTextualCause, KnowsWordsOfPlivosRequestsInAnyCase) {
  for (const std::string_view name : {"NORMAL_CLEARING",
                                      "USER_BUSY",
                                      "NO_ANSWER",
                                      "CALL_REJECTED",
                                      "UNALLOCATED_NUMBER",
                                      "NETWORK_OUT_OF_ORDER",
                                      "ORIGINATOR_CANCEL",
                                      "NO_USER_RESPONSE",
                                      "ALLOTTED_TIMEOUT",
                                      "SUBSCRIBER_ABSENT",
                                      "LOSE_RACE",
                                      "RECOVERY_ON_TIMER_EXPIRE",
                                      "sip_auth_failed",
                                      "sip_auth_timeout",
                                      "destination_country_barred",
                                      "unknown_caller_id",
                                      "insufficient_credits",
                                      "scheduled_hangup",
                                      "media_timeout",
                                      "xml_end",
                                      "User_Busy"}) {
    EXPECT_NE(find_textual_cause(name), nullptr) << name;
  }
  for (const std::string_view name : {"", "USER", "USER_BUSYX", "ZZZ", "user-busy"}) {
    EXPECT_EQ(find_textual_cause(name), nullptr) << name;
  }
}

TEST(CauseSide, HasAWordForEach) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(CauseSide::kOperator); ++i) {
    words.insert(to_string(static_cast<CauseSide>(i)));
  }
  EXPECT_EQ(words, (std::set<std::string_view>{"normal", "caller", "callee", "carrier", "plivo",
                                               "operator"}));
}

}  // namespace
}  // namespace plivo_dial
