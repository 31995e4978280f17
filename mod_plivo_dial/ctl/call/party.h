// File: mod_plivo_dial/ctl/call/party.h
//
// Who calls and who is called, as they are written on the command line. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace plivo_dial::ctl {

// A number in digits, with or without '+' and short ones too, or a SIP user. The error names the
// text and, where it can be told, what was meant.
Result<void> check_party(std::string_view text);

// The same or, for a caller who hides the number, a word such as "anonymous".
Result<void> check_caller(std::string_view text);

}  // namespace plivo_dial::ctl
