// File: mod_plivo_dial/ctl/call/call_json.h
//
// A played call as one JSON object, for programs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "mod_plivo_dial/ctl/call/call_record.h"

namespace plivo_dial::ctl {

// {"v":1,"call":{...},"steps":[...],"legs":[...],"result":{...}} in several lines, ending in a
// newline. Times are seconds of virtual time. Each step has "at" and "kind": request, element, leg,
// note, warning, refused or fault. Bytes that are not UTF-8 become U+FFFD.
std::string render_json(const CallRecord& record);

}  // namespace plivo_dial::ctl
