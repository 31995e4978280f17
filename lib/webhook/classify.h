// File: lib/webhook/classify.h
//
// What a request is about, told from its pairs first and from its URL only where they say nothing:
// an account's hangup URL defaults to its answer URL, sites point everything at one URL, and people
// enter one URL in the place of another. read_webhook uses it; others take the Webhook.
// Sources: Plivo docs voice/xml/request, voice/xml/dial, voice/xml/record, voice/xml/input,
// voice/xml/conference, voice/xml/multiparty-call, voice/api/call, voice/api/recording,
// voice/concepts/audio-streaming; Event=Redirect from observed requests.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/webhook/endpoint.h"
#include "lib/webhook/request_parameters.h"

namespace plivo_dial {

struct Classification {
  Endpoint endpoint = Endpoint::kAnswer;  // decides about the form of the reply
  EventKind kind = EventKind::kOther;
  // Whether the request reports something that is known here. Always true at `event`, where a flow
  // reports whatever its author likes.
  bool known = true;
};

// By the first of these that fits, whatever the URL is, `event` excepted:
//   Event=Hangup                        hangup; at action with a DialStatus it is an action
//   DialAction, Event=DialAnswer, ...   callback
//   DialStatus, DialHangupCause, ...    action, dial.result
//   Event=Ring                          ring
//   transcription, or its charge        recording, recording.transcription
//   RecordUrl, RecordingID, ...         recording, recording; their lower-case names too
//   Digits, Speech, InputType           other, at the URL's endpoint; at confirm and music
//                                       dial.confirm and dial.music
//   no Event, but HangupCauseCode, ...  hangup
//   ConferenceAction, MPCUUID, ...      other, at the URL's endpoint
//   Event=StartApp                      answer, call.answer; at fallback, confirm and music
//                                       their own
//   Event=Redirect, Event=Transfer      answer, call.redirect; at action, fallback, confirm,
//                                       music and recording, which documents are fetched from,
//                                       their own
//   any other Event                     other, at the URL's endpoint
//   no Event                            what the URL is for
// Parameters count where they have a value; empty ones, where neither those nor an Event that is
// known say what it is, since a call may come with a field that only others fill.
// Words of Event are compared without regard to case. At `event` nothing of this holds: a request
// with DialStatus is dial.result, any other `other`. Pure; never fails.
Classification classify(Endpoint by_path, const RequestParameters& parameters);

}  // namespace plivo_dial
