// File: lib/document/attribute_check.h
//
// Whether attributes and texts of Plivo's elements have values that Plivo takes, by the rules of
// vocabulary.h. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial {

// Checks `name`=`value` for an element that must exist in the vocabulary. The error names
// attribute and value (but for a password), and proposes the nearest attribute, names the element
// that has it, or says the range or words allowed.
Result<void> check_attribute(std::string_view element, std::string_view name,
                             std::string_view value);

// Checks that `attributes` of one element are all there that Plivo needs, and agree with each
// other: nothing twice; confirmKey and confirmTimeout only with what they need, else Plivo ignores
// them; SIP user name and password only together; a language that a voice of Plivo's speaks.
Result<void> check_attributes_together(std::string_view element, const Attributes& attributes);

// Checks the text of an element that must be a phone number (Number), a SIP address (User), a URL
// (Play, Redirect, Stream), digits (DTMF) or a name (Conference, ...); any text of others passes.
Result<void> check_element_text(std::string_view element, std::string_view text);

}  // namespace plivo_dial
