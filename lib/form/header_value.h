// File: lib/form/header_value.h
//
// A header field's value of the shape `word; name=value; name="value"`, such as Content-Type and
// Content-Disposition. Use it for the header fields of a request and of a multipart body's parts.
// Sources: RFC 9110 section 5.6.6, RFC 2045 section 5.1.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial {

struct HeaderParameter {
  std::string_view name;
  std::string value;  // unquoted
};

// The views point into the text that was parsed.
struct HeaderValue {
  std::string_view word;  // "multipart/form-data"
  std::vector<HeaderParameter> parameters;
};

// The parts of `text`, or nullopt when it has another shape or a control character. White space
// around '=' and ';' and empty parameters are let pass. In quotes, a backslash takes its meaning
// from a '"' or a backslash only: browsers write the backslash of a name as it is.
std::optional<HeaderValue> parse_header_value(std::string_view text);

// Without the spaces and tabs at both ends.
std::string_view trim_header(std::string_view text);

// Compares without regard to the case of ASCII letters, as names and words of header fields are.
bool same_header_word(std::string_view a, std::string_view b);

// Whether `text` is a token: the name of a header field or of a parameter.
bool is_header_token(std::string_view text);

}  // namespace plivo_dial
