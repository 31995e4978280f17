// File: mod_plivo_dial/ctl/call/speech.h
//
// How long prompts last in virtual time, estimated: nothing is spoken or downloaded.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/document/element.h"

namespace plivo_dial::ctl {

// Milliseconds that Speak (150 words a minute), Play (5 s assumed, its file is not fetched), Wait
// or DTMF takes, all repetitions counted; nothing for other elements. An endless loop counts once,
// see loops_forever().
std::optional<std::int64_t> prompt_milliseconds(const Element& element);

// Whether loop="0" makes the element last until the call ends.
bool loops_forever(const Element& element);

// 37200 as "37.2 s", 30000 as "30 s".
std::string seconds_text(std::int64_t milliseconds);

}  // namespace plivo_dial::ctl
