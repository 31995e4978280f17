// File: lib/plan/attribute_argument.h
//
// The key=value arguments that plan directives share. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/base/result.h"
#include "lib/document/element.h"

namespace plivo_dial {

// An argument of the form name=value; views into the argument.
struct AttributeArgument {
  std::string_view name;
  std::string_view value;
};

// Splits `argument` at its first '=' when what stands before is a plain identifier (a letter, then
// letters, digits and '_'), as in "timeout=20"; nothing for all else, such as a SIP address with
// parameters.
std::optional<AttributeArgument> split_attribute(std::string_view argument);

// Checks how arguments are written, whatever they say: no blanks around '=' ("timeout = 20"), no
// quotes inside an argument (timeout="20"), no typographic quotes around several words. The error
// shows how to write it. The first argument may hold any text.
Result<void> check_argument_forms(std::span<const std::string_view> arguments);

// Whether the value of this attribute may have places that are filled from the request
// (document/places.h).
bool takes_places(std::string_view element, std::string_view name);

// Checks `argument` as an attribute of `element` and adds it to `attributes`. Fails on what the
// vocabulary refuses, of places by sample values, and on repeats; an attribute of Dial at a target,
// or of a target at Dial, is told where it belongs.
Result<void> add_attribute(std::string_view element, const AttributeArgument& argument,
                           Attributes& attributes);

}  // namespace plivo_dial
