// File: lib/document/value_check.h
//
// What single values of Plivo's XML look like: numbers, SIP addresses, digits. Used by the
// checks of attributes and of element texts; pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/document/vocabulary.h"

namespace plivo_dial {

// What is wrong with `value` as a value of `rule`, as the end of a sentence that begins with the
// value ("is not a whole number from 1 to 86400"), or nothing.
std::optional<std::string> fault_of_value(const AttributeRule& rule, std::string_view value);

// Digits with an optional '+', at most the 15 of E.164.
bool is_phone_number(std::string_view text);

// 0-9 * # w W, at least one.
bool is_digits(std::string_view text);

// Checks sip:user@host[:port][;parameters], printable ASCII without spaces, quotes and angle
// brackets. The error names the value and, where one can be told, the address that was meant.
Result<void> check_sip_address(std::string_view text);

}  // namespace plivo_dial
