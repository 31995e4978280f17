// File: mod_plivo_dial/ctl/terminal.h
//
// What the terminal behind standard output can show: colours and how many characters to a line. The
// text is the same with and without colours.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plivo_dial::ctl {

enum class Colour { kNone, kRed, kYellow, kGreen, kCyan };

// Whether standard output is a terminal that shows colours, and NO_COLOR is not set to anything
// (https://no-color.org).
bool wants_colour();

// `text` in `colour`.
std::string painted(Colour colour, std::string_view text);

// The characters that a line of help may have: those of COLUMNS where it is a number, else those of
// the terminal behind standard output, else 80; 40 at the least.
std::size_t terminal_width();

}  // namespace plivo_dial::ctl
