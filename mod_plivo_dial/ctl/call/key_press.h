// File: mod_plivo_dial/ctl/call/key_press.h
//
// Keys that somebody presses while two people talk, as --press has them. Plivo tells callbackUrl of
// those that an attribute of the Dial waits for.
// Source: Plivo docs voice/xml/routing (digitsMatch, digitsMatchBLeg).
//
//   parse_key_press("callee=#")   -> {Talker::kCallee, "#"}
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial::ctl {

enum class Talker { kCaller, kCallee };
std::string_view to_string(Talker talker);  // "caller"

// The attribute of <Dial> with what is waited for, and the value of DialDigitsPressedBy.
std::string_view digits_attribute(Talker talker);
std::string_view pressed_by_word(Talker talker);

struct KeyPress {
  Talker talker = Talker::kCaller;
  std::string digits;  // some of 0-9 * #

  friend bool operator==(const KeyPress&, const KeyPress&) = default;
};

// Reads caller=DIGITS or callee=DIGITS. The error names the text and how to write it.
Result<KeyPress> parse_key_press(std::string_view text);

// Whether `dial` waits for just these digits of theirs.
bool is_awaited(const Element& dial, const KeyPress& press);

}  // namespace plivo_dial::ctl
