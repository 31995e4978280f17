// File: lib/base/odd_characters.h
//
// Characters that come along when a number or a URL is pasted from a chat, a contact list or a web
// page, and that nobody sees: the remedy must name them. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial {

// "U+201C" of the first character of `text`, which is not empty: logs of httpd escape what is not
// ASCII.
std::string code_point_of(std::string_view text);

// "holds the invisible character U+202A (left-to-right embedding)", for the first in `text`; ""
// when all can be seen.
std::string invisible_character_in(std::string_view text);

// `text` without its invisible characters; no-break spaces become blanks, and the dashes of
// typesetters hyphens.
std::string without_odd_characters(std::string_view text);

}  // namespace plivo_dial
