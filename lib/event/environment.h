// File: lib/event/environment.h
//
// The environment of a program that gets an event (exec sink): the few values that a shell script
// needs, so that it can do without a JSON parser.
//
//   event_environment(event)    -> {"PLIVO_EVENT=dial.result", "PLIVO_EVENT_ID=01m7w3srn8...",
//                                   ..., "PLIVO_DIAL_STATUS=busy", ..., "PLIVO_ATTEMPT=1"}
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/event/event.h"

namespace plivo_dial {

// "NAME=value" for PLIVO_EVENT, PLIVO_EVENT_ID and PLIVO_CALL, for the variables of event_fields.h
// in their order, and for PLIVO_ATTEMPT. A value is there only when it is known and consists of at
// most 128 of [A-Za-z0-9._:+@-]; else the variable is left out, since scripts are careless with
// quotes. Nothing of this process's own environment is in it. Safe from any thread.
std::vector<std::string> event_environment(const Event& event);

}  // namespace plivo_dial
