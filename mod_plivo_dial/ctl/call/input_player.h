// File: mod_plivo_dial/ctl/call/input_player.h
//
// The elements that take something from the caller: GetDigits, GetInput and Record. What the
// caller types comes from the script; how long the caller speaks is the script's talk time.
// Source: Plivo docs voice/xml/input and voice/xml/record.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "mod_plivo_dial/ctl/call/call_session.h"
#include "mod_plivo_dial/ctl/call/request_forms.h"

namespace plivo_dial::ctl {

// The document that replaces the present one, or nothing: the next element follows.
using Replacement = std::optional<Elements>;

// Requests the `action` of an element, with `pairs`, and honours its `redirect`. Used for Dial too.
Replacement run_action(CallSession& session, const Element& element, const FormPairs& pairs);

// Plays one of the prompts Speak, Play, Wait, DTMF; an endless one lasts until the caller leaves.
void play_prompt(CallSession& session, const Element& element, int depth);

Replacement play_input(CallSession& session, const Element& element);

// A recording of the whole call, which runs on; its callbackUrl is called when the call is over.
struct RunningRecording {
  Element element;
  Recording recording;
  bool waits = false;  // until somebody who is dialled answers (startOnDialAnswer)
};

Replacement play_record(CallSession& session, const Element& element,
                        std::vector<RunningRecording>& running);
// Somebody who was dialled has answered: what waits for it starts, and says so to its action.
void start_recordings(CallSession& session, std::vector<RunningRecording>& running);
void finish_recordings(CallSession& session, std::vector<RunningRecording>& running);

}  // namespace plivo_dial::ctl
