// File: mod_plivo_dial/ctl/call/outcome.h
//
// How a dialled number or SIP user behaves in a played call, and what Plivo reports about it.
// Use it to read --outcome and to fill in the words and codes of a leg that ended.
// Sources: Plivo docs voice/xml/dial and voice/troubleshooting/hangup-causes; the pairs of textual
// cause and code are those seen together in requests, or plausible ones where none was seen.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

enum class Outcome {
  kCompleted,
  kBusy,
  kNoAnswer,
  kFailed,
  kTimeout,
  kCancel,        // the caller gives up while it rings
  kNotConfirmed,  // answers, but does not press the confirm key
  kSipAuthFailed,
  kSipAuthTimeout,
};

// The words with which Plivo reports the end of a leg. Views of constant data.
struct LegEnd {
  std::string_view dial_status;
  std::string_view cause;   // DialBLegHangupCause, DialHangupCause
  int code = 0;             // DialBLegHangupCauseCode
  std::string_view source;  // DialBLegHangupSource
};

struct OutcomeRule {
  Outcome outcome;
  std::string_view word;     // as written after --outcome TARGET=
  LegEnd end;                // when the outcome itself ends the leg
  bool rings;                // DialRingStatus
  int seconds;               // until it shows, unless given; -1: the ringing time of the call
  std::string_view meaning;  // for the timeline
};

std::span<const OutcomeRule> outcome_rules();
const OutcomeRule& outcome_rule(Outcome outcome);

// Ends that do not come from the callee.
inline constexpr LegEnd kRingTimeout = {"no-answer", "NO_ANSWER", 6010, "Plivo"};
inline constexpr LegEnd kLostRace = {"completed", "LOSE_RACE", 9000, "Plivo"};
inline constexpr LegEnd kTimeLimit = {"completed", "ALLOTTED_TIMEOUT", 6000, "Plivo"};
inline constexpr LegEnd kCallerGone = {"cancel", "ORIGINATOR_CANCEL", 1000, "Caller"};

// One --outcome: `target` is a number, a sip: URI or "*" for all others; `seconds`, where given,
// is the time after which the outcome shows.
struct TargetOutcome {
  std::string target;
  Outcome outcome = Outcome::kCompleted;
  std::optional<int> seconds;
};

// Reads TARGET=OUTCOME[:SECONDS]. The error names the text, and proposes or lists what it may be.
Result<TargetOutcome> parse_target_outcome(std::string_view text);

// Whether two targets are the same number or SIP user; a leading '+' does not matter.
bool same_target(std::string_view one, std::string_view other);

// The entry for `target` (a leading '+' does not matter), else the entry "*", else completed.
TargetOutcome find_outcome(std::span<const TargetOutcome> outcomes, std::string_view target);

// Plivo's name of a hangup cause code, from its table; for the two codes of SIP logins, which the
// table lacks, our words.
std::string_view cause_name(int code);

// One sentence about a hangup cause code, or "".
std::string_view cause_meaning(int code);

}  // namespace plivo_dial::ctl
