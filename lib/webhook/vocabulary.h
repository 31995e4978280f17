// File: lib/webhook/vocabulary.h
//
// The words of Plivo's voice webhooks: call and dial statuses with their odd spellings, and both
// vocabularies of hangup causes. Unknown words are never an error: each parser returns "unknown"
// or nothing, and the caller keeps the text. Everything here is constant data and pure functions.
// Sources: Plivo docs voice/troubleshooting/hangup-causes, voice/xml/request, voice/xml/dial,
// voice/use-cases/dial-status-reporting; textual causes also from observed requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
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

// Whose side ended the call, or has to act.
enum class CauseSide {
  kNormal,  // nobody's fault: an ordinary end
  kCaller,
  kCallee,
  kCarrier,
  kPlivo,
  kOperator,  // the person who runs this server or the Plivo account must act
};
std::string_view to_string(CauseSide side);

// One row of Plivo's table of numeric causes (HangupCauseCode).
struct HangupCause {
  int code;
  std::string_view name;  // HangupCauseName, Plivo's spelling
  CauseSide side;
  std::string_view meaning;  // one sentence, our words
  std::string_view remedy;   // what the operator does; "" when there is nothing to do
};

// All rows by ascending code.
std::span<const HangupCause> hangup_causes();

// The row of `code`, or null. The pointer is to constant data.
const HangupCause* find_hangup_cause(int code);

// One textual cause (HangupCause, DialHangupCause, DialBLegHangupCause), such as USER_BUSY.
struct TextualCause {
  std::string_view name;
  CauseSide side;
  std::string_view meaning;
  int code = -1;  // the numeric cause that says the same; -1 for none
};
std::span<const TextualCause> textual_causes();

// What the operator does about it: the remedy of the numeric cause that says the same; "" for none.
std::string_view remedy_of(const TextualCause& cause);

// Compares without regard to case, since Plivo prints both. Null when the word is not known.
const TextualCause* find_textual_cause(std::string_view name);

}  // namespace plivo_dial
