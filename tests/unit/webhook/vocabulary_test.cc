// SPDX-License-Identifier: Apache-2.0
#include "lib/webhook/vocabulary.h"

#include <gtest/gtest.h>

#include <string>

namespace plivo_dial {
namespace {

struct CallRow {
  const char* text;
  CallStatus status;
};

TEST(ParseCallStatus, AcceptsOddSpellings) {
  constexpr CallRow kRows[] = {
      {"queued", CallStatus::kQueued},
      {"ringing", CallStatus::kRinging},
      {"in-progress", CallStatus::kInProgress},
      {"in- progress", CallStatus::kInProgress},
      {"In Progress", CallStatus::kInProgress},
      {"IN_PROGRESS", CallStatus::kInProgress},
      {"inprogress", CallStatus::kInProgress},
      {" in-progress ", CallStatus::kInProgress},
      {"completed", CallStatus::kCompleted},
      {"busy", CallStatus::kBusy},
      {"failed", CallStatus::kFailed},
      {"timeout", CallStatus::kTimeout},
      {"no-answer", CallStatus::kNoAnswer},
      {"NO_ANSWER", CallStatus::kNoAnswer},
      {"No Answer", CallStatus::kNoAnswer},
      {"noanswer", CallStatus::kNoAnswer},
      {"cancel", CallStatus::kCancel},
      {"canceled", CallStatus::kCancel},
      {"Cancelled", CallStatus::kCancel},
      {"", CallStatus::kUnknown},
      {"---", CallStatus::kUnknown},
      {"answered", CallStatus::kUnknown},
      {"completedx", CallStatus::kUnknown},
      {"no-answer-at-all-today", CallStatus::kUnknown},
      {"b-u-s-y", CallStatus::kUnknown},
      {"{{status}}", CallStatus::kUnknown},
  };
  for (const CallRow& row : kRows) EXPECT_EQ(parse_call_status(row.text), row.status) << row.text;
}

TEST(ParseDialStatus, AcceptsOddSpellings) {
  constexpr struct {
    const char* text;
    DialStatus status;
  } kRows[] = {
      {"completed", DialStatus::kCompleted},
      {"Completed", DialStatus::kCompleted},
      {"COMPLETE", DialStatus::kCompleted},
      {" Completed\r\n", DialStatus::kCompleted},
      {"busy", DialStatus::kBusy},
      {"Busy/Rejected", DialStatus::kBusy},
      {"Busy / Rejected", DialStatus::kBusy},
      {"busy_rejected", DialStatus::kBusy},
      {"No Answer/Timeout", DialStatus::kNoAnswer},
      {"no_answer / timeout", DialStatus::kNoAnswer},
      {"No Answer/Timeouts", DialStatus::kUnknown},
      {"Busy-Rejected", DialStatus::kBusy},
      {"Rejected", DialStatus::kBusy},
      {"Failed", DialStatus::kFailed},
      {"failure", DialStatus::kFailed},
      {"timeout", DialStatus::kTimeout},
      {"Time-out", DialStatus::kTimeout},
      {"Timed out", DialStatus::kTimeout},
      {"no-answer", DialStatus::kNoAnswer},
      {"No Answer", DialStatus::kNoAnswer},
      {"no_answer", DialStatus::kNoAnswer},
      {"NoAnswer", DialStatus::kNoAnswer},
      {"No\tAnswer", DialStatus::kNoAnswer},
      {"Not answered", DialStatus::kNoAnswer},
      {"Unanswered", DialStatus::kNoAnswer},
      {"cancel", DialStatus::kCancel},
      {"Canceled", DialStatus::kCancel},
      {"CANCELLED", DialStatus::kCancel},
      {"in-progress", DialStatus::kUnknown},
      {"answered", DialStatus::kCompleted},
      {"Connected", DialStatus::kCompleted},
      {"invalid", DialStatus::kUnknown},
      {"busy/", DialStatus::kBusy},
      {"busy,rejected", DialStatus::kUnknown},
      {"busy/rejected/x", DialStatus::kUnknown},
      {"not completed", DialStatus::kUnknown},
      {"{{Forward.status}}", DialStatus::kUnknown},
      {"/", DialStatus::kUnknown},
      {"", DialStatus::kUnknown},
  };
  for (const auto& row : kRows) EXPECT_EQ(parse_dial_status(row.text), row.status) << row.text;
}

TEST(Statuses, SpellAsPlivoDoesAndParseBack) {
  std::string spelt;
  for (int i = 0; i <= static_cast<int>(CallStatus::kCancel); ++i) {
    const auto status = static_cast<CallStatus>(i);
    EXPECT_EQ(parse_call_status(to_string(status)), status);
    spelt += std::string(to_string(status)) + " ";
  }
  EXPECT_EQ(spelt, " queued ringing in-progress completed busy failed timeout no-answer cancel ");
  spelt.clear();
  for (int i = 0; i <= static_cast<int>(DialStatus::kCancel); ++i) {
    const auto status = static_cast<DialStatus>(i);
    EXPECT_EQ(parse_dial_status(to_string(status)), status);
    spelt += std::string(to_string(status)) + " ";
  }
  EXPECT_EQ(spelt, " completed busy failed timeout no-answer cancel ");
}

TEST(IsTerminal, HoldsForEndedCallsOnly) {
  for (const CallStatus status :
       {CallStatus::kUnknown, CallStatus::kQueued, CallStatus::kRinging, CallStatus::kInProgress}) {
    EXPECT_FALSE(is_terminal(status)) << to_string(status);
  }
  for (const CallStatus status :
       {CallStatus::kCompleted, CallStatus::kBusy, CallStatus::kFailed, CallStatus::kTimeout,
        CallStatus::kNoAnswer, CallStatus::kCancel}) {
    EXPECT_TRUE(is_terminal(status)) << to_string(status);
  }
}

}  // namespace
}  // namespace plivo_dial
