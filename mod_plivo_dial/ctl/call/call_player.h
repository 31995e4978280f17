// File: mod_plivo_dial/ctl/call/call_player.h
//
// Plays Plivo for one call: requests the answer URL, executes the documents, sends every report
// that Plivo would send, in its order, and writes down what happened.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/ctl/call/call_record.h"
#include "mod_plivo_dial/ctl/call/call_script.h"
#include "mod_plivo_dial/ctl/http/http_client.h"

namespace plivo_dial::ctl {

// Plays `script`, whose URLs are absolute and whose call_uuid, start and new_uuid are set, through
// `http`. Time is virtual: nothing sleeps, and the same replies give the same record.
CallRecord play_call(const CallScript& script, HttpClient& http);

}  // namespace plivo_dial::ctl
