// File: mod_plivo_dial/ctl/printable.h
//
// Text from a server made safe for a terminal.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial::ctl {

// `text` with control characters (C0, DEL, C1) and the characters that turn the direction of
// writing shown as \n, \t, \x1b, \u202e, and broken UTF-8 as U+FFFD. One line, valid UTF-8.
std::string printable(std::string_view text);

}  // namespace plivo_dial::ctl
