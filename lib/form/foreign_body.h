// File: lib/form/foreign_body.h
//
// Bodies of another format under the Content-Type of a form, as `curl -d '{...}'` sends them: as a
// form they would be one parameter whose name is the whole text.
// Source: RFC 8259, RFC 2046, and the defaults of curl(1).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/form/form.h"

namespace plivo_dial {

// Whether `text` begins as a JSON object, array or string does, or as one that somebody wrote with
// single quotes, which no reader of JSON takes. "{{Start.uuid}}=1" does not.
bool begins_as_json(std::string_view text);

// The JSON text that a body under the type of a form is, percent-decoded where it was encoded;
// nullopt when it is none.
std::optional<std::string> json_in_form(std::string_view body);

// The format that the name of a pair betrays: "JSON", "XML" or "multipart/form-data"; "" when all
// names are names.
std::string_view foreign_format(const Form& form);

}  // namespace plivo_dial
