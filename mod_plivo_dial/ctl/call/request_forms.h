// File: mod_plivo_dial/ctl/call/request_forms.h
//
// The parameters of every kind of request that Plivo sends about a call.
// Pure functions. Source: Plivo docs voice/xml/request, voice/xml/dial, voice/api/call, and the
// order and spelling of captured requests: names sorted by byte, '+' for space, numbers without
// '+' except DialBLegFrom.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "mod_plivo_dial/ctl/call/call_record.h"
#include "mod_plivo_dial/ctl/call/call_script.h"
#include "mod_plivo_dial/ctl/http/form_request.h"

namespace plivo_dial::ctl {

// The parameters common to all requests about the A leg; `event` "" leaves Event out, as for
// requests whose value is not known.
FormPairs call_parameters(const CallScript& script, std::string_view call_status,
                          std::string_view event);

FormPairs ring_parameters(const CallScript& script);

// What an action request of Dial says beyond the common parameters.
struct DialResult {
  std::string status;
  std::string cause;
  bool rang = false;
  std::string b_leg_uuid;  // "" when nobody answered: sent empty
};
FormPairs dial_parameters(const CallScript& script, const DialResult& result);

// What every request says once the A leg is gone.
FormPairs ended_call_parameters(const CallScript& script, const CallRecord& record);

enum class DialAction { kAnswer, kConnected, kDigits, kHangup };
FormPairs dial_callback_parameters(const CallScript& script, const LegRecord& leg,
                                   DialAction action);
FormPairs digits_match_parameters(const CallScript& script, const LegRecord& leg,
                                  std::string_view digits, std::string_view pressed_by);

FormPairs hangup_parameters(const CallScript& script, const CallRecord& record);

struct Recording {
  std::string id;
  std::string extension = "mp3";
  std::int64_t started = 0;  // virtual milliseconds
  std::int64_t length = -1;  // milliseconds; -1 while it still runs
};
FormPairs recording_parameters(const CallScript& script, const Recording& recording);

// What Plivo sends to transcriptionUrl, in lower case and without CallUUID.
FormPairs transcription_parameters(const CallScript& script, const Recording& recording);

}  // namespace plivo_dial::ctl
