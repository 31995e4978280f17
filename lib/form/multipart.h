// File: lib/form/multipart.h
//
// multipart/form-data, one of the formats of a PHLO flow's requests. Use it through event_body.h.
// Sources: RFC 7578; RFC 2046 section 5.1.1; names as browsers escape them: WHATWG HTML, "multipart
// form data".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "lib/form/event_body_error.h"
#include "lib/form/form.h"

namespace plivo_dial {

// Whether `boundary` is 1 to 70 characters of RFC 2046's set and does not end with a space.
bool is_multipart_boundary(std::string_view boundary);

// Adds the named parts of `body` to `pairs`; returns why it can't, or nothing. Lines end with CRLF.
// What is before the first boundary and behind the last one is ignored; a body whose last boundary
// is missing is malformed. `boundary` must satisfy is_multipart_boundary.
std::optional<EventBodyError> read_multipart(std::string_view body, std::string_view boundary,
                                             FormBuilder& pairs);

// Bounds of the header fields of one part.
inline constexpr std::size_t kMaxPartHeaderBytes = 8192;
inline constexpr std::size_t kMaxPartHeaders = 16;

}  // namespace plivo_dial
