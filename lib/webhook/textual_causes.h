// File: lib/webhook/textual_causes.h
//
// The words in which Plivo says why a leg ended (HangupCause, DialHangupCause,
// DialBLegHangupCause). Constant data. Sources: Plivo docs voice/xml/dial,
// voice/use-cases/dial-status-reporting; observed requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "lib/webhook/hangup_causes.h"

namespace plivo_dial {

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
