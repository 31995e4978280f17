// File: lib/webhook/hangup_causes.h
//
// Plivo's table of numeric hangup causes (HangupCauseCode), each with its meaning and, where there
// is something to do, the remedy. Use it wherever a person is told why a call ended. Constant data.
// Source: Plivo docs voice/troubleshooting/hangup-causes.
//
//   find_hangup_cause(3010)->name       -> "Busy Line"
//   find_hangup_cause(3010)->side       -> CauseSide::kCallee
//   find_hangup_cause(1)                -> null
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace plivo_dial {

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
const HangupCause* find_hangup_cause(std::int64_t code);

}  // namespace plivo_dial
