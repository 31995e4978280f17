// File: mod_plivo_dial/ctl/call/dial_player.h
//
// One Dial element played in virtual time: its targets ring together, while dialMusic is asked for;
// the first to answer (and to press the confirm key, where one is asked for) is connected, each leg
// reports to callbackUrl.
// Source: Plivo docs voice/xml/dial and voice/xml/routing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "mod_plivo_dial/ctl/call/call_session.h"
#include "mod_plivo_dial/ctl/call/request_forms.h"

namespace plivo_dial::ctl {

// Plays `dial`, which has at least one Number or User, to its end. Returns what the action request
// reports; the action itself is the caller's business. Calls `on_answer` each time that somebody
// answers, behind the report of it. When the play was stopped or the scheduled hangup came,
// session.ended() is true afterwards.
DialResult play_dial(CallSession& session, const Element& dial,
                     const std::function<void()>& on_answer);

}  // namespace plivo_dial::ctl
