// File: lib/webhook/vocabulary.h
//
// The statuses of calls and dials in Plivo's voice webhooks, with their odd spellings. Unknown
// words are never an error: each parser returns "unknown", and the caller keeps the text.
// Everything here is constant data and pure functions. Sources: Plivo docs voice/xml/request,
// voice/xml/dial, voice/use-cases/dial-status-reporting.
//
//   parse_dial_status("No Answer")          -> DialStatus::kNoAnswer
//   to_string(DialStatus::kNoAnswer)        -> "no-answer"
//   parse_dial_status("gone fishing")       -> DialStatus::kUnknown
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace plivo_dial {

enum class CallStatus {
  kUnknown,  // a word not in Plivo's list: keep the text
  kQueued,
  kRinging,
  kInProgress,
  kCompleted,
  kBusy,
  kFailed,
  kTimeout,
  kNoAnswer,
  kCancel,
};

enum class DialStatus { kUnknown, kCompleted, kBusy, kFailed, kTimeout, kNoAnswer, kCancel };

// Case does not matter, nor do '-', '_', '/' and white space between and around words; "canceled"
// and "cancelled" are cancel, "in- progress" (a misprint in Plivo's docs) is in-progress. A dial
// status may also be in the words of a PHLO flow's author: "Busy/Rejected" and "Rejected" are busy,
// "Unanswered" and "No Answer/Timeout" are no-answer, "Timed out" is timeout; "answered" and
// "connected" are completed, since whoever was spoken to is not to be called a second time.
CallStatus parse_call_status(std::string_view text);
DialStatus parse_dial_status(std::string_view text);

// Plivo's spelling ("no-answer"); "" for kUnknown.
std::string_view to_string(CallStatus status);
std::string_view to_string(DialStatus status);

// Whether a call with this status is over, so that no document can reach it any more.
bool is_terminal(CallStatus status);

}  // namespace plivo_dial
