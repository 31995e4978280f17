// File: lib/plan/follow_up.h
//
// The lines of PlivoOn: what follows a dial that ended with a status. Pure functions.
//
//   parse_follow_up({"busy,failed", "voicemail"})->kind      -> FollowUp::Kind::kVoicemail
//   parse_follow_up({"any", "dial=+14155550111", "timeout=20"})->statuses   -> {}
//   parse_follow_up({"completed", "voicemail"})
//       -> error: ... whoever was spoken to is not sent to voicemail; ...
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/plan/plan.h"
#include "lib/webhook/vocabulary.h"

namespace plivo_dial {

// status[,status...] step [attribute=value...]. Statuses are those of <Dial>'s action, or `any`.
// Steps: hangup, next, voicemail, "say=text" and play=URL with attributes of Speak and Play,
// dial=target with attributes of <Dial>, redirect=URL, menu=name, xml=file,
// sms=number with text= and src=. The error names value
// and remedy.
Result<FollowUp> parse_follow_up(std::span<const std::string_view> arguments);

// The step alone, as PlivoKey and PlivoAnswer have it.
Result<FollowUp> parse_step(std::span<const std::string_view> arguments);

// Notes where the line stands, for itself and for what it says or dials.
void stand_at(const Position& position, FollowUp& line);

bool names(const FollowUp& line, DialStatus status);

// The line that names `status`; else, unless it is completed, the one for any; null where none
// holds.
const FollowUp* follow_up_of(const std::vector<FollowUp>& lines, DialStatus status);

// That `line` can stand behind `lines` in one section: no status twice.
Result<void> check_follow_up(const std::vector<FollowUp>& lines, const FollowUp& line);

// That the rest of the plan, which has a stage, has what `line` leads to. The error says what is
// missing.
Result<void> check_fits(const Plan& plan, const FollowUp& line);

// The line without the directive, "busy,failed voicemail", or its step alone, and without
// attributes of targets, among which may be a password.
std::string describe(const FollowUp& line);
std::string describe_step(const FollowUp& line);

}  // namespace plivo_dial
