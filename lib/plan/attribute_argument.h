// File: lib/plan/attribute_argument.h
//
// The key=value arguments that plan directives share. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
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

// Checks `argument` as an attribute of `element` and adds it to `attributes`. Fails on what the
// vocabulary refuses and on repeats; an attribute of Dial at a target, or of a target at Dial,
// is told where it belongs.
Result<void> add_attribute(std::string_view element, const AttributeArgument& argument,
                           Attributes& attributes);

}  // namespace plivo_dial
