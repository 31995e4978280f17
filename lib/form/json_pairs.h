// File: lib/form/json_pairs.h
//
// A JSON object as pairs, one of the formats of a PHLO flow's requests. Use it through
// event_body.h.
// Source: RFC 8259.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/form/event_body_error.h"
#include "lib/form/form.h"

namespace plivo_dial {

// How deep the value of a member may be nested: {"a":[1]} is 1 deep.
inline constexpr int kMaxJsonDepth = 8;

// The most characters that a number in JSON may have.
inline constexpr std::size_t kMaxJsonNumber = 64;

// Adds the members of the object `body` to `pairs`, as event_body.h says; returns why it can't, or
// nothing. Never recurses, and stops at the first byte that breaks a rule.
std::optional<EventBodyError> read_json_pairs(std::string_view body, FormBuilder& pairs);

}  // namespace plivo_dial
